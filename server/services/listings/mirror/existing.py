"""Products that stand on TikTok Shop already: found before the first creation, linked when certain, held when not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.clients.tiktok_codes import EXTERNAL_ID_TAKEN
from server.domain.linking import LinkState, OnMatch, Pair
from server.domain.listings import ListingStatus
from server.domain.problems import Problem, Remedy
from server.domain.runs import Claim, ItemResult
from server.domain.tasks import ItemState
from server.feed import Feed
from server.services.listings.creating.outcomes import Effect, Outcome, record
from server.services.listings.creating.preparing import Ready, Slice
from server.services.listings.mirror.linking import link_what_is_certain
from server.services.listings.mirror.sweeping import MARGIN
from server.services.listings.replay.kept_outcomes import keep_held
from server.store import link_matches, link_proposals, remote_listings, remote_products, remote_shelves
from server.store.session import Session
from server.tables import LinkProposal

FRESH = timedelta(hours=1)
"""What stands on TikTok Shop is looked at once more before products are created, if the last look is older."""

SOON = timedelta(minutes=45)
"""After so long somebody looks already while the others go on: in a big shop a look takes minutes."""

_HELD = frozenset({LinkState.PENDING, LinkState.UNLINKED})
_APART = frozenset({LinkState.UNLINKED, LinkState.REJECTED})
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the merchant wants of matches, up to when the mirror is true, and whether only a sweep can tell more."""

    on_match: OnMatch
    known_at: datetime | None
    awaits_sweep: bool

    def may_look(self, now: datetime) -> bool:
        """It is time that somebody looks."""
        return self.known_at is None or self.known_at < now - SOON

    def must_look(self, now: datetime) -> bool:
        """Something may stand there that we do not know of."""
        return self.known_at is None or self.known_at < now - FRESH


async def outlook(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> Outlook:
    """How well the TikTok shop is known."""
    shelf = await remote_shelves.of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    return Outlook(shelf.on_match, shelf.known_at, shelf.too_much_at is not None)


async def caught_up(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, known_at: datetime) -> None:
    """All that changed on TikTok Shop before ``known_at`` was taken in."""
    await remote_shelves.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, known_at=known_at)


