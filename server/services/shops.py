"""Shopify stores: installed at first sight, their tokens kept fresh, uninstalled and forgotten."""

from datetime import datetime
from uuid import UUID

from server.clients.shopify import ShopifyAccess, ShopifyClient, ShopProfile
from server.feed import Feed
from server.kit.clock import Clock, system_clock
from server.kit.errors import NotFound
from server.kit.secrets import Secret, Vault
from server.queue import Queue
from server.services import leases, open_work
from server.services.shopify_tokens import ShopifyTokens, seal
from server.store import files
from server.store import shops as store
from server.store.session import Database, Session
from server.store.shops import Profile
from server.tables import Shop


async def get(session: Session, *, shop_id: UUID) -> Shop:
    """The store, installed or not; ``NotFound`` when it was never seen or is forgotten."""
    shop = await store.get(session, shop_id=shop_id)
    if shop is None:
        raise NotFound("There is no such shop.")
    return shop


async def installed(session: Session, *, domain: str) -> Shop | None:
    """The store of this domain if it has the app and we hold its tokens."""
    shop = await store.by_domain(session, domain=domain)
    return shop if shop is not None and shop.uninstalled_at is None and shop.refresh_token_sealed else None


async def install(
    database: Database,
    vault: Vault,
    shopify: ShopifyClient,
    *,
    domain: str,
    id_token: Secret,
    clock: Clock = system_clock,
) -> Shop:
    """The store, installed by a verified ID token if it was not (Shopify fact sheet 1.7).

    Two tabs that come at once make one token exchange. Nothing is stored unless the exchange and the first look at
    the store both went well; raises ``Upstream`` then.
    """

    async def known() -> Shop | None:
        async with database.read() as session:
            return await installed(session, domain=domain)

    async def make() -> Shop:
        tokens = await shopify.exchange_token(domain, id_token)
        profile = await shopify.shop_profile(ShopifyAccess(domain, tokens.access_token))
        async with database.write() as session:
            return await store.save_installed(
                session, domain=domain, tokens=seal(vault, tokens), profile=_profile(profile), now=clock()
            )

    return await leases.once(database, name=f"install:{domain}", clock=clock, known=known, make=make)


def _profile(profile: ShopProfile) -> Profile:
    return Profile(profile.name[:255], profile.currency, profile.weight_unit, profile.country, profile.timezone)


def shopify_access(
    database: Database, vault: Vault, shopify: ShopifyClient, *, shop_id: UUID, clock: Clock = system_clock
) -> ShopifyTokens:
    """Where Admin API calls get their token from; give it to the client, which asks it before each call.

    Its calls raise ``Upstream`` (``AUTHORIZATION_NEEDED``) when the merchant must open the app again.
    """
    return ShopifyTokens(database, vault, shopify, shop_id, clock)


async def uninstall(session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, at: datetime, now: datetime) -> bool:
    """Drop the tokens and stop all work; data stays until ``forget``.

    False, and nothing done, when the news is older than the present installation: it can come late.
    """
    shop = await store.get(session, shop_id=shop_id, lock=True)
    if shop is None or shop.uninstalled_at is not None or at < shop.installed_at.replace(microsecond=0):
        return False
    await open_work.cancel_all(session, queue, feed, shop_id=shop_id, now=now)
    await store.drop_tokens(session, shop_id=shop_id, uninstalled_at=at)
    return True


async def forget(session: Session, *, shop_id: UUID, at: datetime) -> bool:
    """Delete a store that uninstalled the app, with all its data; false when it came back meanwhile."""
    shop = await store.get(session, shop_id=shop_id, lock=True)
    if shop is None or shop.uninstalled_at is None or shop.installed_at.replace(microsecond=0) > at:
        return False
    await files.order_removal_of_shop(session, shop_id=shop_id, now=at)
    await store.drop(session, shop_id=shop_id)
    return True
