"""What stands on TikTok Shop, for the tests of linking: put there by other hands, swept, and changed unheard."""

from typing import Any

from sqlmodel import col, select

from server.domain.linking import LinkState
from server.domain.listings import ListingStatus
from server.services.listings.mirror import sweeping
from server.tables import LinkProposal, ListingChange, RemoteProduct, RemoteShelf, Task, WebhookDelivery
from tests.listing.stall import Stall


class Shelf:
    """Short words for what the tests do and see."""

    def __init__(self, stall: Stall) -> None:
        self.stall = stall
        stall.world.settings.audit = "never"

    async def sweep(self, *, key: str | None = None) -> Task:
        """A sweep, played to its end."""
        deps = self.stall.deps
        async with deps.database.write() as session:
            task = await sweeping.start(
                session,
                deps.queue,
                deps.feed,
                **self.stall.where,
                started_by="test",
                idempotency_key=key,
                now=deps.clock(),
            )
        return await self.stall.played(task)

    async def control(self, path: str, **asked: Any) -> dict[str, Any]:
        """The sandbox is told something."""
        deps = self.stall.deps
        answer = await deps.http.post(f"{deps.settings.tiktok_api_url}/_sandbox/tiktok/{path}", json=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def put(
        self,
        *skus: str,
        external: str = "",
        codes: tuple[str, ...] = (),
        title: str = "Old Candle",
        as_draft: bool = False,
    ) -> str:
        """Another connector creates a product; returns TikTok's id. A picture must be there."""
        image = next(iter(self.stall.world.tiktok.images))
        warehouse = self.stall.tiktok_shop.warehouse_id
        body: dict[str, Any] = {
            "title": title,
            "description": "<p>Burns for a day.</p>",
            "category_id": "1008592",
            "category_version": "v2",
            "main_images": [{"uri": image}],
            "package_weight": {"value": "0.5", "unit": "KILOGRAM"},
            "package_dimensions": {"length": "10", "width": "10", "height": "10", "unit": "CENTIMETER"},
            "skus": [
                {
                    "seller_sku": sku,
                    "price": {"amount": "19.90", "currency": "USD"},
                    "inventory": [{"warehouse_id": warehouse, "quantity": 3}],
                    **({"sales_attributes": [{"name": "Kind", "value_name": f"No. {at}"}]} if len(skus) > 1 else {}),
                    **({"identifier_code": {"code": codes[at], "type": "EAN"}} if codes else {}),
                }
                for at, sku in enumerate(skus)
            ],
        }
        if external:
            body["external_product_id"] = external
        made = await self.control("other-hand", body=body, made_by="Other Connector", as_draft=as_draft)
        return str(made["product_id"])

    async def mirror(self) -> dict[str, RemoteProduct]:
        async with self.stall.deps.database.read() as session:
            return {row.remote_id: row for row in await session.exec(select(RemoteProduct))}

    async def known(self) -> RemoteShelf:
        async with self.stall.deps.database.read() as session:
            return (await session.exec(select(RemoteShelf))).one()

    async def proposals(self, *states: LinkState) -> list[LinkProposal]:
        async with self.stall.deps.database.read() as session:
            rows = await session.exec(select(LinkProposal).order_by(col(LinkProposal.remote_id)))
            return [row for row in rows if not states or row.state in states]

    async def history(self) -> list[tuple[str, str, dict[str, Any]]]:
        async with self.stall.deps.database.read() as session:
            rows = await session.exec(select(ListingChange).order_by(col(ListingChange.at), col(ListingChange.id)))
            return [(row.kind, row.cause, row.fields) for row in rows]

    async def statuses(self) -> list[ListingStatus]:
        return [listing.status for listing in await self.stall.listings()]

    async def heard(self) -> int:
        """How many webhooks ever came."""
        async with self.stall.deps.database.read() as session:
            return len(list(await session.exec(select(WebhookDelivery.id))))
