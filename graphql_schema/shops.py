"""The store itself."""

from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.nodes import Node, findable, gid
from graphql_schema.permissions import AnyCaller
from graphql_schema.tiktok_shops import TikTokShop
from server import tables
from server.domain.paging import MAX_PAGE, PageArgs
from server.services import products, tiktok_shops


@strawberry.type
class Shop(Node):
    """A Shopify store that installed the app."""

    domain: str = strawberry.field(description="Its permanent domain, `<name>.myshopify.com`.")
    name: str = strawberry.field(description="Its name.")
    currency: str = strawberry.field(description="The currency of its prices, ISO 4217.")
    country: str = strawberry.field(description="Where it is based, ISO 3166-1 alpha-2.")
    timezone: str = strawberry.field(description="Its time zone, IANA.")
    installed_at: datetime = strawberry.field(description="When it installed the app.")

    @classmethod
    def of(cls, row: tables.Shop) -> "Shop":
        """A row as clients see it."""
        return cls(
            id=gid("Shop", row.id),
            domain=row.domain,
            name=row.name,
            currency=row.currency,
            country=row.country,
            timezone=row.timezone,
            installed_at=row.installed_at,
        )

    @strawberry.field(name="tiktokShops")
    async def tiktok_shops(self, info: Info) -> list[TikTokShop]:
        """Its TikTok shops in the order of their first connection, disconnected ones too. Surely few: one a market."""
        async with info.context.read() as session:
            page = await tiktok_shops.page(session, shop_id=info.context.shop_id, args=PageArgs(first=MAX_PAGE))
        return [TikTokShop.of(row) for row in page.nodes]

    @strawberry.field
    async def products_count(self, info: Info) -> int:
        """How many products it has."""
        async with info.context.read() as session:
            return await products.count(session, shop_id=info.context.shop_id)


async def load_shop(info: Info, shop_id: UUID) -> Shop | None:
    """The caller's own store; nothing for any other id."""
    row = await info.context.loaders.shop.load(shop_id)
    return None if row is None else Shop.of(row)


findable("Shop")(load_shop)


@strawberry.type
class ShopQuery:
    """The store."""

    @strawberry.field(permission_classes=[AnyCaller])
    async def shop(self, info: Info) -> Shop | None:
        """The caller's store."""
        return await load_shop(info, info.context.shop_id)
