"""What each webhook topic does. A handler may run twice and out of order, so each compares times before it acts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct
from server.feed import Feed
from server.kit.clock import from_unix
from server.queue import Queue
from server.services import listings, shops, tiktok_shops
from server.services.listings import Heard
from server.store import inbox as store
from server.store import shops as shop_rows
from server.store import tiktok_shops as tiktok_rows
from server.store.session import Session
from server.tables import WebhookDelivery, WebhookSource


@dataclass(frozen=True, slots=True)
class Done:
    """Worked off."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Later:
    """What it speaks about is not known here yet; ignored after so many tries (nine: seven minutes, a slow slice's)."""

    reason: str
    tries: int = 9


@dataclass(frozen=True, slots=True)
class Failed:
    """The handler broke; tried again, in the end parked."""

    reason: str


@dataclass(frozen=True, slots=True)
class ProductToRead:
    """A listing's product, as one store knows it."""

    shop_id: UUID
    tiktok_shop_id: UUID
    remote_id: str


@dataclass(frozen=True, slots=True)
class Look:
    """The platform did not say what changed: read the products outside of any transaction, then ``saw`` each."""

    products: tuple[ProductToRead, ...]


Outcome = Done | Later | Failed

IGNORED = Done("ignored")


@dataclass(frozen=True, slots=True)
class Bench:
    """What a handler works with: one transaction, and the bells to ring after it."""

    session: Session
    queue: Queue
    feed: Feed
    now: datetime


Handler = Callable[[Bench, WebhookDelivery], Awaitable[Outcome | Look]]


async def apply(bench: Bench, delivery: WebhookDelivery) -> Outcome | Look:
    """Do what the delivery asks for; topics nobody handles are ignored."""
    handler = HANDLERS.get((delivery.source, delivery.topic))
    return IGNORED if handler is None else await handler(bench, delivery)


def told_at(delivery: WebhookDelivery) -> datetime:
    """When the platform sent the news; when we heard it, if it does not say."""
    return delivery.triggered_at or delivery.received_at


async def saw(bench: Bench, *, asked: ProductToRead, product: TikTokProduct) -> Outcome:
    """What a product looks like now, after a delivery that did not say so."""
    heard = await listings.apply_product(
        bench.session,
        bench.feed,
        shop_id=asked.shop_id,
        tiktok_shop_id=asked.tiktok_shop_id,
        product=product,
        now=bench.now,
    )
    return Done(f"looked: {heard.lower()}")


async def _audited(bench: Bench, delivery: WebhookDelivery) -> Outcome | Look:
    """Types 5 and 37. The shop may be connected to several stores; each has its own listings."""
    heard: dict[Heard, list[ProductToRead]] = {}
    for shop, _ in await tiktok_rows.by_remote_id(bench.session, remote_id=delivery.shop_ref):
        answer = await listings.apply_audit(
            bench.session,
            bench.feed,
            shop_id=shop.shop_id,
            tiktok_shop_id=shop.id,
            topic=delivery.topic,
            data=delivery.payload,
            now=bench.now,
        )
        product = ProductToRead(shop.shop_id, shop.id, str(delivery.payload.get("product_id")))
        heard.setdefault(answer, []).append(product)
    if unclear := heard.get(Heard.LOOK):
        return Look(tuple(unclear))
    if set(heard) == {Heard.UNKNOWN}:
        return Later("no listing has this product id")
    return Done(", ".join(sorted(answer.lower() for answer in heard)) or "ignored")


async def _deauthorized(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    touched = await tiktok_shops.deauthorized(
        bench.session, bench.feed, remote_id=delivery.shop_ref, at=told_at(delivery), now=bench.now
    )
    return Done("authorization ended") if touched else IGNORED


async def _expires(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    text = str(delivery.payload.get("expiration_time") or "")
    if not text.isdecimal():
        return Done("ignored: no expiration_time")
    touched = await tiktok_shops.expires(
        bench.session, bench.feed, remote_id=delivery.shop_ref, at=told_at(delivery), expires_at=from_unix(text)
    )
    return Done("expiry noted") if touched else IGNORED


async def _uninstalled(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    shop = await shop_rows.by_domain(bench.session, domain=delivery.shop_ref)
    if shop is None:
        return IGNORED
    ended = await shops.uninstall(
        bench.session, bench.queue, bench.feed, shop_id=shop.id, at=told_at(delivery), now=bench.now
    )
    return Done("uninstalled") if ended else Done("ignored: installed again since")


async def _redact(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    """48 hours after an uninstall everything of the shop is deleted (Shopify fact sheet 2.4)."""
    shop = await shop_rows.by_domain(bench.session, domain=delivery.shop_ref)
    if shop is None:
        return IGNORED
    if not await shops.forget(bench.session, shop_id=shop.id, at=told_at(delivery)):
        return Done("ignored: installed again since")
    await store.blank(bench.session, source=WebhookSource.SHOPIFY, shop_ref=delivery.shop_ref)
    return Done("deleted")


async def _nothing_held(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    return Done("no customer data held")


HANDLERS: Mapping[tuple[WebhookSource, str], Handler] = {
    (WebhookSource.TIKTOK, "5"): _audited,
    (WebhookSource.TIKTOK, "37"): _audited,
    (WebhookSource.TIKTOK, "6"): _deauthorized,
    (WebhookSource.TIKTOK, "7"): _expires,
    (WebhookSource.SHOPIFY, "app/uninstalled"): _uninstalled,
    (WebhookSource.SHOPIFY, "shop/redact"): _redact,
    (WebhookSource.SHOPIFY, "customers/data_request"): _nothing_held,
    (WebhookSource.SHOPIFY, "customers/redact"): _nothing_held,
}
