"""What stands on TikTok against what we told it: whose change is it, and is it one at all?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from server.clients.tiktok_product_answers import AttributeRead, ProductSku, ProductStatus, TikTokProduct
from server.domain.edits import WHOLE, FieldChange
from server.domain.ownership import FieldGroup
from server.domain.snapshots import GROUPS, Fields, Snapshot
from server.kit.html import text_of

Same = Callable[[object, object], bool]


@dataclass(slots=True)
class Theirs:
    """What another hand wrote, by group: fields of the product, and fields of its variants by the store's id."""

    fields: dict[FieldGroup, dict[str, object]] = field(default_factory=dict)
    skus: dict[FieldGroup, dict[str, dict[str, object]]] = field(default_factory=dict)
    compared: set[FieldGroup] = field(default_factory=set)
    """Groups whose fields were all looked at: what is not in ``groups`` of these stands as we told it."""

    @property
    def groups(self) -> set[FieldGroup]:
        """Which groups it touches."""
        return {*self.fields, *self.skus}

    def changes(self, sent: Snapshot, group: FieldGroup) -> list[FieldChange]:
        """The same as changes from what we had told."""
        before = {**sent.fields, WHOLE: sorted(sent.skus)}
        own = [FieldChange(group, name, before.get(name), to) for name, to in self.fields.get(group, {}).items()]
        return own + [
            FieldChange(group, name, sent.skus.get(sku, {}).get(name), to, sku)
            for sku, fields in self.skus.get(group, {}).items()
            for name, to in fields.items()
        ]


def names_of(product: TikTokProduct, kept: Sequence[Mapping[str, Any]], wanted: Snapshot) -> dict[str, str]:
    """The store's variant by the platform's SKU: by what we recorded, by its own mark, by its seller SKU, or alone."""
    recorded = {str(one["id"]): str(one.get("external_sku_id") or "") for one in kept}
    by_code = {str(sku["seller_sku"]): name for name, sku in wanted.skus.items() if sku.get("seller_sku")}
    found = {}
    for one in product.skus:
        marked = one.external_sku_id if one.external_sku_id in wanted.skus else ""
        name = recorded.get(one.id) or marked or by_code.get(one.seller_sku, "") or one.external_sku_id
        if not name and len(product.skus) == len(wanted.skus) == 1:
            name = next(iter(wanted.skus))
        if name:
            found[one.id] = name
    return found


def compare(
    product: TikTokProduct, told: Sequence[Snapshot], names: Mapping[str, str], *, content: bool = True
) -> Theirs:
    """What is neither of the things we told: the last that arrived, and perhaps one whose answer was lost.

    Stock is not compared: every sale changes it. Without ``content`` only prices are: the rest is being reviewed. Of a
    variant that another hand added nothing was told. What sells although we took it off was put up by another hand;
    what is off sale waits, whoever took it off.
    """
    found = Theirs(compared={FieldGroup.PRICE, FieldGroup.STATUS, *(GROUPS[name] for name in _READ if content)})
    if product.status == ProductStatus.ACTIVATE and not any(one.on_sale for one in told):
        found.fields[FieldGroup.STATUS] = {"on_sale": True}
    if content:
        found.compared.add(FieldGroup.VARIANTS)
        for name, (read, same) in _READ.items():
            theirs = read(product)
            if told[0].warned and _is_cleared(name, theirs, told):
                continue
            if not any(same(one.fields.get(name), theirs) for one in told):
                found.fields.setdefault(GROUPS[name], {})[name] = theirs
        there = {names.get(one.id, one.id) for one in product.skus}
        if not any(there == {*one.skus} for one in told):
            found.fields.setdefault(FieldGroup.VARIANTS, {})[WHOLE] = sorted(there)
    for one in product.skus:
        known = names.get(one.id)
        if known is not None:
            _compare_sku(found, known, one, [said.skus[known] for said in told if said.skus.get(known)], content)
    return found


def _is_cleared(name: str, theirs: object, told: Sequence[Snapshot]) -> bool:
    """The platform cleared values of ours (3.10.2): what is gone is no change by another hand, another value is."""
    if name == "brand_id":
        return not theirs
    if name != "product_attributes" or not isinstance(theirs, list):
        return False
    return any(_left_of(one.fields.get(name), theirs) for one in told)


def _left_of(ours: object, theirs: Sequence[Mapping[str, Any]]) -> bool:
    mine = {one["id"]: one["values"] for one in ours} if isinstance(ours, list) else {}
    return all(_are_left(one["values"], mine[one["id"]]) for one in theirs if one["id"] in mine)


def _are_left(theirs: Sequence[Mapping[str, str]], ours: Sequence[Mapping[str, str]]) -> bool:
    """No more than what we told of it."""
    words = {one.get("id") or one.get("name") for one in ours}
    return all({one.get("id"), one.get("name")} & words for one in theirs)


def _compare_sku(found: Theirs, name: str, read: ProductSku, told: Sequence[Fields], content: bool) -> None:
    price = read.price
    if price is not None and told:
        read_as = [amount for amount in (price.sale_price, price.tax_exclusive_price) if amount]
        if read_as and not any(_number(one.get("price"), amount) for one in told for amount in read_as):
            found.skus.setdefault(FieldGroup.PRICE, {}).setdefault(name, {})["price"] = read_as[0]
    if read.list_price is not None and told:
        before = read.list_price.amount
        if before and not any(_number(one.get("list_price"), before) for one in told):
            found.skus.setdefault(FieldGroup.PRICE, {}).setdefault(name, {})["list_price"] = before
    if content and told and not any((one.get("seller_sku") or "") == read.seller_sku for one in told):
        found.skus.setdefault(FieldGroup.VARIANTS, {}).setdefault(name, {})["seller_sku"] = read.seller_sku


