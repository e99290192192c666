"""Reads product bodies (create, edit, partial edit, listing check) into `Content`; checks types only."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.tiktok.content import (
    AttributeValue,
    Certification,
    CertificationFile,
    Content,
    Dimensions,
    ProductAttribute,
    SizeChart,
    Weight,
)
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.reading_skus import read_skus

Reader = Callable[[Fields, str], object]


def _text(body: Fields, name: str) -> str:
    return body.text(name) or ""


def _texts(body: Fields, name: str) -> tuple[str, ...]:
    return tuple(body.texts(name) or ())


def _flag(body: Fields, name: str) -> bool:
    return bool(body.flag(name))


def _uris(body: Fields, name: str) -> tuple[str, ...]:
    return tuple(one.text("uri") or "" for one in body.children(name) or ())


def _id_of(body: Fields, name: str) -> str:
    inner = body.child(name)
    return (inner.text("id") or "") if inner else ""


def _weight(body: Fields, name: str) -> Weight | None:
    found = body.child(name)
    return Weight(found.text("value") or "", found.text("unit") or "") if found else None


def _dimensions(body: Fields, name: str) -> Dimensions | None:
    found = body.child(name)
    if found is None:
        return None
    length, width, height, unit = (found.text(side) or "" for side in ("length", "width", "height", "unit"))
    return Dimensions(length, width, height, unit)


def _attributes(body: Fields, name: str) -> tuple[ProductAttribute, ...]:
    return tuple(
        ProductAttribute(
            one.text("id") or "",
            tuple(_attribute_value(value) for value in one.children("values") or ()),
        )
        for one in body.children(name) or ()
    )


def _attribute_value(value: Fields) -> AttributeValue:
    value.value("metric_standard_info")  # newer documents allow it; it is not kept
    return AttributeValue(value.text("id") or "", value.text("name") or "")


def _certifications(body: Fields, name: str) -> tuple[Certification, ...]:
    return tuple(
        Certification(
            one.text("id") or "",
            _uris(one, "images"),
            tuple(
                CertificationFile(file.text("id") or "", file.text("name") or "", file.text("format") or "")
                for file in one.children("files") or ()
            ),
            one.whole("expiration_date"),
        )
        for one in body.children(name) or ()
    )


def _size_chart(body: Fields, name: str) -> SizeChart | None:
    found = body.child(name)
    if found is None:
        return None
    image, template = found.child("image"), found.child("template")
    return SizeChart((image.text("uri") or "") if image else "", (template.text("id") or "") if template else "")


def _scheduled(body: Fields, name: str) -> int | None:
    found = body.child(name)
    if found is None:
        return None
    moment = found.whole("schedule_sale_time")
    return moment if found.flag("is_enabled_scheduled_sale") else None


def _skus(body: Fields, name: str) -> object:
    return read_skus(body.children(name) or [])


# Wire name -> (name in Content, reader). Every reader turns an absent value into "not given".
COMMON: Mapping[str, tuple[str, Reader]] = {
    "title": ("title", _text),
    "description": ("description", _text),
    "brand_id": ("brand_id", _text),
    "main_images": ("main_images", _uris),
    "skus": ("skus", _skus),
    "product_attributes": ("product_attributes", _attributes),
    "package_weight": ("package_weight", _weight),
    "package_dimensions": ("package_dimensions", _dimensions),
    "certifications": ("certifications", _certifications),
    "size_chart": ("size_chart", _size_chart),
    "video": ("video_id", _id_of),
    "is_cod_allowed": ("is_cod_allowed", _flag),
    "manufacturer_ids": ("manufacturer_ids", _texts),
    "responsible_person_ids": ("responsible_person_ids", _texts),
    "external_product_id": ("external_product_id", _text),
    "listing_platforms": ("listing_platforms", _texts),
    "scheduled_sale": ("scheduled_sale_time", _scheduled),
    "search_terms": ("search_terms", _texts),
    "key_product_features": ("key_product_features", _texts),
}
FULL: Mapping[str, tuple[str, Reader]] = {
    **COMMON,
    "category_id": ("category_id", _text),
    "delivery_option_ids": ("delivery_option_ids", _texts),
    "shipping_template_id": ("shipping_template_id", _text),
    "shipping_insurance_requirement": ("shipping_insurance_requirement", _text),
    "minimum_order_quantity": ("minimum_order_quantity", lambda body, name: body.whole(name)),
    "is_pre_owned": ("is_pre_owned", _flag),
}
CREATE: Mapping[str, tuple[str, Reader]] = {
    **FULL,
    "is_not_for_sale": ("is_not_for_sale", _flag),
    "primary_combined_product_id": ("primary_combined_product_id", _text),
}
# Known, kept as they came and not acted on.
PASSED_ON = (
    "locale",
    "auto_translate_enabled",
    "inventory_mode",
    "subscribe_info_edit",
    "purchase_order_quantity_limit",
    "selling_format",
    "product_tag_operations",
    "is_live_quick",
    "is_blind_box",
    "pod_info",
)


def read_content(body: Fields, readers: Mapping[str, tuple[str, Reader]], version: str) -> Content:
    """The whole product as sent; what is absent is "not given"."""
    values = {name: reader(body, wire) for wire, (name, reader) in readers.items()}
    return replace(Content(category_version=version), **values, passed_on=_passed_on(body))  # type: ignore[arg-type]  # one reader per field


def read_changes(body: Fields, old: Content) -> Content:
    """A partial edit: what was sent replaces the whole top-level property, the rest stays."""
    values = {name: reader(body, wire) for wire, (name, reader) in COMMON.items() if wire in body}
    return replace(old, **values, passed_on={**old.passed_on, **_passed_on(body)})  # type: ignore[arg-type]  # one reader per field


def _passed_on(body: Fields) -> dict[str, object]:
    return {name: found for name in PASSED_ON if (found := body.value(name)) is not None}
