"""How many more products may be listed in the TikTok shop today, as the database and the shared pace know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.clients.tiktok import Access
from server.deps import Session
from server.domain.estimates import next_midnight
from server.services import quota
from server.services.listings import work
from workers.runtime import ChunkRun


@dataclass(frozen=True, slots=True)
class ListingRoom:
    """Asked before items are taken, so that a known limit is never met by a call (mission N15)."""

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

    async def amount(self, most: int) -> int:
        """So many items may be taken now, ``most`` at the most. None left: the chunk goes on tomorrow.

        Interrupted creations need no room: the platform is asked what became of them.
        """
        day = await self.run.deps.tiktok.products.listings_today(self.access)
        if day.room is None or day.room >= most:
            return most
        async with self.run.step() as session:
            left, interrupted = await work.open_items(session, claim=self.run.claim)
        if left and day.room + interrupted == 0:
            self.run.again_at = next_midnight(self.run.now())
        return min(most, day.room + interrupted)

    async def count(self, session: Session, outcomes: Sequence[work.Outcome], *, used_up: bool) -> None:
        """Write what was listed just now, and that the platform wants no more today."""
        made = sum(outcome.effect is work.Effect.MADE for outcome in outcomes)
        where = {"shop_id": self.run.claim.shop_id, "tiktok_shop_id": self.tiktok_shop_id}
        await quota.count(session, **where, amount=made, now=self.run.now())
        if used_up:
            await quota.close(session, **where, now=self.run.now())
