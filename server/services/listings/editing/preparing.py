"""A slice of edits before the calls: which listings can be edited, which have nothing to do, what each is to show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.domain.drafting import Frame, build
from server.domain.drafts import Built
from server.domain.facts import ProductFacts
from server.domain.held_changes import held_problems
from server.domain.listings import LISTABLE, ListingStatus
from server.domain.offering import without_prices
from server.domain.ownership import Ownership
from server.domain.problems import Problem, Remedy, Severity
from server.domain.runs import ItemResult
from server.domain.snapshots import Snapshot, fingerprint
from server.domain.tasks import ItemState
from server.services import tiktok_shops
from server.services.listings.creating.framing import Frames
from server.services.listings.creating.planning import Planned
from server.services.listings.editing.outcomes import EditOutcome
from server.services.listings.editing.putting_up import is_down_again, is_put_up
from server.services.listings.replay.decisions import Decided, EditBasis, decided, remember
from server.services.listings.rows import as_facts
from server.store import facts, intents, listings
from server.store.edit_marks import WAITS_FOR_LIVE, Seen
from server.store.intents import OpenIntent
from server.store.listing_edits import Basis, Told
from server.store.session import Session
from server.tables import Listing, TaskItem

WAIT = timedelta(seconds=2)
"""How long an item stands back for another task that has the same product in hand."""

_BEING_MADE = frozenset({ListingStatus.QUEUED, ListingStatus.SYNCING})


@dataclass(frozen=True, slots=True)
class EditReady:
    """A listing that may have to be edited. Without ``built`` the store took the product off sale; without a draft in
    it only prices and quantities can be told.

    ``mine`` is what an edit whose answer was lost was about to tell. ``marks`` are those that were seen.
    """

    item: TaskItem
    row: Listing
    facts: ProductFacts
    frame: Frame
    built: Built | None
    ownership: Ownership
    marks: int
    key: str
    sent: Snapshot | None = None
    interrupted: bool = False
    mine: Snapshot | None = None

    @property
    def must_read(self) -> bool:
        """The platform is asked first: another hand was there, an answer was lost, or nothing is known of it."""
        if self.sent is None or self.interrupted or self.row.elsewhere_at is not None:
            return True
        return is_put_up(self.sent, self.ownership, self.row.status)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What keeps all but prices and quantities from being told."""
        if self.built is None or self.built.draft is not None:
            return ()
        return tuple(one for one in self.built.problems if one.severity is Severity.ERROR)

    @property
    def seen(self) -> Basis:
        """What the listing was when it was looked at."""
        return _basis(self.row, self.marks)

    @property
    def remote_id(self) -> str:
        """TikTok's id of the product."""
        return self.row.remote_id or ""


@dataclass(slots=True)
class EditSlice:
    """Listings to look at, and items that ended, or wait, without a call."""

    ready: list[EditReady] = field(default_factory=list)
    outcomes: list[EditOutcome] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What decides about each item of the slice."""

    frames: Frames
    currency: str
    shop_owners: Mapping[str, object]
    seen: Mapping[UUID, Seen]
    now: datetime


async def prepare(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    currency: str,
    frames: Frames,
    seen: Mapping[UUID, Seen],
    items: Sequence[TaskItem],
    now: datetime,
) -> EditSlice:
    """Read the slice in a handful of statements and decide about each product. ``seen`` was read before ``frames``."""
    subjects = [item.subject_id for item in items]
    rows = await listings.lock(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=subjects)
    open_intents = await intents.open_of(session, shop_id=shop_id, listing_ids=[row.id for row in rows.values()])
    products = await facts.read(session, shop_id=shop_id, product_ids=subjects)
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    bench, made = _Bench(frames, currency, shop.ownership, seen, now), EditSlice()
    for item in items:
        row, product = rows.get(item.subject_id), products.get(item.subject_id)
        if row is None or product is None or item.subject_id not in seen:
            made.outcomes.append(EditOutcome(_skipped(item, NOT_ON_TIKTOK)))
            continue
        intent = open_intents.get(row.id)
        if (settled := _settled(item, row, intent, bench)) is not None:
            made.outcomes.append(settled)
        else:
            _decide(bench, made, item, row, intent, as_facts(product, currency))
    if made.decided:
        await remember(session, shop_id=shop_id, task_id=items[0].task_id, decided=made.decided, now=now)
    session.expunge_all()
    return made


def _settled(item: TaskItem, row: Listing, intent: OpenIntent | None, bench: _Bench) -> EditOutcome | None:
    """Items that need no work of ours now. What cannot be edited in its state waits until it is on sale."""
    if intent is not None and intent.item_id != item.id and intent.owner_works:
        later = ItemResult(item.id, ItemState.QUEUED, due_at=bench.now + WAIT, counts_as_attempt=False)
        return EditOutcome(later)
    marks = bench.seen[row.product_id].marks
    if row.status in _BEING_MADE:
        return EditOutcome(_skipped(item, NOT_ON_TIKTOK))
    if row.remote_id is None or row.status in LISTABLE:
        return EditOutcome(_skipped(item, NOT_ON_TIKTOK), row.id, _basis(row, marks), marks)
    by_platform = any(problem["code"] == "PLATFORM_DEACTIVATED" for problem in row.problems)
    sent = None if row.sent is None else Snapshot.from_json(row.sent)
    taken_off = row.status is ListingStatus.DEACTIVATED and not by_platform and (sent is None or sent.on_sale)
    if intent is not None and intent.kind == intents.EDIT and intent.wanted:
        taken_off = taken_off and Snapshot.from_json(intent.wanted).on_sale  # our own call's answer was lost
    if row.status is ListingStatus.FROZEN or taken_off:
        skipped = _skipped(item, NOT_EDITABLE)
        return EditOutcome(skipped, row.id, _basis(row, marks), marks, cause=WAITS_FOR_LIVE)
    return None


def _decide(
    bench: _Bench, made: EditSlice, item: TaskItem, row: Listing, intent: OpenIntent | None, product: ProductFacts
) -> None:
    planned = bench.frames.planned.get(product.id)
    if planned is None:
        later = ItemResult(item.id, ItemState.QUEUED, due_at=bench.now + WAIT, counts_as_attempt=False)
        made.outcomes.append(EditOutcome(later))
        return
    frame = bench.frames.by_key[planned.key]
    listed = listed_variants(row)
    sent = None if row.sent is None else Snapshot.from_json(row.sent)
    on_sale = product.status == "ACTIVE"
    built = built_for(planned, frame, product, listed) if on_sale else None
    ready = EditReady(
        item=item,
        row=row,
        facts=product,
        frame=frame,
        built=built,
        ownership=Ownership.from_json(row.ownership, bench.shop_owners),
        marks=bench.seen[product.id].marks,
        key=f"{row.id}:edit:{item.id}:{item.attempts}:{item.seq}",
        sent=sent,
        interrupted=intent is not None and intent.kind == intents.EDIT,
        mine=Snapshot.from_json(intent.wanted) if intent is not None and intent.wanted else None,
    )
    idle, basis = is_unchanged(ready), _basis_of(ready, listed)
    inputs = bench.frames.inputs_of(product.id)
    made.decided.append(decided(item.id, *inputs, product, built, basis=basis, unchanged=idle))
    if idle:
        made.outcomes.append(unchanged(ready))
    elif built is not None and built.draft is None and built.offers is None and not ready.interrupted:
        made.outcomes.append(refused(ready, built.problems))
    else:
        made.ready.append(ready)


def listed_variants(row: Listing) -> frozenset[str]:
    """The store's ids of the variants that are on TikTok Shop."""
    return frozenset(str(sku["external_sku_id"]) for sku in row.remote_skus if sku.get("external_sku_id"))


