"""What each call of an edit carries (TikTok fact sheet 3.11, 3.14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from server.clients.tiktok_bodies import Inventory, Price, SkuInventory, SkuPrice
from server.clients.tiktok_product_answers import Stock
from server.domain.categories import CategoryRef
from server.domain.drafts import Axis, Offer, Offers, ProductDraft, SkuDraft
from server.domain.edits import EditPlan, FieldChange, Step
from server.domain.markets import SellerType
from server.domain.ownership import FieldGroup, Ownership
from server.domain.snapshots import GROUPS, Snapshot
from server.services.listings.creating.bodies import create_body
from server.services.listings.editing.kept_fields import Json, listed, product_body, sku_body


@dataclass(frozen=True, slots=True)
class Editing:
    """One product's edit: what is wanted, what of it goes out, and the platform's SKU of each of our variants.

    ``stocks`` are what was seen to stand in the warehouses, by the platform's SKU. Without ``content`` the product
    cannot be described as it should be: only prices and quantities go out.
    """

    offers: Offers
    seller: SellerType
    plan: EditPlan
    sku_ids: Mapping[str, str]
    stocks: Mapping[str, Sequence[Stock]] = field(default_factory=dict)
    content: ProductDraft | None = None

    @property
    def draft(self) -> ProductDraft:
        """The product itself, for calls that describe it."""
        if self.content is None:
            raise ValueError("of this product only prices and quantities can be told")
        return self.content

    @property
    def whole(self) -> Json:
        """The product as it would be created."""
        return create_body(self.draft, self.seller)

    def variants(self, step: Step) -> dict[str, Offer]:
        """The wanted form of the variants that a step speaks of, by the platform's SKU."""
        named = {change.sku for change in self.plan.of(step)}
        return {
            self.sku_ids[one.external_sku_id]: one
            for one in self.offers.variants
            if one.external_sku_id in named and one.external_sku_id in self.sku_ids
        }


def price_body(edit: Editing) -> list[SkuPrice]:
    """The changed prices; the list price goes along, since a price alone might drop it."""
    body = []
    for sku_id, offer in edit.variants(Step.PRICE).items():
        if offer.price is None:
            continue
        one = SkuPrice(id=sku_id, price=_price(offer.price, edit))
        if offer.list_price is not None:
            one["list_price"] = Price(amount=format(offer.list_price, "f"), currency=edit.offers.currency)
        body.append(one)
    return body


def stock_body(edit: Editing) -> list[SkuInventory]:
    """The changed quantities, with all warehouses of the SKU, as the call demands (TikTok fact sheet 3.14).

    Of a variant that nobody offers any more there is none.
    """
    left, ours = {one.external_sku_id: one.quantity for one in edit.offers.variants}, edit.offers.warehouse_id
    body = []
    for change in edit.plan.of(Step.STOCK):
        sku_id, quantity = edit.sku_ids.get(change.sku), left.get(change.sku, 0)
        if sku_id is not None:
            rows = _everywhere(quantity, ours, edit.stocks.get(sku_id, ()), change.before)
            body.append(SkuInventory(id=sku_id, inventory=rows))
    return body


def _everywhere(quantity: int, ours: str, there: Sequence[Stock], before: object) -> list[Inventory]:
    """Ours with what is wanted; one that we sold from before is emptied, or its stock would be offered twice."""
    left = set(before) if isinstance(before, Mapping) else set()
    own = next((one for one in there if one.warehouse_id == ours), Stock(warehouse_id=ours))
    rows = [_stock(own, quantity)]
    for one in there:
        if one.warehouse_id in left - {ours}:
            rows.append(_stock(one.model_copy(update={"backorder_quantity": None}), 0))
        elif one.warehouse_id and one.warehouse_id != ours:
            rows.append(_stock(one, one.quantity))
    return rows


def _stock(one: Stock, quantity: int) -> Inventory:
    row = Inventory(warehouse_id=one.warehouse_id, quantity=quantity)
    if one.backorder_quantity is not None:
        row["backorder_quantity"] = one.backorder_quantity
    if one.handling_time is not None:
        row["handling_time"] = one.handling_time
    return row


def partial_body(edit: Editing, read: Json, sent: Snapshot) -> dict[str, object]:
    """The changed properties, each complete: a list that is sent replaces what is there (TikTok fact sheet 3.11)."""
    whole = edit.whole
    body: dict[str, object] = {change.field: whole[change.field] for change in edit.plan.of(Step.PARTIAL)}
    if "product_attributes" in body:
        there = product_body(read).get("product_attributes")
        body["product_attributes"] = [*listed(body["product_attributes"]), *_added(there, whole, sent)]
    return body


def full_body(
    edit: Editing, read: Json, *, names: Mapping[str, str], sent: Snapshot, stands_in: CategoryRef, ownership: Ownership
) -> dict[str, object]:
    """The product as it was read, with our values in the fields that are ours.

    ``names`` are our variants by the platform's SKU; ``stands_in`` is the leaf it has now.
    """
    whole, body = edit.whole, product_body(read)
    moves = _moves(edit, stands_in, ownership)
    category = edit.draft.category if moves else stands_in
    for name, group in GROUPS.items():
        if group in (FieldGroup.STATUS, FieldGroup.CATEGORY) or not ownership.sends(group):
            continue
        theirs = body.pop(name, None)
        if name in whole:
            body[name] = whole[name]
        if name == "product_attributes" and not moves:
            body[name] = [*listed(whole.get(name)), *_added(theirs, whole, sent)]
    if moves:
        body["product_attributes"] = whole.get("product_attributes", [])
    skus = _our_skus(edit, read, names, moves, ownership) if ownership.sends(FieldGroup.VARIANTS) else None
    return {
        **body,
        "external_product_id": edit.draft.external_product_id,
        "category_id": category.id,
        "category_version": category.version,
        "skus": skus if skus is not None else _their_skus(edit, read, names, ownership),
        "save_mode": "LISTING",
    }


