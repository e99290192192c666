"""Which products a list shows."""

from enum import StrEnum

import strawberry

from graphql_schema.enums import publish
from graphql_schema.nodes import row_id
from server.domain.listings import ListingStatus
from server.services.products import ListedAs


class ProductStatus(StrEnum):
    """Where a product stands in Shopify."""

    ACTIVE = "ACTIVE"
    DRAFT = "DRAFT"
    ARCHIVED = "ARCHIVED"
    UNLISTED = "UNLISTED"


publish(
    ProductStatus,
    "Where a product stands in Shopify.",
    {
        ProductStatus.ACTIVE: "On sale in the store.",
        ProductStatus.DRAFT: "Not finished yet.",
        ProductStatus.ARCHIVED: "No longer sold.",
        ProductStatus.UNLISTED: "On sale to those who have its address.",
    },
)


@strawberry.input
class ProductsFilter:
    """Which products. Without any of these: all that the store has."""

    search: str | None = strawberry.field(
        default=None,
        description="Only products with words in title, vendor, type or tags that begin with all of these.",
    )
    statuses: list[ProductStatus] | None = strawberry.field(default=None, description="Only these statuses.")
    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="The TikTok shop that `listingStatuses` speaks of."
    )
    listing_statuses: list[ListingStatus] | None = strawberry.field(
        default=None,
        description="Only these statuses on TikTok Shop; products never listed are NOT_SYNCED. Needs `tiktokShopId`.",
    )
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only products that were last listed with this category template."
    )

    def listed(self, *under: str) -> ListedAs | None:
        """What is asked about listings, if anything; ``under``: where the filter stands, if in an input."""
        if self.listing_statuses is None and self.template_id is None and self.tiktok_shop_id is None:
            return None
        shop, template, here = self.tiktok_shop_id, self.template_id, (*under, "filter")
        return ListedAs(
            tiktok_shop_id=None if shop is None else row_id("TikTokShop", shop, *here, "tiktokShopId"),
            statuses=self.listing_statuses or (),
            template_id=None if template is None else row_id("CategoryTemplate", template, *here, "templateId"),
        )
