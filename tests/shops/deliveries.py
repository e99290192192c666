"""Webhooks put into the inbox, and listings for them to speak about."""

from datetime import datetime

from sqlmodel import select

from server.deps import Deps
from server.domain.listings import ListingStatus
from server.kit.ids import new_id
from server.services import inbox
from server.tables import Listing, Product, TikTokShop, WebhookDelivery, WebhookSource


async def receive(
    deps: Deps,
    topic: str,
    shop_ref: str,
    payload: dict[str, object],
    *,
    name: str = "n1",
    at: datetime | None = None,
    source: WebhookSource = WebhookSource.TIKTOK,
) -> None:
    async with deps.database.write() as session:
        await inbox.receive(
            session,
            source=source,
            delivery_id=name,
            shop_ref=shop_ref,
            topic=topic,
            payload=payload,
            triggered_at=at or deps.clock(),
            now=deps.clock(),
        )


async def outcomes(deps: Deps) -> dict[str, tuple[str | None, bool]]:
    """By delivery id: what became of it, and whether it is done."""
    async with deps.database.read() as session:
        rows = (await session.exec(select(WebhookDelivery))).all()
    return {row.delivery_id: (row.outcome, row.done_at is not None) for row in rows}


async def listed(deps: Deps, tiktok_shop: TikTokShop, remote_id: str) -> Listing:
    """A listing of this product id, in review."""
    now = deps.clock()
    product = Product(
        shop_id=tiktok_shop.shop_id,
        remote_id=str(new_id()),
        title="T",
        status="ACTIVE",
        source_updated_at=now,
        imported_at=now,
    )
    row = Listing(
        shop_id=tiktok_shop.shop_id,
        tiktok_shop_id=tiktok_shop.id,
        product_id=product.id,
        remote_id=remote_id,
        status=ListingStatus.IN_REVIEW,
        updated_at=now,
    )
    async with deps.database.write() as session:
        session.add(product)
        await session.flush()
        session.add(row)
    return row


async def status_of(deps: Deps, listing: Listing) -> ListingStatus:
    async with deps.database.read() as session:
        found = await session.get(Listing, listing.id)
    assert found is not None
    return found.status


def audit(remote_id: str, status: str, at: datetime) -> dict[str, object]:
    return {"product_id": int(remote_id), "audit": {"status": status}, "update_time": int(at.timestamp())}
