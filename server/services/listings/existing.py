"""Products that stand on TikTok Shop already: found before the first creation, linked when certain, held when not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.clients.tiktok_codes import EXTERNAL_ID_TAKEN
from server.domain.linking import LinkState, OnMatch
from server.domain.problems import Problem, Remedy
from server.domain.runs import Claim, ItemResult
from server.domain.tasks import ItemState
from server.feed import Feed
from server.services.listings.linking import link_what_is_certain
from server.services.listings.outcomes import Effect, Outcome, record
from server.services.listings.preparing import Ready, Slice
from server.store import link_matches, link_proposals, remote_products, remote_shelves
from server.store.session import Session
from server.tables import LinkProposal

FRESH = timedelta(hours=1)
"""What stands on TikTok Shop is looked at once more before products are created, if the last look is older."""

_HELD = frozenset({LinkState.PENDING, LinkState.UNLINKED})
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the merchant wants of matches, and up to when the mirror is true."""

    on_match: OnMatch
    known_at: datetime | None

    def must_look(self, now: datetime) -> bool:
        """Something may stand there that we do not know of."""
        return self.known_at is None or self.known_at < now - FRESH


async def outlook(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> Outlook:
    """How well the TikTok shop is known."""
    shelf = await remote_shelves.of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    return Outlook(shelf.on_match, shelf.known_at)


async def caught_up(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, known_at: datetime) -> None:
    """All that changed on TikTok Shop before ``known_at`` was taken in."""
    await remote_shelves.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, known_at=known_at)


async def look_again(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """The platform said that a product is there already (12052996): the next sweep, at once, finds and links it."""
    if any(problem.platform_code == EXTERNAL_ID_TAKEN for outcome in outcomes for problem in outcome.problems):
        await remote_shelves.due(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, at=now)


async def link_first(
    session: Session, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int, now: datetime
) -> None:
    """Before a chunk's products are created: if one matches something that was never judged, judge all of them anew."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ids = await link_matches.open_subjects(session, shop_id=shop_id, task_id=task_id, chunk=chunk)
    met = await link_matches.met(session, **where, product_ids=ids)
    if not met:
        return
    rows = await remote_products.by_ids(session, shop_id=shop_id, ids=list({one.remote_row for one in met}))
    judged = await link_proposals.of_products(session, **where, product_ids=list({one.product_id for one in met}))
    known = {(one.product_id, one.remote_id) for one in judged if one.state is not LinkState.LINKED}
    if any((one.product_id, rows[one.remote_row].remote_id) not in known for one in met if one.remote_row in rows):
        await link_what_is_certain(session, feed, **where, task_id=task_id, now=now)


async def hold(session: Session, *, task: Claim, made: Slice, now: datetime) -> Slice:
    """Take out of a prepared slice what may stand on TikTok Shop already, in the same transaction: no twin is made.

    A creation whose outcome nobody knows is left to its own question to the platform.
    """
    fresh = [one for one in made.ready if one.interrupted is None]
    if not fresh or task.tiktok_shop_id is None:
        return made
    where = {"shop_id": task.shop_id, "tiktok_shop_id": task.tiktok_shop_id}
    if (await remote_shelves.of(session, **where, now=now)).on_match is OnMatch.CREATE:
        return made
    proposals = await link_proposals.of_products(session, **where, product_ids=[one.facts.id for one in fresh])
    waiting: defaultdict[UUID, list[LinkProposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.state in _HELD:
            waiting[proposal.product_id].append(proposal)
    if not waiting:
        return made
    names = [proposal.remote_id for found in waiting.values() for proposal in found]
    there = await remote_products.known(session, **where, remote_ids=names)
    held = {
        one.item.id: _held(one, found)
        for one in fresh
        if (found := [proposal.remote_id for proposal in waiting[one.facts.id] if proposal.remote_id in there])
    }
    await record(session, shop_id=task.shop_id, task_id=task.task_id, outcomes=list(held.values()), now=now)
    told = [replace(outcome, effect=Effect.NOT_OURS) for outcome in held.values()]
    ready = [one for one in made.ready if one.item.id not in held]
    return replace(made, ready=ready, outcomes=[*made.outcomes, *told])


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
