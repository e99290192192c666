"""How many more products may be listed in the TikTok shop today, as the database and the shared pace know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from server.clients.quota import ListingDay
from server.clients.tiktok import Access
from server.deps import Session
from server.domain.estimates import next_midnight
from server.services import estimates, quota
from server.services.listings.creating import work
from workers.runtime import ChunkRun

_EARLIER_FIRST = timedelta(seconds=60)
"""While earlier tasks have the day's room; what they do not use shows as their items end."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many items may be taken now; ``only`` these, where there is no room for new creations."""

    amount: int
    only: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListingRoom:
    """Asked before items are taken, so that a known limit is never met by a call (capability N15)."""

    run: ChunkRun
    access: Access
    tiktok_shop_id: UUID

    async def remember(self) -> None:
        """Tell the pace what the database knows of today: Redis may have been emptied."""
        async with self.run.step() as session:
            known = await quota.quotas(
                session, shop_id=self.run.claim.shop_id, ids=[self.tiktok_shop_id], now=self.run.now()
            )
        await self.run.deps.tiktok.products.know_listings(self.access, known[self.tiktok_shop_id].day)

    async def share(self, most: int) -> Share:
        """So many items may be taken now, ``most`` at the most. None left: the chunk goes on when there is room.

        Interrupted creations need no room: the platform is asked what became of them.
        """
        day = await self._today()
        if day.room is None:
            return Share(most)
        claim, now = self.run.claim, self.run.now()
        async with self.run.step() as session:
            left = await work.open_items(session, claim=claim, now=now)
            earlier = await estimates.ahead(session, shop_id=claim.shop_id, task_id=claim.task_id)
        if day.room > earlier:
            return Share(min(most, day.room - earlier))
        if left.interrupted:
            return Share(min(most, len(left.interrupted)), left.interrupted)
        if left.amount:
            again = now + _EARLIER_FIRST if day.room else day.closed_until or next_midnight(now)
            self.run.again_at = min(filter(None, (again, left.next_due)))
        return Share(0)

    async def _today(self) -> ListingDay:
        """A day of which the pace knows no end has begun since it was told, or Redis was emptied: it is told again."""
        day = await self.run.deps.tiktok.products.listings_today(self.access)
        if day.room is not None:
            return day
        await self.remember()
        return await self.run.deps.tiktok.products.listings_today(self.access)

    async def count(self, session: Session, listed: Mapping[date, int], *, used_up: date | None) -> None:
        """Write what was listed, by the day of the call, and that the platform wanted no more on one of them."""
        where = {"shop_id": self.run.claim.shop_id, "tiktok_shop_id": self.tiktok_shop_id}
        await quota.count(session, **where, listed=listed)
        if used_up is not None:
            await quota.close(session, **where, day=used_up, now=self.run.now())
