"""A token source that asks the database once in a while, not once a call: ten thousand calls share a token anyway."""

from datetime import datetime, timedelta

import anyio

from server.clients.tiktok import TikTokAccess, TokenSource
from server.kit.clock import Clock

KEPT = timedelta(seconds=5)
"""So much later does a running task hear of a disconnected shop, should its cancellation be overheard."""


class KeptAccess:
    """Hands out the same access for ``KEPT``; a stale token is renewed at once, as by the source behind."""

    def __init__(self, source: TokenSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._access: TikTokAccess | None = None
        self._until: datetime | None = None
        self._asking = anyio.Lock()

    async def current(self) -> TikTokAccess:
        """The access in hand, or a new one from the source, asked for once by all who wait."""
        if (kept := self._kept()) is not None:
            return kept
        async with self._asking:
            return self._kept() or self._keep(await self._source.current())

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        """Another than the stale one. Who comes late gets what the first one brought."""
        async with self._asking:
            if self._access is not None and self._access.access_token != stale.access_token:
                return self._access
            return self._keep(await self._source.renewed(stale))

    def _kept(self) -> TikTokAccess | None:
        return self._access if self._until is not None and self._clock() < self._until else None

    def _keep(self, access: TikTokAccess) -> TikTokAccess:
        self._access, self._until = access, self._clock() + KEPT
        return access
