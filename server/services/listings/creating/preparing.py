"""A slice before the calls: who is already there, who must wait, what is wrong, and an intent for all others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.drafting import Frame, build
from server.domain.drafts import Built
from server.domain.facts import ProductFacts
from server.domain.listings import ListingStatus
from server.domain.overrides import Override
from server.domain.problems import Problem, Remedy, Severity
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState
from server.domain.templates import Traits
from server.services.listings.creating.framing import Frames
from server.services.listings.creating.outcomes import Effect, Outcome
from server.services.listings.replay import competing
from server.services.listings.replay.decisions import Decided, decided, remember
from server.services.listings.rows import as_facts
from server.store import facts, intents, listing_moves, listings, templates
from server.store.intents import ClosedIntent, NewIntent, OpenIntent
from server.store.session import Session
from server.tables import Listing, TaskItem

WAIT = timedelta(seconds=2)
"""How long an item stands back for another task that is creating the same product, at first."""

_LONGEST_WAIT = timedelta(minutes=1)

_TO_BE_MADE = frozenset(
    {
        ListingStatus.NOT_SYNCED,
        ListingStatus.QUEUED,
        ListingStatus.SYNCING,
        ListingStatus.SYNC_FAILED,
        ListingStatus.DELETED,
    }
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A product with an open intent. ``interrupted`` since when: the platform is asked before anything is repeated.

    ``category`` is where it goes, or would have gone before something came in between.
    """

    item: TaskItem
    listing_id: UUID
    key: str
    facts: ProductFacts
    built: Built
    frame: Frame
    category: CategoryRef
    interrupted: datetime | None = None


@dataclass(slots=True)
class Slice:
    """What a worker has in hand: products to create, and items that ended (or wait) without a call."""

    ready: list[Ready] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)


async def prepare(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    currency: str,
    frames: Frames,
    items: Sequence[TaskItem],
    now: datetime,
) -> Slice:
    """Read the slice in a handful of statements, decide about each product, and write the intents."""
    subjects = [item.subject_id for item in items]
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    rows = await listings.lock(session, **where, product_ids=subjects)
    open_intents = await _open_intents(session, shop_id, rows.values(), now)
    products = await facts.read(session, shop_id=shop_id, product_ids=subjects)
    dead = [rows[one].id for one in rows.keys() & products if rows[one].status is ListingStatus.DELETED]
    if dead := [one for one in dead if one not in open_intents]:
        await listing_moves.revive(session, shop_id=shop_id, listing_ids=dead, now=now)
    given = await _give_templates(session, shop_id, items, rows, open_intents, now)
    if dead or given:
        rows = await listings.lock(session, **where, product_ids=subjects)
    traits = await competing.traits_of(session, shop_id=shop_id, task_id=items[0].task_id, product_ids=subjects)
    made = Slice()
    for item in items:
        row, product = rows.get(item.subject_id), products.get(item.subject_id)
        if row is None or product is None:
            made.outcomes.append(_skipped(item, GONE))
            continue
        intent = open_intents.get(row.id)
        if (settled := _settled(item, row, intent, now)) is not None:
            made.outcomes.append(settled)
        else:
            _decide(made, item, row, intent, as_facts(product, currency), traits.get(item.subject_id), frames, now)
    await _write(session, shop_id, made, open_intents, now)
    if made.decided:
        await remember(session, shop_id=shop_id, task_id=items[0].task_id, decided=made.decided, now=now)
    return made


async def _open_intents(
    session: Session, shop_id: UUID, rows: Collection[Listing], now: datetime
) -> dict[UUID, OpenIntent]:
    """Effects whose outcome is unknown. Edits of products that are gone on TikTok Shop do not matter any more."""
    found = await intents.open_of(session, shop_id=shop_id, listing_ids=[row.id for row in rows])
    to_be_made = {row.id for row in rows if row.status in _TO_BE_MADE}
    moot = [
        one.listing_id
        for one in found.values()
        if one.kind == intents.EDIT and not one.owner_works and one.listing_id in to_be_made
    ]
    closed = [ClosedIntent(listing_id, "MOOT") for listing_id in moot]
    await intents.close(session, shop_id=shop_id, closed=closed, now=now)
    return {listing_id: one for listing_id, one in found.items() if listing_id not in moot}


async def _give_templates(
    session: Session,
    shop_id: UUID,
    items: Sequence[TaskItem],
    rows: Mapping[UUID, Listing],
    open_intents: Collection[UUID],
    now: datetime,
) -> bool:
    """Listings that another task queued get the template that was settled for this one; whether there were any.

    A creation that was begun goes on with the template it began with: its key is sent again with the same product.
    """
    astray = {
        row.id: item.template_id
        for item in items
        if (row := rows.get(item.subject_id)) is not None
        and row.template_id != item.template_id
        and row.id not in open_intents
        and _to_be_made(row)
    }
    if not astray:
        return False
    named = {one for one in astray.values() if one is not None}
    there = await templates.hold_many(session, shop_id=shop_id, ids=sorted(named))
    given = {listing_id: one if one in there else None for listing_id, one in astray.items()}
    await listing_moves.give_templates(session, shop_id=shop_id, templates=given, now=now)
    return True