def _moves(edit: Editing, stands_in: CategoryRef, ownership: Ownership) -> bool:
    """Told now, or before in a version that the review refused: then it stands in its old leaf still."""
    if any(one.group is FieldGroup.CATEGORY for one in edit.plan.changes):
        return True
    return edit.plan.whole and ownership.sends(FieldGroup.CATEGORY) and edit.draft.category.id != stands_in.id


def _added(theirs: object, whole: Json, sent: Snapshot) -> list[Json]:
    """Attributes that we neither want nor ever told: the seller's or the platform's own."""
    ours = {str(one["id"]) for one in listed(whole.get("product_attributes"))}
    told = {str(one["id"]) for one in listed(sent.fields.get("product_attributes"))}
    return [one for one in listed(theirs) if str(one["id"]) not in ours | told]


def _our_skus(
    edit: Editing, read: Json, names: Mapping[str, str], moves: bool, ownership: Ownership
) -> list[dict[str, object]]:
    """Our variants; those that exist keep their SKU and what we know nothing of."""
    there = {names[str(one["id"])]: one for one in listed(read.get("skus")) if str(one["id"]) in names}
    known = {} if moves else _known_axes(read)
    renamed = {one.sku for one in edit.plan.changes if one.field == "sales_attributes"}
    body = []
    for sku, ours in zip(edit.draft.skus, listed(edit.whole["skus"]), strict=True):
        old = there.get(sku.external_sku_id)
        axes = [
            _with_ids(axis, wanted, known)
            for axis, wanted in zip(listed(ours.get("sales_attributes")), sku.axes, strict=True)
        ]
        if old is None:
            body.append({**ours, **({"sales_attributes": axes} if axes else {})})
            continue
        one = sku_body(old) | {"external_sku_id": sku.external_sku_id}
        one.pop("seller_sku", None)
        if sku.seller_sku:
            one["seller_sku"] = sku.seller_sku
        if axes and (moves or edit.plan.whole or sku.external_sku_id in renamed):
            one["sales_attributes"] = axes
        body.append(_with_price(one, sku, edit, ownership))
    return body


def _their_skus(edit: Editing, read: Json, names: Mapping[str, str], ownership: Ownership) -> list[dict[str, object]]:
    """All variants as they stand, with our prices where those are ours."""
    ours = {sku.external_sku_id: sku for sku in edit.draft.skus}
    body = []
    for old in listed(read.get("skus")):
        sku = ours.get(names.get(str(old["id"]), ""))
        one = sku_body(old)
        body.append(one if sku is None else _with_price(one, sku, edit, ownership))
    return body


def _with_price(one: dict[str, object], sku: SkuDraft, edit: Editing, ownership: Ownership) -> dict[str, object]:
    """A price is sent when it changed; a list price always: a full edit drops one that is not sent."""
    if not ownership.sends(FieldGroup.PRICE):
        return one
    one.pop("list_price", None)
    if sku.list_price is not None:
        one["list_price"] = Price(amount=format(sku.list_price, "f"), currency=edit.draft.currency)
    if any(_is_price(change, sku.external_sku_id) for change in edit.plan.changes):
        one["price"] = _price(sku.price, edit)
    return one


def _is_price(change: FieldChange, name: str) -> bool:
    return change.sku == name and change.field in ("price", "list_price")


def _price(amount: Decimal, edit: Editing) -> Price:
    """Local sellers write ``amount``, global ones ``sale_price``."""
    own = Price(currency=edit.offers.currency)
    if edit.seller is SellerType.CROSS_BORDER:
        own["sale_price"] = format(amount, "f")
    else:
        own["amount"] = format(amount, "f")
    return own


_Ids = Mapping[tuple[str, str], tuple[str, str]]


def _known_axes(read: Json) -> dict[tuple[str, str], tuple[str, str]]:
    """Ids of axes, under (name, ""), and of their values: custom ones were made by the platform (3.10.2)."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for sku in listed(read.get("skus")):
        for axis in listed(sku.get("sales_attributes")):
            name, axis_id = str(axis.get("name") or ""), str(axis.get("id") or "")
            found[name, ""] = (axis_id, "")
            found[name, str(axis.get("value_name") or "")] = (axis_id, str(axis.get("value_id") or ""))
    return found


def _with_ids(axis: Json, wanted: Axis, known: _Ids) -> dict[str, object]:
    """Ids instead of words where the platform has made some already."""
    axis_id, _ = known.get((wanted.name, ""), ("", ""))
    if not axis_id:
        return dict(axis)
    _, value_id = known.get((wanted.name, wanted.value), ("", ""))
    said: dict[str, object] = {"id": axis_id, **({"value_id": value_id} if value_id else {"value_name": wanted.value})}
    return said | ({"sku_img": axis["sku_img"]} if "sku_img" in axis else {})