def baseline(product: TikTokProduct, wanted: Snapshot, names: Mapping[str, str]) -> Snapshot:
    """What stands there, for a product that we never told anything for certain. Where it says what we want, our words.

    Stock is left out, so that it is sent.
    """
    fields: dict[str, object] = {"on_sale": True}
    for name, (read, same) in _READ.items():
        theirs, ours = read(product), wanted.fields.get(name)
        value = ours if same(ours, theirs) else theirs
        if value not in (None, "", []):
            fields[name] = value
    skus = {names[one.id]: _sku_of(one, wanted.skus.get(names[one.id], {})) for one in product.skus if one.id in names}
    return Snapshot(fields, skus)


def _sku_of(read: ProductSku, wanted: Fields) -> dict[str, object]:
    """A variant as read. Its axes are taken for the wanted ones when their values are."""
    price = "" if read.price is None else read.price.sale_price or read.price.tax_exclusive_price
    axes = [{"name": axis.name, "value": axis.value_name} for axis in read.sales_attributes]
    ours = wanted.get("sales_attributes") or []
    alike = isinstance(ours, list) and [(one["name"], one["value"]) for one in ours] == [
        (one["name"], one["value"]) for one in axes
    ]
    found: dict[str, object] = {
        "price": wanted.get("price") if _number(wanted.get("price"), price) else price,
        "list_price": read.list_price.amount if read.list_price else None,
        "seller_sku": read.seller_sku,
        "identifier_code": wanted.get("identifier_code"),
        "sales_attributes": ours if alike else axes,
    }
    if _number(wanted.get("list_price"), found["list_price"]):
        found["list_price"] = wanted.get("list_price")
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _equal(ours: object, theirs: object) -> bool:
    return (ours or None) == (theirs or None)


def _words(ours: object, theirs: object) -> bool:
    """The platform may write the same text in other HTML; pictures are counted."""
    mine, other = str(ours or ""), str(theirs or "")
    return mine == other or (text_of(mine) == text_of(other) and mine.count("<img") == other.count("<img"))


def _number(ours: object, theirs: object) -> bool:
    try:
        return Decimal(str(ours)) == Decimal(str(theirs))
    except InvalidOperation:
        return ours == theirs


def _measure(ours: object, theirs: object) -> bool:
    """Figures as numbers, units as words."""
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return _equal(ours, theirs)
    return ours.keys() == theirs.keys() and all(_number(ours[name], theirs[name]) for name in ours)


def _same_leaf(ours: object, theirs: object) -> bool:
    """The platform does not say of which tree the id is; a product without one is not moved."""
    return theirs is None or (isinstance(ours, Mapping) and isinstance(theirs, Mapping) and ours["id"] == theirs["id"])


def _answers(ours: object, theirs: object) -> bool:
    """Ours are all there; what was added besides is kept by every edit."""
    read = {one["id"]: one["values"] for one in theirs} if isinstance(theirs, list) else {}
    mine = ours if isinstance(ours, list) else []
    return all(one["id"] in read and _same_values(one["values"], read[one["id"]]) for one in mine)


def _same_values(ours: Sequence[Mapping[str, str]], theirs: Sequence[Mapping[str, str]]) -> bool:
    words = {value for one in theirs for value in (one.get("id"), one.get("name")) if value}
    return len(ours) == len(theirs) and all((one.get("id") or one.get("name")) in words for one in ours)


def _category(product: TikTokProduct) -> object:
    leaf = product.leaf_category_id
    return None if leaf is None else {"id": leaf, "version": ""}


def _attribute(one: AttributeRead) -> dict[str, object]:
    return {"id": one.id, "values": [{"id": value.id, "name": value.name} for value in one.values]}


def _papers(product: TikTokProduct) -> object:
    return [
        {
            "id": one.id,
            **({"images": [image.uri for image in one.images]} if one.images else {}),
            **({"files": [file.id for file in one.files]} if one.files else {}),
            **({"expiration_date": one.expiration_date} if one.expiration_date else {}),
        }
        for one in sorted(product.certifications, key=lambda one: one.id)
    ]


def _chart(product: TikTokProduct) -> object:
    chart = product.size_chart
    if chart is None:
        return None
    if chart.template is not None and chart.template.id:
        return {"template": chart.template.id}
    return {"image": chart.image.uri} if chart.image is not None and chart.image.uri else None


_READ: Mapping[str, tuple[Callable[[TikTokProduct], object], Same]] = {
    "title": (lambda product: product.title, lambda ours, theirs: str(ours or "").split() == str(theirs or "").split()),
    "description": (lambda product: product.description, _words),
    "main_images": (lambda product: [image.uri for image in product.main_images], _equal),
    "category": (_category, _same_leaf),
    "product_attributes": (lambda product: [_attribute(one) for one in product.product_attributes], _answers),
    "brand_id": (lambda product: product.brand.id if product.brand else None, _equal),
    "package_weight": (
        lambda product: product.package_weight and product.package_weight.model_dump(),
        _measure,
    ),
    "package_dimensions": (
        lambda product: product.package_dimensions and product.package_dimensions.model_dump(),
        _measure,
    ),
    "certifications": (_papers, _equal),
    "size_chart": (_chart, _equal),
    "manufacturer_ids": (lambda product: sorted(product.manufacturer_ids), _equal),
    "responsible_person_ids": (lambda product: sorted(product.responsible_person_ids), _equal),
}
"""How each field is read, and when it says the same as ours."""
