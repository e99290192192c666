"""Access to a store's Admin API: the stored token, renewed in time, by one process at a time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify import ShopifyAccess, ShopifyClient, ShopifyToken
from server.clients.tokens import SHOPIFY_EARLY
from server.clients.verdicts import Verdict
from server.kit.clock import Clock, system_clock
from server.kit.secrets import Vault
from server.services import leases
from server.store import shops as store
from server.store.session import Database
from server.store.shops import SealedTokens
from server.tables import Shop

_LEAST_LEFT = timedelta(seconds=30)
"""A token this near its end is not handed out: the call might arrive after it."""

_OPEN_THE_APP = Verdict(UpstreamKind.NEEDS_AUTHORIZATION, "AUTHORIZATION_NEEDED")


def seal(vault: Vault, tokens: ShopifyToken) -> SealedTokens:
    """The tokens as they are stored."""
    return SealedTokens(
        access=vault.seal(tokens.access_token),
        access_expires_at=tokens.expires_at,
        refresh=vault.seal(tokens.refresh_token),
        refresh_expires_at=tokens.refresh_expires_at,
        scopes=",".join(tokens.scope),
    )


@dataclass(frozen=True, slots=True)
class ShopifyTokens:
    """A ``ShopifyTokenSource`` for one store; cheap to make, holds nothing open."""

    database: Database
    vault: Vault
    shopify: ShopifyClient
    shop_id: UUID
    clock: Clock = system_clock

    async def current(self) -> ShopifyAccess:
        """The stored token; renewed in its last five minutes, while others go on with the old one."""
        row = await self._row()
        if self._left(row) >= SHOPIFY_EARLY:
            return self._access(row)
        if self._left(row) < _LEAST_LEFT:
            return await self._renewed_once(stale=None)
        async with leases.held(self.database, name=self._lease, clock=self.clock) as mine:
            if mine:
                return await self._renewed_if_possible()
        return self._access(row)

    async def renewed(self, stale: ShopifyAccess) -> ShopifyAccess:
        """A token other than the stale one (Admin API said 401); ``Upstream`` when there is none to be had."""
        return await self._renewed_once(stale=stale)

    @property
    def _lease(self) -> str:
        return f"shopify-token:{self.shop_id}"

    async def _renewed_once(self, *, stale: ShopifyAccess | None) -> ShopifyAccess:
        async def known() -> ShopifyAccess | None:
            row = await self._row()
            access = self._access(row)
            usable = self._left(row) >= _LEAST_LEFT if stale is None else access.token != stale.token
            return access if usable else None

        async def make() -> ShopifyAccess:
            return await self._renew(await self._row())

        return await leases.once(self.database, name=self._lease, clock=self.clock, known=known, make=make)

    async def _renewed_if_possible(self) -> ShopifyAccess:
        """Early renewal, with the lease held: while the old token works, a platform that is away costs nothing."""
        row = await self._row()
        if self._left(row) >= SHOPIFY_EARLY:
            return self._access(row)
        try:
            return await self._renew(row)
        except Upstream as error:
            if error.kind is UpstreamKind.NEEDS_AUTHORIZATION:
                raise
            return self._access(row)

    async def _renew(self, row: Shop) -> ShopifyAccess:
        """Both tokens anew, stored before either is used. No transaction is open across the call."""
        used = row.refresh_token_sealed or ""
        try:
            tokens = await self.shopify.refresh(row.domain, self.vault.open(used))
        except Upstream as error:
            if error.kind is UpstreamKind.NEEDS_AUTHORIZATION and not await self._forget(used):
                return self._access(await self._row())
            raise
        async with self.database.write() as session:
            await store.swap_tokens(session, shop_id=self.shop_id, used=used, tokens=seal(self.vault, tokens))
        return ShopifyAccess(row.domain, tokens.access_token)

    async def _forget(self, used: str) -> bool:
        """Dead tokens are dropped, so that the merchant's next visit exchanges for new ones.

        False when they were not the stored ones any more: somebody renewed them meanwhile.
        """
        async with self.database.write() as session:
            row = await store.get(session, shop_id=self.shop_id, lock=True)
            if row is None or row.refresh_token_sealed != used:
                return False
            await store.drop_tokens(session, shop_id=self.shop_id, uninstalled_at=None)
        return True

    async def _row(self) -> Shop:
        async with self.database.read() as session:
            row = await store.get(session, shop_id=self.shop_id)
        if row is None or row.uninstalled_at is not None or row.refresh_token_sealed is None:
            raise Upstream(_OPEN_THE_APP, platform="Shopify", platform_message="open Leafmark in the Shopify admin")
        return row

    def _left(self, row: Shop) -> timedelta:
        return timedelta() if row.access_expires_at is None else row.access_expires_at - self.clock()

    def _access(self, row: Shop) -> ShopifyAccess:
        return ShopifyAccess(row.domain, self.vault.open(row.access_token_sealed or ""))
