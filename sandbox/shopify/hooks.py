"""Which subscriptions hear of an event: the app's own address (as the TOML declares it) and those made by API."""

from collections.abc import Mapping
from uuid import UUID

from sandbox.deliveries import Delivery
from sandbox.shopify.objects import Product
from sandbox.shopify.search import parse_search
from sandbox.shopify.shops import Shop
from sandbox.shopify.subscriptions import Subscription, topic_in_header
from sandbox.world import World


def emit(world: World, shop: Shop, topic: str, payload: Mapping[str, object], product: Product | None = None) -> None:
    """Queue one event (`PRODUCTS_UPDATE`); one event id for all its deliveries, a subscription's filter is obeyed."""
    if not shop.installed and topic != "APP_UNINSTALLED":
        return
    event = str(UUID(int=world.rng.getrandbits(128), version=4))
    header = topic_in_header(topic)
    own = world.outbox.targets.shopify
    subscriptions = [one for one in shop.subscriptions.values() if one.topic == topic]
    if own is not None and all(one.uri != own for one in subscriptions):
        world.outbox.shopify(header, shop.domain, payload, event_id=event)
    for one in subscriptions:
        if one.uri.startswith("http") and _wants(one, product, world.clock.now()):
            body = _trimmed(payload, one.include_fields)
            world.outbox.shopify(
                header, shop.domain, body, url=one.uri, name=one.name, event_id=event, subscription=one.gid
            )


def forget_exhausted(world: World, delivery: Delivery) -> None:
    """A subscription made by API is deleted when a delivery failed for the last time (Shopify fact sheet 2.2)."""
    for shop in world.shopify.shops.values():
        gone = [number for number, one in shop.subscriptions.items() if one.gid == delivery.subscription]
        for number in gone:
            del shop.subscriptions[number]


def _wants(subscription: Subscription, product: Product | None, now: float) -> bool:
    if product is None or not subscription.filter:
        return True
    test = parse_search(subscription.filter, now, {})
    return test is None or test(product)


def _trimmed(payload: Mapping[str, object], include: list[str]) -> Mapping[str, object]:
    """Only the named fields; `variants.id` keeps the list with that field alone."""
    if not include:
        return payload
    trimmed: dict[str, object] = {}
    for path in include:
        name, _, inner = path.partition(".")
        value = payload.get(name)
        if inner and isinstance(value, list):
            kept = trimmed.setdefault(name, [{} for _ in value])
            for target, source in zip(kept if isinstance(kept, list) else [], value, strict=True):
                target[inner] = source.get(inner)
        elif name in payload:
            trimmed[name] = value
    return trimmed
