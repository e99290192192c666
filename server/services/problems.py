"""Problems of a shop's listings: counted by code, dismissed, and brought back (capability X17)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.domain.problems import ProblemFilter, ProblemTally
from server.kit.errors import Invalid, NotFound
from server.services import tiktok_shops
from server.store import listings
from server.store import problems as store
from server.store.problems import Aim
from server.store.session import Session
from server.tables import Listing

MAX_LISTINGS = 250
"""Listings that one dismissal may name; without names it goes for all."""


async def tallies(session: Session, *, shop_id: UUID, wanted: ProblemFilter) -> list[ProblemTally]:
    """One entry for each kind of problem: errors first, the most frequent first."""
    return await store.tallies(session, shop_id=shop_id, wanted=wanted)


async def listings_with(
    session: Session, *, shop_id: UUID, tally: ProblemTally, wanted: ProblemFilter, args: PageArgs
) -> Page[Listing]:
    """The listings that a tally counts."""
    return await store.listings_with(session, shop_id=shop_id, tally=tally, wanted=wanted, args=args)


async def dismiss(
    session: Session,
    *,
    shop_id: UUID,
    code: str,
    platform_code: int | None = None,
    tiktok_shop_id: UUID | None = None,
    listing_ids: Sequence[UUID] | None = None,
    by: str,
    now: datetime,
) -> int:
    """Put problems of one code away until they go and come back; returns how many were not away before.

        With ``platform_code`` only those of this number: one code of ours may stand for many of the platform's. The
    listings stay as they are. ``NotFound`` names a listing the shop does not have, and nothing is done.
    """
    aim = await _aim(session, shop_id, Aim(code, platform_code, tiktok_shop_id, listing_ids))
    return await store.dismiss(session, shop_id=shop_id, aim=aim, by=by, now=now)


async def restore(
    session: Session,
    *,
    shop_id: UUID,
    code: str,
    platform_code: int | None = None,
    tiktok_shop_id: UUID | None = None,
    listing_ids: Sequence[UUID] | None = None,
) -> int:
    """Bring dismissed problems of one code back; returns how many."""
    aim = await _aim(session, shop_id, Aim(code, platform_code, tiktok_shop_id, listing_ids))
    return await store.restore(session, shop_id=shop_id, aim=aim)


async def _aim(session: Session, shop_id: UUID, aim: Aim) -> Aim:
    """The same, checked."""
    if not 0 < len(aim.code) <= 64 or not aim.code.replace("_", "").isalnum():
        raise Invalid("Give a problem's code, as `Problem.code` has it.", field=("input", "code"))
    if aim.tiktok_shop_id is not None and aim.tiktok_shop_id not in await tiktok_shops.by_ids(
        session, shop_id=shop_id, ids=[aim.tiktok_shop_id]
    ):
        raise NotFound("There is no such TikTok shop here.", field=("input", "tiktokShopId"))
    if aim.listing_ids is not None:
        await _must_exist(session, shop_id, aim.listing_ids)
    return aim


async def _must_exist(session: Session, shop_id: UUID, listing_ids: Sequence[UUID]) -> None:
    field = ("input", "listingIds")
    if not 0 < len(listing_ids) <= MAX_LISTINGS:
        raise Invalid(f"Name 1 to {MAX_LISTINGS} listings, or none for all.", field=field)
    known = await listings.by_ids(session, shop_id=shop_id, ids=listing_ids)
    strange = next((at for at, one in enumerate(listing_ids) if one not in known), None)
    if strange is not None:
        raise NotFound("There is no such listing in this shop.", field=(*field, str(strange)))
