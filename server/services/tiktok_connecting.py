"""Connecting a TikTok seller: the link the merchant follows, and what comes back (TikTok fact sheet 1.2-1.4)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import anyio
import structlog

from server.clients.errors import Upstream
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import AuthorizedShop, TikTokToken, auth_code_in, authorize_url
from server.domain.markets import Market, SellerType
from server.feed import Feed
from server.kit.clock import Clock
from server.kit.errors import Conflict, Invalid
from server.kit.secrets import Secret, Vault
from server.services.tiktok_shops import choose_warehouse, ring
from server.services.tiktok_tokens import seal
from server.store import shops
from server.store import tiktok_authorizations as grants
from server.store import tiktok_shops as store
from server.store.session import Database, Session
from server.tables import OAuthState, Shop, TikTokShop

log = structlog.get_logger()

LINK_LIFE = timedelta(hours=1)
"""Time to sign in and consent; a code itself dies after 30 minutes."""

_SELLER = 0
_START_AGAIN = "Start the connection in Leafmark, inside your Shopify admin."


@dataclass(frozen=True, slots=True)
class AuthorizeLinks:
    """Our service id, and the hosts where sellers consent: one for the US, one for everybody else."""

    service_id: str
    us: str
    elsewhere: str

    def of(self, market: Market, state: str) -> str:
        """Where to send a seller of this market."""
        urls = {None: self.elsewhere, Market.US: self.us}
        return authorize_url(market, self.service_id, state, urls)


@dataclass(frozen=True, slots=True)
class ConnectLink:
    """A link that works once, until ``expires_at``."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Connected:
    """What a consent brought: the store, its TikTok shops, and markets we do not know yet."""

    shop: Shop
    tiktok_shops: list[TikTokShop]
    unknown_markets: list[str]


async def start(
    session: Session, links: AuthorizeLinks, *, shop_id: UUID, market: Market, now: datetime
) -> ConnectLink:
    """A fresh link for a seller of this market, bound to the store by its random state."""
    state = OAuthState(state=secrets.token_urlsafe(32), shop_id=shop_id, market=market, expires_at=now + LINK_LIFE)
    await grants.insert_state(session, shop_id=shop_id, state=state, now=now)
    return ConnectLink(links.of(market, state.state), state.expires_at)


async def complete(
    database: Database, vault: Vault, tiktok: TikTokClient, feed: Feed, *, query: Mapping[str, str], clock: Clock
) -> Connected:
    """Turn the platform's callback into a connection.

    ``Invalid`` for a state that is missing, used or too old, ``Conflict`` when the seller declined or has no shop,
    ``Upstream`` when the platform refuses; nothing but the used-up state is stored then.
    """
    shop = await _shop_of_state(database, query.get("state", ""), clock)
    code = auth_code_in(query)
    if code is None:
        raise Conflict(f"TikTok Shop was not connected: the authorization was declined. {_START_AGAIN}")
    token = await tiktok.auth.exchange(code)
    if token.user_type != _SELLER or not token.open_id:
        raise Conflict(f"Sign in to TikTok Shop as the seller, not as creator or partner. {_START_AGAIN}")
    access = TikTokAccess(token.access_token, None, token.open_id)
    found = await tiktok.auth.authorized_shops(access)
    known = [one for one in found if one.region in list(Market)]
    if not known:
        raise Conflict("This TikTok Shop account has no shop in a market that Leafmark knows.")
    warehouses = await _warehouses(tiktok, token.access_token, known)
    async with database.write() as session:
        saved = await _save(session, vault, shop.id, token, known, warehouses, clock())
        ring(session, feed, shop.id)
    return Connected(shop, saved, sorted({one.region for one in found if one not in known}))


async def _shop_of_state(database: Database, state: str, clock: Clock) -> Shop:
    if not state:
        raise Invalid(f"This link does not say which store to connect. {_START_AGAIN}", field=("state",))
    shop: Shop | None = None
    async with database.write() as session:
        taken = await grants.take_state(session, state=state, now=clock()) if state.isprintable() else None
        if taken is not None:
            shop = await shops.get(session, shop_id=taken[0])
    if shop is None or shop.uninstalled_at is not None:
        raise Invalid(f"This link was used before or is too old. {_START_AGAIN}", field=("state",))
    return shop


async def _warehouses(
    tiktok: TikTokClient, token: Secret, authorized: Sequence[AuthorizedShop]
) -> dict[str, str | None]:
    """Each shop's warehouse by remote id; one that cannot be read now is no reason to refuse the connection."""
    chosen: dict[str, str | None] = {}

    async def look(one: AuthorizedShop) -> None:
        try:
            chosen[one.id] = choose_warehouse(await tiktok.shops.warehouses(TikTokAccess(token, one.cipher, one.id)))
        except Upstream as error:
            chosen[one.id] = None
            log.warning("tiktok.warehouses_unread", tiktok_shop=one.id, code=error.code, error=error.message)

    async with anyio.create_task_group() as group:
        for one in authorized:
            group.start_soon(look, one)
    return chosen


async def _save(
    session: Session,
    vault: Vault,
    shop_id: UUID,
    token: TikTokToken,
    authorized: Sequence[AuthorizedShop],
    warehouses: Mapping[str, str | None],
    now: datetime,
) -> list[TikTokShop]:
    grant_id = await grants.save(session, shop_id=shop_id, grant=seal(vault, token), now=now)
    rows = [
        TikTokShop(
            shop_id=shop_id,
            authorization_id=grant_id,
            remote_id=one.id,
            cipher_sealed=vault.seal(Secret(one.cipher)),
            code=one.code[:64],
            name=one.name[:255],
            market=Market(one.region),
            seller_type=SellerType.CROSS_BORDER if one.seller_type == SellerType.CROSS_BORDER else SellerType.LOCAL,
            warehouse_id=warehouses.get(one.id),
            connected_at=now,
        )
        for one in authorized
    ]
    saved = await store.save_all(session, shop_id=shop_id, rows=rows)
    kept = [one.id for one in authorized]
    await store.disconnect_others(session, shop_id=shop_id, authorization_id=grant_id, kept=kept, now=now)
    return saved
