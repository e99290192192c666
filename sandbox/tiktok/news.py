"""Webhooks about products and authorizations (fact sheet 4.4), handed to the outbox."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sandbox.tiktok.product import Product

if TYPE_CHECKING:
    from sandbox.world import World

PRODUCT_STATUS, DEAUTHORIZED, EXPIRING, CHANGED, CREATED, CATEGORY, AUDIT = 5, 6, 7, 15, 16, 18, 37
# Names the Event API subscribes by (fact sheet 4.5); they give the address per shop and topic.
EVENT_NAMES: Mapping[int, str] = {
    1: "ORDER_STATUS_CHANGE",
    3: "RECIPIENT_ADDRESS_UPDATE",
    4: "PACKAGE_UPDATE",
    PRODUCT_STATUS: "PRODUCT_STATUS_CHANGE",
    DEAUTHORIZED: "SELLER_DEAUTHORIZATION",
    EXPIRING: "UPCOMING_AUTHORIZATION_EXPIRATION",
    11: "CANCELLATION_STATUS_CHANGE",
    12: "RETURN_STATUS_CHANGE",
    13: "NEW_CONVERSATION",
    14: "NEW_MESSAGE",
    33: "NEW_MESSAGE_LISTENER",
    CHANGED: "PRODUCT_INFORMATION_CHANGE",
    CREATED: "PRODUCT_CREATION",
    CATEGORY: "PRODUCT_CATEGORY_CHANGE",
    36: "INVOICE_STATUS_CHANGE",
    AUDIT: "PRODUCT_AUDIT_STATUS_CHANGE",
}
BASIC_SCOPE = "seller.product.basic"


def created(world: "World", product: Product) -> None:
    """16: created through any channel, before the audit."""
    _about(world, product, CREATED, {"product_id": int(product.id), "product_types": []})


def audited(world: "World", product: Product) -> None:
    """37: the audit state changed."""
    audit: dict[str, object] = {"status": product.audit.value}
    if product.pre_approved_reasons:
        audit["pre_approved_reasons"] = list(product.pre_approved_reasons)
    _about(world, product, AUDIT, {"product_id": int(product.id), "audit": audit})


def status_changed(world: "World", product: Product, status: str, reason: str = "") -> None:
    """5: first pass, failure, or a change by the platform; here the id is a JSON number."""
    data = {"product_id": int(product.id), "status": status, "suspended_reason": reason}
    _about(world, product, PRODUCT_STATUS, data)


def content_changed(world: "World", product: Product, fields: Sequence[str], source: str) -> None:
    """15: live content changed; here the id is a string."""
    data = {"product_id": product.id, "change_source": source, "changed_fields": list(fields)}
    _about(world, product, CHANGED, data)


def category_changed(world: "World", product: Product, before: str) -> None:
    """18: any change of category, by whomever."""
    data = {
        "product_id": product.id,
        "previous_category_id": before,
        "current_category_id": product.base.category_id,
    }
    _about(world, product, CATEGORY, data)


def authorization(world: "World", kind: int, shop_id: str, data: Mapping[str, object]) -> None:
    """6 and 7: about the authorization itself."""
    shop = world.tiktok.shops[shop_id]
    subscription = shop.subscriptions.get(EVENT_NAMES[kind])
    world.outbox.tiktok(kind, shop_id, data, url=subscription.address if subscription else None)


def _about(world: "World", product: Product, kind: int, data: Mapping[str, object]) -> None:
    """Product topics go out for shops that some app may read (Product Basic scope)."""
    state, shop_id = world.tiktok, product.shop_id
    readers = (grant for grant in state.grants.values() if shop_id in grant.shop_ids and not grant.revoked)
    if not any(BASIC_SCOPE in grant.scopes for grant in readers):
        return
    subscription = state.shops[shop_id].subscriptions.get(EVENT_NAMES[kind])
    address = subscription.address if subscription else None
    world.outbox.tiktok(kind, shop_id, {**data, "update_time": product.update_time}, url=address)
