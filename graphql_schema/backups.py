"""How many listings ride on stand-ins, because what their stores had was empty or refused."""

from uuid import UUID

import strawberry

from graphql_schema.categories import TikTokShopId
from graphql_schema.context import Info
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts
from graphql_schema.templates import CategoryTemplate, load_template
from server.services.listings.backups import backup_counts


@strawberry.type
class ListingBackup:
    """Listings made with one template that send a stand-in for one value."""

    template_row_id: strawberry.Private[UUID | None]
    field: str = strawberry.field(description="Which value, e.g. `package.weight` or `attributes.100392`.")
    listings_count: int = strawberry.field(description="How many listings on TikTok Shop send it.")

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template whose stand-in it is; null when it was deleted since."""
        return None if self.template_row_id is None else await load_template(info, self.template_row_id)


@strawberry.type
class BackupQuery:
    """Listings on stand-ins."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def listing_backups(self, info: Info, tiktok_shop_id: TikTokShopId) -> list[ListingBackup]:
        """Per template and value how many listings send a stand-in: a wrong backup weight costs shipping money."""
        async with info.context.read() as session:
            found = await backup_counts(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
            )
        return [
            ListingBackup(template_row_id=template_id, field=field, listings_count=count)
            for template_id, fields in found.items()
            for field, count in fields.items()
        ]
