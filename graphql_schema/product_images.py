"""A product's pictures, and what became of them on TikTok Shop."""

from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.paging import Connection, connection_of, page_of_list
from server import tables
from server.domain.paging import PageArgs
from server.services.images import ShownImage


@strawberry.type
class UploadedPicture:
    """A picture on TikTok's own servers; a product names it by its URI."""

    uri: str = strawberry.field(description="As TikTok's calls name it.")
    url: str = strawberry.field(description="Where it can be looked at.")
    width: int | None = strawberry.field(description="Pixels across, as TikTok told.")
    height: int | None = strawberry.field(description="Pixels down, as TikTok told.")
    uploaded_at: datetime = strawberry.field(description="When it was uploaded.")

    @classmethod
    def of(cls, row: tables.TikTokImage) -> "UploadedPicture":
        """A row as clients see it."""
        return cls(uri=row.uri, url=row.url, width=row.width, height=row.height, uploaded_at=row.uploaded_at)


@strawberry.type
class ProductImage:
    """A picture of a product, in its place."""

    remote_id: str | None = strawberry.field(description="Shopify's id of it, if it has one.")
    url: str = strawberry.field(description="Where the store keeps it.")
    alt: str = strawberry.field(description="Its description for people who cannot see it; may be empty.")
    width: int | None = strawberry.field(description="Pixels across, if they are known.")
    height: int | None = strawberry.field(description="Pixels down, if they are known.")
    uploaded: UploadedPicture | None = strawberry.field(
        description="The same in the TikTok shop that was asked about; null until it was uploaded there."
    )

    @classmethod
    def of(cls, shown: ShownImage) -> "ProductImage":
        """A service's value as clients see it."""
        image, local, there = shown.image, shown.local, shown.uploaded
        return cls(
            remote_id=image.remote_id,
            url=local.url,
            alt=image.alt,
            width=local.width,
            height=local.height,
            uploaded=None if there is None else UploadedPicture.of(there),
        )


async def load_images(
    info: Info, tiktok_shop_id: UUID | None, product_id: UUID, args: PageArgs
) -> Connection[ProductImage]:
    """A page of a product's pictures, through this operation's loader."""
    rows = await info.context.loaders.images_of.load((tiktok_shop_id, product_id))
    return connection_of(page_of_list(rows, args, lambda shown: str(shown.image.position)), ProductImage.of)
