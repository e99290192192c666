"""From what is wanted, what was told and what was read to the plan of one edit; no row, no call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from server.clients.tiktok_product_answers import ProductSku, ProductStatus, WholeProduct
from server.domain.audits import status_of_product
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.drafts import ProductDraft
from server.domain.edits import EditPlan, FieldChange, Step, plan_edit, told
from server.domain.history import ChangeKind
from server.domain.listings import ListingStatus
from server.domain.offering import alone, with_offers
from server.domain.ownership import FieldGroup, Held, Owner, Ownership
from server.domain.snapshots import Snapshot, snapshot
from server.services.listings.editing.bodies import Editing, full_body, partial_body
from server.services.listings.editing.observing import Theirs, baseline, compare, names_of
from server.services.listings.editing.outcomes import Line
from server.services.listings.editing.preparing import EditReady
from server.services.listings.editing.putting_up import agreed

OFFERS = (Step.STOCK, Step.PRICE)
"""Calls that name the platform's SKUs, and need no word of the product itself."""


@dataclass(frozen=True, slots=True)
class Look:
    """A product as it was read: its newest version, and the variants of the one that buyers see."""

    newest: WholeProduct
    live: tuple[ProductSku, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One product's edit. ``sent`` is what the platform knows before it; ``lines`` tell of changes by another hand.

    ``shown`` are the variants that buyers see, where they were looked at (``is_shown``). ``at``: when it was decided.
    """

    ready: EditReady
    draft: ProductDraft | None
    wanted: Snapshot
    sent: Snapshot
    plan: EditPlan
    ownership: Ownership
    names: Mapping[str, str]
    status: ListingStatus
    at: datetime
    read: WholeProduct | None = None
    shown: tuple[ProductSku, ...] = ()
    is_shown: bool = False
    lines: tuple[Line, ...] = ()
    waits: bool = False

    @property
    def editing(self) -> Editing:
        """What the bodies of the calls are made of; only for plans that say something of the product itself."""
        built = self.ready.built
        if built is None or built.offers is None:
            raise ValueError("a product that is off sale in the store has no draft")
        ids = {self.names[one.id]: one.id for one in self.shown if one.id in self.names}
        stocks = {one.id: one.inventory for one in self.shown}
        return Editing(built.offers, self.ready.frame.terms.seller_type, self.plan, ids, stocks, self.draft)

    @property
    def offers_nameless(self) -> bool:
        """A price or a quantity would go to a variant whose SKU on the platform we do not know."""
        known = {*self.names.values()}
        return any(change.sku not in known for step in OFFERS for change in self.plan.of(step))

    @property
    def target(self) -> Snapshot:
        """What the platform will know when all of it arrived."""
        return told(self.sent, self.plan.changes)

    @property
    def stands_in(self) -> CategoryRef:
        """The leaf it has now: as read, of the tree that we told it last."""
        row = self.ready.row
        leaf = self.read.product.leaf_category_id if self.read else None
        return CategoryRef(leaf or row.category_id or "", row.category_version or CategoryVersion.V2)


def decide(ready: EditReady, draft: ProductDraft | None, look: Look | None, now: datetime) -> Decided:
    """Whose changes there are first, then what of ours goes out. ``draft`` has its pictures.

    Without one the store took the product off sale, or something keeps all but prices and quantities back.
    """
    read = None if look is None else look.newest
    sent, ownership = ready.sent, ready.ownership
    lines: tuple[Line, ...] = ()
    wanted = _wanted(ready, draft, sent)
    names = _names(ready, read, wanted)
    if read is not None and sent is None:
        sent = _with_gone(baseline(read.product, wanted, names), wanted, ready, read)
    elif read is not None and sent is not None:
        told_once = [sent, *([ready.mine] if ready.mine else [])]
        theirs = compare(read.product, told_once, names, content=not _is_refused(read))
        sent, ownership, lines = taken_in(sent, ownership, theirs, now)
        if ready.mine is not None:
            sent = _arrived(sent, ready.mine, read, names)
    if sent is None:
        raise ValueError("a listing of which nothing is known must be read")
    status = status_of_product(read.product.status) if read is not None else ready.row.status
    sent, ownership = agreed(sent, ownership, status, wanted=ready.built is not None)
    wanted = _wanted(ready, draft, sent)
    plan = plan_edit(sent, wanted, ownership)
    if draft is None:
        plan = plan.without([Step.PARTIAL, Step.FULL])
    plan, waits = _possible(plan, status, sent, read, can_mend=draft is not None)
    decided = Decided(ready, draft, wanted, sent, plan, ownership, names, status, now, read, lines=lines, waits=waits)
    return decided if look is None else with_shown(decided, look.live)


def with_shown(decided: Decided, live: Sequence[ProductSku]) -> Decided:
    """With the variants that buyers see now. Price and stock go to these only: another one refuses the whole call

    (12052557). Those of a variant that only a version in review has wait until it is live.
    """
    names = decided.names
    there = {names.get(one.id) for one in live}
    absent = [one for step in OFFERS for one in decided.plan.of(step) if one.sku not in there]
    coming = {*names.values()}
    waits = decided.waits or any(one.sku in coming for one in absent)
    return replace(decided, plan=decided.plan.withholding(absent), shown=tuple(live), is_shown=True, waits=waits)


def partial_of(decided: Decided) -> dict[str, object]:
    """The body of a partial edit, which is never made without having read the product."""
    if decided.read is None:
        raise ValueError("a partial edit completes lists that were read")
    return partial_body(decided.editing, decided.read.data, decided.sent)


def whole_body(decided: Decided) -> dict[str, object]:
    """The body of a full edit, which is never made without having read the product."""
    if decided.read is None:
        raise ValueError("a full edit sends back what was read")
    return full_body(
        decided.editing,
        decided.read.data,
        names=decided.names,
        sent=decided.sent,
        stands_in=decided.stands_in,
        ownership=decided.ownership,
    )


def _wanted(ready: EditReady, draft: ProductDraft | None, sent: Snapshot | None) -> Snapshot:
    """What the platform is to show. Without a draft that is what it was told, with today's offers or off sale."""
    if draft is not None:
        return snapshot(draft)
    if ready.built is not None and ready.built.offers is not None:
        return alone(ready.built.offers) if sent is None else with_offers(sent, ready.built.offers)
    told_last = sent or Snapshot({})
    return replace(told_last, fields={**told_last.fields, "on_sale": False})


def _with_gone(there: Snapshot, wanted: Snapshot, ready: EditReady, read: WholeProduct) -> Snapshot:
    """With what stands there of variants that the store had when the product was linked, and has no more."""
    ours = {str(sku["id"]): str(sku.get("external_sku_id") or "") for sku in ready.row.remote_skus}
    skus = {name: dict(sku) for name, sku in there.skus.items()}
    for one in read.product.skus:
        name = ours.get(one.id, "")
        if name in skus and name not in wanted.skus:
            skus[name]["stock"] = {stock.warehouse_id: stock.quantity for stock in one.inventory}
    return replace(there, skus=skus)


def _names(ready: EditReady, read: WholeProduct | None, wanted: Snapshot) -> Mapping[str, str]:
    if read is not None:
        return names_of(read.product, ready.row.remote_skus, wanted)
    return {str(sku["id"]): str(sku["external_sku_id"]) for sku in ready.row.remote_skus if sku.get("external_sku_id")}


def taken_in(
    sent: Snapshot, ownership: Ownership, theirs: Theirs, now: datetime
) -> tuple[Snapshot, Ownership, tuple[Line, ...]]:
    """Another hand's changes: in fields that are TikTok's they count from now on, all others are held and told once.

    What was held and stands as we told it again is held no longer.
    """
    held, lines = dict(ownership.held), []
    for group in sorted(theirs.groups):
        changes = tuple(theirs.changes(sent, group))
        if ownership.owner(group) is Owner.TIKTOK:
            sent = told(sent, changes)
            lines.append(Line(ChangeKind.CHANGED_ON_TIKTOK, changes))
            continue
        now_theirs = Held(now, theirs.fields.get(group, {}), theirs.skus.get(group, {}))
        before = held.get(group)
        if before is None or (before.fields, before.skus) != (now_theirs.fields, now_theirs.skus):
            held[group] = now_theirs
            lines.append(Line(ChangeKind.CHANGED_ON_TIKTOK, changes))
    lines.extend(
        Line(ChangeKind.CHANGED_ON_TIKTOK, _taken_back(sent, group, held.pop(group)))
        for group in sorted(held.keys() & theirs.compared - theirs.groups)
    )
    return sent, replace(ownership, held=held), tuple(lines)


def _taken_back(sent: Snapshot, group: FieldGroup, held: Held) -> tuple[FieldChange, ...]:
    """From what another hand had written to what we told."""
    theirs = Theirs(fields={group: dict(held.fields)}, skus={group: {sku: dict(one) for sku, one in held.skus.items()}})
    return tuple(replace(one, before=one.after, after=one.before) for one in theirs.changes(sent, group))


def _is_refused(read: WholeProduct) -> bool:
    """The review refused our newest version of a live product: what is read is an older one of ours."""
    product = read.product
    return product.status == "ACTIVATE" and product.audit is not None and product.audit.status == "FAILED"


def _arrived(sent: Snapshot, mine: Snapshot, read: WholeProduct, names: Mapping[str, str]) -> Snapshot:
    """An edit's answer was lost: those of its changes that stand on the platform did arrive. Stock is sent again."""
    theirs = compare(read.product, [mine], names)
    missing = {(one.sku, one.field) for group in theirs.groups for one in theirs.changes(mine, group)}
    gone = {FieldGroup.STOCK} | ({FieldGroup.VARIANTS} & theirs.groups)
    if (read.product.status != "SELLER_DEACTIVATED") is not mine.on_sale:
        gone |= {FieldGroup.STATUS}
    plan = plan_edit(sent, mine, Ownership())
    return told(sent, [one for one in plan.changes if (one.sku, one.field) not in missing and one.group not in gone])


def _possible(
    plan: EditPlan, status: ListingStatus, sent: Snapshot, read: WholeProduct | None, *, can_mend: bool
) -> tuple[EditPlan, bool]:
    """What the product's state takes now; the rest waits until it is live.

    A price by its own call and the end of a sale are for live products only. One that the review or the platform
    refused is mended by an edit, which takes prices along. What the seller took off sale an edit would put up again.
    """
    if status is ListingStatus.LIVE:
        return plan, False
    if read is not None and read.product.status == ProductStatus.SELLER_DEACTIVATED and sent.on_sale:
        return plan.withholding(plan.changes), bool(plan.changes)
    refused = status is ListingStatus.REVIEW_FAILED or (status is ListingStatus.DEACTIVATED and sent.on_sale)
    if refused and can_mend:
        plan = replace(plan, prices_whole=True)
    late = [step for step in (Step.PRICE, Step.DEACTIVATE) if step in plan.steps]
    return plan.without(late), bool(late)