async def take_look(session: Session, *, claim: Claim, tiktok_shop_id: UUID) -> bool:
    """Whether the look at TikTok Shop is this run's: one at a time. It lasts at most as long as the run."""
    where = {"shop_id": claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    return await remote_shelves.take_look(session, **where, chunk_id=claim.chunk_id, fence=claim.fence)


async def end_look(
    session: Session, *, claim: Claim, tiktok_shop_id: UUID, too_much_at: datetime | None = None
) -> None:
    """The look broke off, or there was too much for it: then nobody looks again before a sweep has ended."""
    where = {"shop_id": claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    await remote_shelves.end_look(session, **where, chunk_id=claim.chunk_id, too_much_at=too_much_at)


async def look_again(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """The platform said that a product is there already (12052996): the next sweep, at once, finds and links it."""
    if any(problem.platform_code == EXTERNAL_ID_TAKEN for outcome in outcomes for problem in outcome.problems):
        await remote_shelves.due(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, at=now)


async def link_first(
    session: Session, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int, now: datetime
) -> None:
    """Before a chunk's products are created: if what was judged of them is not true any more, judge all anew."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ids = await link_matches.open_subjects(session, shop_id=shop_id, task_id=task_id, chunk=chunk)
    met = await link_matches.met(session, **where, product_ids=ids)
    rows = await remote_products.by_ids(session, shop_id=shop_id, ids=list({one.remote_row for one in met}))
    pairs = {Pair(one.product_id, rows[one.remote_row].remote_id) for one in met if one.remote_row in rows}
    judged = await link_proposals.of_products(session, **where, product_ids=ids)
    shelf = await remote_shelves.of(session, **where, now=now)
    if _is_outdated(pairs, judged, shelf.on_match):
        await link_what_is_certain(session, feed, **where, task_id=task_id, now=now)


def _is_outdated(met: Set[Pair], judged: Sequence[LinkProposal], on_match: OnMatch) -> bool:
    """Pairs came or went since they were judged, or what waits for a person could be linked by now."""
    waiting = {Pair(one.product_id, one.remote_id): one for one in judged if one.state is LinkState.PENDING}
    apart = {Pair(one.product_id, one.remote_id) for one in judged if one.state in _APART}
    certain = any(not one.conflicts for one in waiting.values())
    return met - apart != waiting.keys() or (certain and on_match is OnMatch.LINK)


async def hold(session: Session, *, task: Claim, made: Slice, now: datetime) -> Slice:
    """Take out of a prepared slice what may stand on TikTok Shop already, in the same transaction: no twin is made.

    A creation whose outcome nobody knows is left to its own question to the platform.
    """
    fresh = [one for one in made.ready if one.interrupted is None]
    if not fresh or task.tiktok_shop_id is None:
        return made
    where = {"shop_id": task.shop_id, "tiktok_shop_id": task.tiktok_shop_id}
    shelf = await remote_shelves.of(session, **where, now=now)
    if shelf.on_match is OnMatch.CREATE:
        return made
    proposals = await link_proposals.of_products(session, **where, product_ids=[one.facts.id for one in fresh])
    waiting: defaultdict[UUID, list[LinkProposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.state in _HELD:
            waiting[proposal.product_id].append(proposal)
    if not waiting:
        return made
    free = await _free(session, where, [proposal for found in waiting.values() for proposal in found], shelf.swept_at)
    twins = {
        one.item.id: found
        for one in fresh
        if (found := tuple(proposal.remote_id for proposal in waiting[one.facts.id] if proposal.remote_id in free))
    }
    held = {one.item.id: _held(one, twins[one.item.id]) for one in fresh if one.item.id in twins}
    await keep_held(
        session, shop_id=task.shop_id, held={name: (found, held[name].problems) for name, found in twins.items()}
    )
    await record(session, shop_id=task.shop_id, task_id=task.task_id, outcomes=list(held.values()), now=now)
    told = [replace(outcome, effect=Effect.NOT_OURS) for outcome in held.values()]
    ready = [one for one in made.ready if one.item.id not in held]
    return replace(made, ready=ready, outcomes=[*made.outcomes, *told])


async def _free(
    session: Session, where: Mapping[str, UUID], proposals: Sequence[LinkProposal], swept_at: datetime | None
) -> set[str]:
    """Which of the products stand on TikTok Shop, as far as we know, and no listing stands for them.

    One that a person unlinked since the last sweep stands there although the mirror may never have met it.
    """
    names = {proposal.remote_id for proposal in proposals}
    there = {*await remote_products.known(session, **where, remote_ids=list(names))}
    for proposal in proposals:
        if proposal.state is LinkState.UNLINKED and proposal.decided_at is not None:
            unswept = swept_at is None or proposal.decided_at > swept_at - MARGIN
            there |= {proposal.remote_id} if unswept else set()
    listed = await remote_listings.standings(session, **where, remote_ids=list(there))
    return there - {name for name, standing in listed.items() if standing.status is not ListingStatus.DELETED}


def _held(one: Ready, remote_ids: Sequence[str]) -> Outcome:
    result = ItemResult(one.item.id, ItemState.FAILED, (undecided(remote_ids),), {"listing_id": str(one.listing_id)})
    return Outcome(result, one.listing_id, Effect.NOTHING)


def undecided(remote_ids: Sequence[str]) -> Problem:
    """The product may be there already; only a person can tell."""
    named = ", ".join(remote_ids[:_NAMED]) + (" and others" if len(remote_ids) > _NAMED else "")
    return Problem(
        "LINK_UNDECIDED",
        ("product",),
        f"This product may be on TikTok Shop already ({named}), so it was not created again. Link it, or say that they "
        "are two products, and list it again.",
        remedy=Remedy.LINK,
    )