def built_for(planned: Planned, frame: Frame, product: ProductFacts, listed: Collection[str]) -> Built:
    """The product as it is to be shown. Where no template says any more how it is priced, its price stays."""
    built = build(frame, product, planned.override, listed=listed)
    if built.draft is not None or built.offers is None or planned.template is not None:
        return built
    return replace(built, offers=without_prices(built.offers))


def _basis_of(ready: EditReady, listed: Collection[str]) -> EditBasis:
    """What the edit starts from, as it is kept."""
    row = ready.row
    return EditBasis(
        listed=tuple(sorted(listed)),
        status=row.status,
        remote_skus=row.remote_skus,
        category_id=row.category_id,
        category_version=row.category_version,
        elsewhere_at=row.elsewhere_at,
        sent=ready.sent and replace(ready.sent, provenance={}),
        ownership=ready.ownership,
        interrupted=ready.interrupted,
        mine=ready.mine,
    )


def is_unchanged(ready: EditReady) -> bool:
    """The store's side of it is what it was when all of it was sent: no picture and no product need be looked at."""
    sent, built = ready.sent, ready.built
    if ready.must_read or sent is None:
        return False
    if built is None:
        return not sent.on_sale and not is_down_again(ready.ownership, ready.row.status)
    return sent.on_sale and built.draft is not None and sent.source == fingerprint(built.draft)


def unchanged(ready: EditReady) -> EditOutcome:
    """There was nothing to send."""
    outcome = {"listing_id": str(ready.row.id), "remote_id": ready.remote_id, "changed": []}
    why = held_problems(ready.ownership) or (NOTHING_CHANGED,)
    result = ItemResult(ready.item.id, ItemState.SKIPPED, why, outcome)
    return EditOutcome(result, ready.row.id, ready.seen, ready.marks)


def refused(ready: EditReady, problems: tuple[Problem, ...]) -> EditOutcome:
    """The product cannot be sent as it is now; what stands on TikTok stays."""
    sent = None if ready.sent is None else replace(ready.sent, source="")
    result = ItemResult(ready.item.id, ItemState.FAILED, problems)
    return EditOutcome(
        result,
        ready.row.id,
        ready.seen,
        ready.marks,
        told=Told(sent=sent, problems=(*problems, *held_problems(ready.ownership))),
    )


def _basis(row: Listing, marks: int) -> Basis:
    return Basis(row.remote_id, row.status, row.platform_updated_at, marks)


def _skipped(item: TaskItem, problem: Problem) -> ItemResult:
    return ItemResult(item.id, ItemState.SKIPPED, (problem,))


NOTHING_CHANGED = Problem(
    "NOTHING_CHANGED", (), "TikTok Shop shows the product as it should be; nothing was sent.", Severity.WARNING
)
NOT_ON_TIKTOK = Problem(
    "NOT_ON_TIKTOK", (), "The product is not on TikTok Shop, so there is nothing to edit. List it.", Severity.WARNING
)
NOT_EDITABLE = Problem(
    "NOT_EDITABLE",
    (),
    "The product is off sale or frozen on TikTok Shop. What changed is sent by itself once it is on sale again.",
    Severity.WARNING,
    Remedy.WAIT,
)
