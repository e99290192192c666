"""Access to a TikTok shop: the seller's stored token, renewed in time, by one process at a time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import TikTokToken
from server.clients.tokens import TIKTOK_EARLY
from server.clients.verdicts import Verdict
from server.kit.clock import Clock, system_clock
from server.kit.secrets import Vault
from server.services import leases
from server.store import tiktok_authorizations as grants
from server.store import tiktok_shops as store
from server.store.session import Database
from server.store.tiktok_authorizations import SealedGrant
from server.tables import TikTokAuthorization, TikTokShop

_LEAST_LEFT = timedelta(minutes=1)
"""A token this near its end is not handed out: the call might arrive after it."""

_CONNECT_AGAIN = Verdict(UpstreamKind.NEEDS_AUTHORIZATION, "AUTHORIZATION_NEEDED")


def seal(vault: Vault, token: TikTokToken) -> SealedGrant:
    """The seller's tokens as they are stored."""
    return SealedGrant(
        open_id=token.open_id,
        seller_name=token.seller_name[:255],
        region=token.seller_base_region[:8],
        access=vault.seal(token.access_token),
        access_expires_at=token.expires_at,
        refresh=vault.seal(token.refresh_token),
        refresh_expires_at=token.refresh_expires_at,
        scopes=token.granted_scopes,
    )


@dataclass(frozen=True, slots=True)
class TikTokTokens:
    """A ``TokenSource`` for one TikTok shop; all shops of a seller share the seller's one token pair."""

    database: Database
    vault: Vault
    tiktok: TikTokClient
    shop_id: UUID
    tiktok_shop_id: UUID
    clock: Clock = system_clock

    async def current(self) -> TikTokAccess:
        """The stored token; renewed in its last 24 hours, while others go on with the old one."""
        shop, grant = await self._rows()
        left = grant.access_expires_at - self.clock()
        if left >= TIKTOK_EARLY:
            return self._access(shop, grant)
        if left < _LEAST_LEFT:
            return await self._renewed_once(grant.id, stale=None)
        async with leases.held(self.database, name=_lease(grant.id), clock=self.clock) as mine:
            if mine:
                return await self._renewed_if_possible()
        return self._access(shop, grant)

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        """A token other than the stale one (code 105002); ``Upstream`` when the seller must authorize again."""
        _, grant = await self._rows()
        return await self._renewed_once(grant.id, stale=stale)

    async def _renewed_once(self, grant_id: UUID, *, stale: TikTokAccess | None) -> TikTokAccess:
        async def known() -> TikTokAccess | None:
            shop, grant = await self._rows()
            access = self._access(shop, grant)
            if stale is not None:
                return access if access.access_token != stale.access_token else None
            return access if grant.access_expires_at - self.clock() >= _LEAST_LEFT else None

        return await leases.once(self.database, name=_lease(grant_id), clock=self.clock, known=known, make=self._renew)

    async def _renewed_if_possible(self) -> TikTokAccess:
        """Early renewal, with the lease held: while the old token works, a platform that is away costs nothing."""
        shop, grant = await self._rows()
        if grant.access_expires_at - self.clock() >= TIKTOK_EARLY:
            return self._access(shop, grant)
        try:
            return await self._renew()
        except Upstream as error:
            if error.kind is UpstreamKind.NEEDS_AUTHORIZATION:
                raise
            return self._access(shop, grant)

    async def _renew(self) -> TikTokAccess:
        """Both tokens anew, stored before either is used. No transaction is open across the call."""
        shop, grant = await self._rows()
        used = grant.refresh_token_sealed
        try:
            token = await self.tiktok.auth.refresh(self.vault.open(used))
        except Upstream as error:
            if error.kind is UpstreamKind.NEEDS_AUTHORIZATION and not await self._end(grant, error):
                return self._access(*await self._rows())
            raise
        async with self.database.write() as session:
            await grants.swap_tokens(
                session,
                shop_id=self.shop_id,
                authorization_id=grant.id,
                used=used,
                grant=seal(self.vault, token),
            )
        return TikTokAccess(token.access_token, self.vault.open(shop.cipher_sealed).reveal(), shop.remote_id)

    async def _end(self, grant: TikTokAuthorization, error: Upstream) -> bool:
        """The platform knows the refresh token no more: tell the merchant instead of asking again and again.

        False when it was not the stored one any more: somebody renewed it meanwhile.
        """
        async with self.database.write() as session:
            row = await grants.get(session, shop_id=self.shop_id, authorization_id=grant.id)
            if row is None or row.refresh_token_sealed != grant.refresh_token_sealed:
                return False
            reason = f"TikTok Shop refused to renew the authorization ({error.platform_code})."
            await grants.end(session, shop_id=self.shop_id, authorization_id=grant.id, reason=reason, now=self.clock())
        return True

    async def _rows(self) -> tuple[TikTokShop, TikTokAuthorization]:
        async with self.database.read() as session:
            found = await store.with_authorization(session, shop_id=self.shop_id, tiktok_shop_id=self.tiktok_shop_id)
        if found is None or found[0].disconnected_at is not None or found[1].ended_at is not None:
            raise Upstream(_CONNECT_AGAIN, platform_message="the TikTok shop is not connected")
        return found

    def _access(self, shop: TikTokShop, grant: TikTokAuthorization) -> TikTokAccess:
        token = self.vault.open(grant.access_token_sealed)
        return TikTokAccess(token, self.vault.open(shop.cipher_sealed).reveal(), shop.remote_id)


def _lease(grant_id: UUID) -> str:
    return f"tiktok-token:{grant_id}"