def _to_be_made(row: Listing) -> bool:
    return row.status in _TO_BE_MADE and (row.remote_id is None or row.status is ListingStatus.DELETED)


def _settled(item: TaskItem, row: Listing, intent: OpenIntent | None, now: datetime) -> Outcome | None:
    """Items that need no work of ours now."""
    if intent is not None and intent.item_id != item.id and intent.owner_works:
        due = now + stand_back(now - intent.opened_at)
        later = ItemResult(item.id, ItemState.QUEUED, (_ELSEWHERE,), due_at=due, counts_as_attempt=False)
        return Outcome(later, row.id, Effect.NOT_OURS)
    stands = row.remote_id is not None and row.status is not ListingStatus.DELETED
    if stands or (row.status not in _TO_BE_MADE and (intent is None or intent.kind == intents.EDIT)):
        return _skipped(item, _THERE, row)
    return None


def stand_back(under_way: timedelta) -> timedelta:
    """How long to wait for another task's creation that is under way so long: a paused task may keep it for days."""
    return min(max(WAIT, under_way / 4), _LONGEST_WAIT)


def _decide(
    made: Slice,
    item: TaskItem,
    row: Listing,
    intent: OpenIntent | None,
    product: ProductFacts,
    traits: Traits | None,
    frames: Frames,
    now: datetime,
) -> None:
    framed = frames.of(product.id, row.template_id)
    if framed is None:
        later = ItemResult(item.id, ItemState.QUEUED, due_at=now + WAIT / 2, counts_as_attempt=False)
        made.outcomes.append(Outcome(later, row.id, Effect.NOT_OURS))
        return
    frame, override = framed
    built = built_with(frame, product, override, has_template=row.template_id is not None)
    plan, common = frames.inputs_of(product.id)
    settled = item.template_id
    made.decided.append(decided(item.id, plan, common, product, built, traits=traits, settled=settled))
    if built.problems == (NO_TEMPLATE,):
        effect = Effect.NOT_ASKED if intent is None else Effect.UNKNOWN
        made.outcomes.append(refused(item, row.id, built.problems, effect))
        return
    if built.draft is None and intent is None:
        made.outcomes.append(refused(item, row.id, built.problems, Effect.NOT_ASKED))
        return
    key = intent.key if intent else f"{row.id}:{row.generation}"
    since = intent.opened_at if intent else None
    category = frame.category or CategoryRef("", max(frame.terms.listable, default=CategoryVersion.V2))
    made.ready.append(Ready(item, row.id, key, product, built, frame, category, since))


def built_with(frame: Frame, product: ProductFacts, override: Override | None, *, has_template: bool) -> Built:
    """The product's draft; without a template and a category nobody said anything of the product."""
    if not has_template and frame.category is None:
        return Built(None, (NO_TEMPLATE,))
    return build(frame, product, override)


async def _write(
    session: Session, shop_id: UUID, made: Slice, open_intents: Mapping[UUID, OpenIntent], now: datetime
) -> None:
    fresh = [NewIntent(one.listing_id, one.item.id, one.key) for one in made.ready if one.interrupted is None]
    inherited = {
        one.listing_id: one.item.id
        for one in made.ready
        if one.interrupted is not None and open_intents[one.listing_id].item_id != one.item.id
    }
    await intents.write(session, shop_id=shop_id, intents=fresh, now=now)
    await intents.take_over(session, shop_id=shop_id, owners=inherited)
    if made.ready:
        ids = [one.listing_id for one in made.ready]
        await listing_moves.mark_syncing(session, shop_id=shop_id, listing_ids=ids, now=now)


def refused(item: TaskItem, listing_id: UUID, problems: tuple[Problem, ...], effect: Effect) -> Outcome:
    """The product cannot be listed as it is."""
    return Outcome(ItemResult(item.id, ItemState.FAILED, problems), listing_id, effect)


def _skipped(item: TaskItem, problem: Problem, row: Listing | None = None) -> Outcome:
    there = {"remote_id": row.remote_id, "listing_id": str(row.id)} if row is not None else None
    result = ItemResult(item.id, ItemState.SKIPPED, (problem,), there)
    return Outcome(result, None, Effect.NOT_OURS)


GONE = Problem(
    "PRODUCT_GONE", (), "The product was deleted before its turn came; there is nothing to list.", Severity.WARNING
)
_THERE = Problem(
    "ALREADY_LISTED", (), "The product is on TikTok Shop already, so it was not created again.", Severity.WARNING
)
_ELSEWHERE = Problem(
    "BEING_LISTED_ELSEWHERE",
    (),
    "Another task is creating this product right now; this one looks again in a moment.",
    Severity.WARNING,
    Remedy.WAIT,
)
NO_TEMPLATE = Problem(
    "NO_TEMPLATE",
    ("template",),
    "No category template takes this product, and no mapping or approval names its category. Make a default "
    "template, list it with one you choose, or map its source category.",
    remedy=Remedy.FIX_TEMPLATE,
)
