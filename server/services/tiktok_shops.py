"""TikTok shops of a store: reading them, their state, disconnecting, and what the platform tells about grants."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from server.clients.tiktok import TikTokClient
from server.clients.tiktok_shop import Warehouse
from server.domain.paging import Page, PageArgs
from server.feed import Feed
from server.kit.clock import Clock, system_clock
from server.kit.errors import Conflict, NotFound
from server.kit.secrets import Vault
from server.queue import Queue
from server.services import open_work
from server.services.tiktok_tokens import TikTokTokens
from server.store import tiktok_authorizations as grants
from server.store import tiktok_shops as store
from server.store.session import Database, Session, after_commit
from server.tables import TikTokAuthorization, TikTokShop

EXPIRING_WITHIN = timedelta(days=30)
"""When the platform itself begins to warn (TikTok fact sheet 4.4, type 7)."""


class ConnectionStatus(StrEnum):
    """How a TikTok shop stands to us."""

    CONNECTED = "CONNECTED"
    EXPIRING = "EXPIRING"
    NEEDS_AUTHORIZATION = "NEEDS_AUTHORIZATION"
    DISCONNECTED = "DISCONNECTED"


def status_of(shop: TikTokShop, grant: TikTokAuthorization, *, now: datetime) -> ConnectionStatus:
    """The state to show; the last two keep every call from being made."""
    if shop.disconnected_at is not None:
        return ConnectionStatus.DISCONNECTED
    if grant.ended_at is not None or grant.refresh_expires_at <= now:
        return ConnectionStatus.NEEDS_AUTHORIZATION
    expiring = grant.refresh_expires_at <= now + EXPIRING_WITHIN
    return ConnectionStatus.EXPIRING if expiring else ConnectionStatus.CONNECTED


async def get(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, field: tuple[str, ...] = ("input", "tiktokShopId")
) -> TikTokShop:
    """One TikTok shop of the store, connected or not; ``NotFound`` for any other, naming the argument ``field``."""
    shop = await store.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    if shop is None:
        raise NotFound("There is no such TikTok shop in this store.", field=field)
    return shop


async def connected(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> TikTokShop:
    """The TikTok shop, ready to be called; ``Conflict`` with the merchant's next step when it is not."""
    found = await store.with_authorization(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    field = ("input", "tiktokShopId")
    if found is None:
        raise NotFound("There is no such TikTok shop in this store.", field=field)
    match status_of(*found, now=now):
        case ConnectionStatus.DISCONNECTED:
            message = f"The TikTok shop {found[0].name} is disconnected; connect it again."
            raise Conflict(message, code="AUTHORIZATION_NEEDED", field=field)
        case ConnectionStatus.NEEDS_AUTHORIZATION:
            message = f"TikTok Shop no longer lets Leafmark act for {found[0].name}; connect it again."
            raise Conflict(message, code="AUTHORIZATION_NEEDED", field=field)
        case _:
            return found[0]


async def page(session: Session, *, shop_id: UUID, args: PageArgs) -> Page[TikTokShop]:
    """The store's TikTok shops in the order of their first connection, disconnected ones too."""
    return await store.page(session, shop_id=shop_id, args=args)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TikTokShop]:
    """Those of the TikTok shops that are the store's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def authorizations_by_ids(
    session: Session, *, shop_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, TikTokAuthorization]:
    """The grants behind TikTok shops (``authorization_id``); for loaders."""
    return await grants.by_ids(session, shop_id=shop_id, ids=ids)


def token_source(
    database: Database,
    vault: Vault,
    tiktok: TikTokClient,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    clock: Clock = system_clock,
) -> TikTokTokens:
    """Where calls for a TikTok shop get their token from; give it to the client, which asks it before each call."""
    return TikTokTokens(database, vault, tiktok, shop_id, tiktok_shop_id, clock)


def choose_warehouse(warehouses: Sequence[Warehouse]) -> str | None:
    """The id of the default sales warehouse, else of the first that may hold stock (TikTok fact sheet 3.17)."""
    selling = sorted((one for one in warehouses if one.sells), key=lambda one: not one.is_default)
    return selling[0].id if selling else None


async def disconnect(
    session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime
) -> TikTokShop:
    """Stop all work for a TikTok shop and never call it again; its listings stay known. Twice changes nothing."""
    shop = await get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    await open_work.cancel_all(session, queue, feed, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    await store.disconnect(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    if not await store.any_connected(session, shop_id=shop_id, authorization_id=shop.authorization_id):
        await grants.end(
            session,
            shop_id=shop_id,
            authorization_id=shop.authorization_id,
            reason="Disconnected in Leafmark.",
            now=now,
        )
    ring(session, feed, shop_id)
    return await get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)


async def deauthorized(session: Session, feed: Feed, *, remote_id: str, at: datetime, now: datetime) -> int:
    """The seller took the grant back (webhook type 6). News older than the present grant changes nothing.

    Returns how many stores it concerned.
    """
    touched = 0
    for _, grant in await store.by_remote_id(session, remote_id=remote_id, lock=True):
        if grant.ended_at is None and at >= grant.authorized_at.replace(microsecond=0):
            reason = "The seller removed the authorization in TikTok Shop."
            await grants.end(session, shop_id=grant.shop_id, authorization_id=grant.id, reason=reason, now=now)
            ring(session, feed, grant.shop_id)
            touched += 1
    return touched


async def expires(session: Session, feed: Feed, *, remote_id: str, at: datetime, expires_at: datetime) -> int:
    """The grant ends soon (webhook type 7). News older than the present grant changes nothing."""
    touched = 0
    for _, grant in await store.by_remote_id(session, remote_id=remote_id, lock=True):
        if grant.ended_at is None and at >= grant.authorized_at.replace(microsecond=0):
            await grants.set_expiry(session, shop_id=grant.shop_id, authorization_id=grant.id, expires_at=expires_at)
            ring(session, feed, grant.shop_id)
            touched += 1
    return touched


def ring(session: Session, feed: Feed, shop_id: UUID) -> None:
    """Tell the store's listeners, once this is committed."""
    after_commit(session, lambda: feed.ring([f"shop:{shop_id}"]))
