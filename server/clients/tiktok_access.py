"""On whose behalf a TikTok Shop call is made, and where a fresh token comes from."""

from dataclasses import dataclass
from typing import Protocol

from server.kit.secrets import Secret


@dataclass(frozen=True, slots=True)
class TikTokAccess:
    """One shop's access: the token, the shop's cipher (none before the shops are known), our key for the pace."""

    access_token: Secret
    cipher: str | None
    shop_key: str


class TokenSource(Protocol):
    """Implemented by the services: reads the stored token, and refreshes it once for all who ask."""

    async def current(self) -> TikTokAccess:
        """The stored token, refreshed beforehand when it is near its end."""
        ...

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        """A token other than the stale one; raises ``Upstream`` when the seller must authorize again."""
        ...


Access = TikTokAccess | TokenSource
"""Every call takes either; with a source, code 105002 is answered by one refresh and one repetition."""
