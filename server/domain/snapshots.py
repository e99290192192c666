"""What the platform was told of a product, field by field: edits send what differs from it, and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from server.domain.drafts import Axis, PictureUse, ProductDraft, SkuDraft
from server.domain.ownership import FieldGroup
from server.domain.template_content import AttributeChoice, Certification, SizeChart
from server.domain.validators import papers
from server.domain.weights import Dimensions, plain
from server.kit.json import dumps

Fields = Mapping[str, object]

GROUPS: Mapping[str, FieldGroup] = {
    "on_sale": FieldGroup.STATUS,
    "title": FieldGroup.TITLE,
    "description": FieldGroup.DESCRIPTION,
    "main_images": FieldGroup.PICTURES,
    "category": FieldGroup.CATEGORY,
    "product_attributes": FieldGroup.ATTRIBUTES,
    "brand_id": FieldGroup.BRAND,
    "package_weight": FieldGroup.SHIPPING,
    "package_dimensions": FieldGroup.SHIPPING,
    "certifications": FieldGroup.COMPLIANCE,
    "size_chart": FieldGroup.COMPLIANCE,
    "manufacturer_ids": FieldGroup.COMPLIANCE,
    "responsible_person_ids": FieldGroup.COMPLIANCE,
}
"""Every field of a product, in the platform's words (TikTok fact sheet 3.10.1), and who is asked about it."""

SKU_GROUPS: Mapping[str, FieldGroup] = {
    "price": FieldGroup.PRICE,
    "list_price": FieldGroup.PRICE,
    "stock": FieldGroup.STOCK,
    "seller_sku": FieldGroup.VARIANTS,
    "identifier_code": FieldGroup.VARIANTS,
    "sales_attributes": FieldGroup.VARIANTS,
}
"""The same of a variant. ``stock`` maps a warehouse to its quantity."""

PICTURE_GROUPS: Mapping[PictureUse, FieldGroup] = {
    PictureUse.MAIN_IMAGE: FieldGroup.PICTURES,
    PictureUse.ATTRIBUTE_IMAGE: FieldGroup.VARIANTS,
    PictureUse.DESCRIPTION_IMAGE: FieldGroup.DESCRIPTION,
    PictureUse.CERTIFICATION_IMAGE: FieldGroup.COMPLIANCE,
    PictureUse.SIZE_CHART_IMAGE: FieldGroup.COMPLIANCE,
    PictureUse.CERTIFICATION_FILE: FieldGroup.COMPLIANCE,
}
"""The field in which a picture or a document of each use stands."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Fields that are not in it were not given. ``skus`` are named by the store's variant ids.

    ``source`` is the fingerprint of the store's side of it, so that an unchanged product is known without any call;
    empty when something is still to be sent. ``warned``: the platform cleared a value of ours, we do not know which.
    ``refused``: the review refused the newest version of a live product, so buyers see an older one than this.
    ``provenance`` tells where the values came from (``domain.provenance`` as JSON); it is no part of what was told.
    """

    fields: Fields
    skus: Mapping[str, Fields] = field(default_factory=dict)
    source: str = ""
    warned: bool = False
    refused: bool = False
    provenance: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def on_sale(self) -> bool:
        """Whether we want it to be sold."""
        return self.fields.get("on_sale") is not False

    def to_json(self) -> dict[str, Any]:
        """The form kept in ``listing.sent``."""
        return {
            "fields": dict(self.fields),
            "skus": {name: dict(sku) for name, sku in self.skus.items()},
            "source": self.source,
            "warned": self.warned,
            "refused": self.refused,
            "provenance": dict(self.provenance),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Snapshot":
        """Read back what ``to_json`` wrote."""
        warned, refused = bool(data.get("warned")), bool(data.get("refused"))
        return cls(data["fields"], data["skus"], data.get("source", ""), warned, refused, data.get("provenance") or {})


def snapshot(draft: ProductDraft) -> Snapshot:
    """The draft in a form in which equal means equal: numbers without idle zeros, attributes in one order."""
    given: dict[str, object] = {
        "on_sale": True,
        "title": draft.title,
        "description": draft.description,
        "main_images": list(draft.pictures),
        "category": {"id": draft.category.id, "version": draft.category.version.value},
        "product_attributes": sorted((_attribute(one) for one in draft.attributes), key=lambda one: str(one["id"])),
        "brand_id": draft.brand_id,
        "package_weight": _weight(draft),
        "package_dimensions": None if draft.dimensions is None else _dimensions(draft.dimensions),
        "certifications": sorted((_certification(one) for one in draft.certifications), key=lambda one: str(one["id"])),
        "size_chart": None if draft.size_chart is None else _size_chart(draft.size_chart),
        "manufacturer_ids": sorted(draft.manufacturer_ids),
        "responsible_person_ids": sorted(draft.responsible_person_ids),
    }
    skus = {sku.external_sku_id: _sku(sku, draft.warehouse_id) for sku in draft.skus}
    return Snapshot(_given(given), skus)


def fingerprint(draft: ProductDraft) -> str:
    """A draft of the store's side, its pictures still at the store's addresses, in 64 characters."""
    told = snapshot(draft)
    ordered: list[object] = [
        sorted(told.fields.items()),
        sorted((name, sorted(sku.items())) for name, sku in told.skus.items()),
    ]
    if stored := sorted(need.url for need in papers.needs_of(draft)):
        ordered.append(stored)
    return hashlib.sha256(dumps(ordered)).hexdigest()


def _given(values: Mapping[str, object]) -> dict[str, object]:
    """Without what is empty: an absent field and an empty one are told the same way."""
    return {name: value for name, value in values.items() if value is not None and value not in ([], "")}


def _sku(sku: SkuDraft, warehouse_id: str) -> dict[str, object]:
    code = sku.identifier
    return _given(
        {
            "price": _amount(sku.price),
            "list_price": None if sku.list_price is None else _amount(sku.list_price),
            "stock": {warehouse_id: sku.quantity},
            "seller_sku": sku.seller_sku,
            "identifier_code": None if code is None else {"code": code.code, "type": code.type.value},
            "sales_attributes": [_axis(axis) for axis in sku.axes],
        }
    )


def _amount(amount: Decimal) -> str:
    return plain(amount)


def _axis(axis: Axis) -> dict[str, object]:
    return _given({"name": axis.name, "value": axis.value, "picture": axis.picture})


def _attribute(one: AttributeChoice) -> dict[str, object]:
    return {"id": one.id, "values": [{"id": value.id} if value.id else {"name": value.name} for value in one.values]}


def _weight(draft: ProductDraft) -> dict[str, object] | None:
    if draft.weight is None:
        return None
    weight = draft.weight.weight
    return {"value": plain(weight.value), "unit": weight.unit.value}


def _dimensions(size: Dimensions) -> dict[str, object]:
    length, width, height = (plain(side) for side in size.sides)
    return {"length": length, "width": width, "height": height, "unit": size.unit.value}


def _certification(one: Certification) -> dict[str, object]:
    files = [file.id for file in one.files]
    return _given(
        {"id": one.id, "images": list(one.image_uris), "files": files, "expiration_date": one.expires_at or None}
    )


def _size_chart(chart: SizeChart) -> dict[str, object]:
    """The template wins."""
    return {"template": chart.template_id} if chart.template_id else {"image": chart.image_uri or ""}
