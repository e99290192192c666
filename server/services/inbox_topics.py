"""What each webhook topic does. A handler may run twice and out of order, so each compares times before it acts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.audits import News, read_move, read_news
from server.feed import Feed
from server.kit.clock import from_unix
from server.queue import Queue
from server.services import imports, listings, shops, tiktok_shops
from server.services.listings import Heard
from server.services.listings.editing import elsewhere
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
    """A listing's product, as one store knows it, and the news that did not say enough."""

    shop_id: UUID
    tiktok_shop_id: UUID
    remote_id: str
    news: News | None


@dataclass(frozen=True, slots=True)
class Look:
    """The platform did not say what changed: read the products outside of any transaction, then ``saw`` each."""

    products: tuple[ProductToRead, ...]


@dataclass(frozen=True, slots=True)
class Reread:
    """Something happened to a store's product: read it outside of any transaction, then ``imports.touch``."""

    shop_id: UUID
    remote_id: str


Outcome = Done | Later | Failed
Reading = Look | Reread

IGNORED = Done("ignored")

_PRODUCT_GID = "gid://shopify/Product/"
_LONGEST_ID = 255
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Bench:
    """What a handler works with: one transaction, and the bells to ring after it."""

    session: Session
    queue: Queue
    feed: Feed
    now: datetime


Handler = Callable[[Bench, WebhookDelivery], Awaitable[Outcome | Reading]]


async def apply(bench: Bench, delivery: WebhookDelivery) -> Outcome | Reading:
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
        confirmed=True,
        asked=asked.news,
    )
    return Done(f"looked: {heard.lower()}")


async def _audited(bench: Bench, delivery: WebhookDelivery) -> Outcome | Look:
    """Types 5 and 37. The shop may be connected to several stores; each has its own listings."""
    heard: dict[Heard, list[ProductToRead]] = {}
    news = read_news(delivery.topic, delivery.payload)
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
        product = ProductToRead(shop.shop_id, shop.id, str(delivery.payload.get("product_id")), news)
        heard.setdefault(answer, []).append(product)
    if unclear := heard.get(Heard.LOOK):
        return Look(tuple(unclear))
    if set(heard) == {Heard.UNKNOWN}:
        return Later("no listing has this product id")
    return Done(", ".join(sorted(answer.lower() for answer in heard)) or "ignored")


async def _changed_on_tiktok(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    """Types 15 and 18: content or category changed, by the seller, another app or ourselves."""
    told = delivery.payload
    remote_id, source = str(told.get("product_id") or ""), str(told.get("change_source") or "")
    news = read_move(delivery.topic, told)
    ours = []
    for shop, _ in await tiktok_rows.by_remote_id(bench.session, remote_id=delivery.shop_ref):
        where = {"shop_id": shop.shop_id, "tiktok_shop_id": shop.id}
        if news is not None:
            await elsewhere.moved(bench.session, **where, move=news, now=bench.now)
        ours.append(await elsewhere.heard(bench.session, **where, remote_id=remote_id, source=source, now=bench.now))
    return Done("noted") if any(ours) else IGNORED


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


async def _product_changed(bench: Bench, delivery: WebhookDelivery) -> Outcome | Reread:
    """Whatever the topic, the product is read anew, and what is read wins (Shopify fact sheet 2.3)."""
    shop = await shop_rows.by_domain(bench.session, domain=delivery.shop_ref)
    remote_id = _product_id(delivery.payload)
    if shop is None or shop.uninstalled_at is not None or remote_id is None:
        return IGNORED
    known = await imports.standing(bench.session, shop_id=shop.id, remote_id=remote_id)
    if delivery.topic == "products/delete" and (known is None or known.deleted_at is not None):
        return Done("nothing to delete")
    if known is not None and known.is_read_since(delivery.received_at, _moment(delivery.payload.get("updated_at"))):
        return Done("read since")
    return Reread(shop.id, remote_id)


async def _export_ended(bench: Bench, delivery: WebhookDelivery) -> Outcome:
    """An import that waits for this export looks at once, not at its next turn (Shopify fact sheet 3.6)."""
    shop = await shop_rows.by_domain(bench.session, domain=delivery.shop_ref)
    operation = str(delivery.payload.get("admin_graphql_api_id") or "")
    if shop is None or not operation:
        return IGNORED
    woken = await imports.export_ended(bench.session, bench.queue, shop_id=shop.id, operation=operation, now=bench.now)
    return Done("import woken") if woken else Done("ignored: nobody waits")


def _product_id(payload: Mapping[str, Any]) -> str | None:
    """The GID; a deletion tells the number only, of which this one may be made (Shopify fact sheet 3.7)."""
    given, number = payload.get("admin_graphql_api_id"), str(payload.get("id") or "")
    if isinstance(given, str) and given.startswith(_PRODUCT_GID) and len(given) <= _LONGEST_ID:
        return given
    return f"{_PRODUCT_GID}{number}" if number.isdecimal() and len(number) <= _LONGEST_NUMBER else None


def _moment(told: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


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
    (WebhookSource.TIKTOK, "15"): _changed_on_tiktok,
    (WebhookSource.TIKTOK, "18"): _changed_on_tiktok,
    (WebhookSource.TIKTOK, "6"): _deauthorized,
    (WebhookSource.TIKTOK, "7"): _expires,
    (WebhookSource.SHOPIFY, "app/uninstalled"): _uninstalled,
    (WebhookSource.SHOPIFY, "bulk_operations/finish"): _export_ended,
    (WebhookSource.SHOPIFY, "products/create"): _product_changed,
    (WebhookSource.SHOPIFY, "products/update"): _product_changed,
    (WebhookSource.SHOPIFY, "products/delete"): _product_changed,
    (WebhookSource.SHOPIFY, "shop/redact"): _redact,
    (WebhookSource.SHOPIFY, "customers/data_request"): _nothing_held,
    (WebhookSource.SHOPIFY, "customers/redact"): _nothing_held,
}
