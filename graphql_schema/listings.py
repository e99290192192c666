"""Listings: one product in one TikTok shop."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema.categories import Category, CategoryRefOutput, load_category
from graphql_schema.context import Info
from graphql_schema.listing_edits import ListingEdits
from graphql_schema.listing_replicas import ListingReplica, load_replicas
from graphql_schema.loaders import ListingKey
from graphql_schema.nodes import Node, find_row, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.problems import Problem
from graphql_schema.provenance import ValueProvenance
from graphql_schema.templates import CategoryTemplate, load_template
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.categories import CategoryRef
from server.domain.listings import ListingStatus
from server.domain.provenance import provenance_from_json
from server.services.listings import reading

if TYPE_CHECKING:
    from graphql_schema.products import Product


@strawberry.type
class Listing(Node, ListingEdits):
    """A product on its way to, or on, TikTok Shop."""

    row: strawberry.Private[tables.Listing]
    status: ListingStatus = strawberry.field(description="Where it stands.")
    remote_id: str | None = strawberry.field(description="TikTok's id of the product, once there is one.")
    problems: list[Problem] = strawberry.field(description="What is wrong with it, with remedies.")
    last_synced_at: datetime | None = strawberry.field(description="When it was last sent successfully.")
    live_since: datetime | None = strawberry.field(description="Since when buyers see it, if they do.")
    updated_at: datetime = strawberry.field(description="When its state last changed here.")

    @classmethod
    def of(cls, row: tables.Listing) -> "Listing":
        """A row as clients see it."""
        return cls(
            id=gid("Listing", row.id),
            row=row,
            status=row.status,
            remote_id=row.remote_id,
            problems=[Problem.of(problem) for problem in row.problems],
            last_synced_at=row.last_synced_at,
            live_since=row.live_since,
            updated_at=row.updated_at,
        )

    @strawberry.field
    async def product(self, info: Info) -> Annotated["Product", strawberry.lazy("graphql_schema.products")] | None:
        """The product in the store."""
        return cast("Product | None", await find_row(info, "Product", self.row.product_id))

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop."""
        return await load_tiktok_shop(info, self.row.tiktok_shop_id)

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template that it was listed with, unless that is gone."""
        return None if self.row.template_id is None else await load_template(info, self.row.template_id)

    @strawberry.field
    def category_ref(self) -> CategoryRefOutput | None:
        """The category it has on TikTok Shop, once it was sent."""
        return _category_of(self.row)

    @strawberry.field
    def provenance(self) -> list[ValueProvenance]:
        """Where each value came from that TikTok Shop was last told; empty before anything was sent."""
        told = (self.row.sent or {}).get("provenance") or {}
        return [ValueProvenance.of(one) for one in provenance_from_json(told)]

    @strawberry.field
    async def replicas(self, info: Info) -> list[ListingReplica] | None:
        """Its copies in other markets of a cross-border seller, read from TikTok Shop now; at most 25 listings a query.

        Another category, or other options, must be given to all of them together, in Seller Center.
        """
        return await load_replicas(info, self.row.id)

    @strawberry.field
    async def category(self, info: Info) -> Category | None:
        """That category itself; null when the kept tree does not have it."""
        ref = _category_of(self.row)
        if ref is None:
            return None
        return await load_category(info, self.row.tiktok_shop_id, CategoryRef(ref.id, ref.version))


def _category_of(row: tables.Listing) -> CategoryRefOutput | None:
    if row.category_id is None or row.category_version is None:
        return None
    return CategoryRefOutput(id=row.category_id, version=row.category_version)


@findable("Listing")
async def load_listing(info: Info, listing_id: UUID) -> Listing | None:
    """A listing by row id, through this operation's loader."""
    row = await info.context.loaders.listings.load(listing_id)
    return None if row is None else Listing.of(row)


async def load_listing_of(info: Info, tiktok_shop_id: UUID, product_id: UUID) -> Listing | None:
    """A product's listing in one TikTok shop, through this operation's loader; none: never listed there."""
    row = await info.context.loaders.listings_of.load(ListingKey(tiktok_shop_id, product_id))
    return None if row is None else Listing.of(row)


@strawberry.input
class ListingsFilter:
    """Which listings. Without any of these: all of the shop's."""

    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="Only listings in this TikTok shop."
    )
    statuses: list[ListingStatus] | None = strawberry.field(default=None, description="Only these statuses.")
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only listings made with this category template."
    )


@strawberry.type
class ListingQuery:
    """Listings."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def listing(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The listing's id.")]
    ) -> Listing | None:
        """One listing; null when the shop has none such."""
        return await load_listing(info, row_id("Listing", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def listings(
        self,
        info: Info,
        filter: Annotated[ListingsFilter | None, strawberry.argument(description="Which listings.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Listing]:
        """Listings in the order they were first made. A product that was never listed has none."""
        wanted = filter or ListingsFilter()
        args = page_args(info, first, after, last, before)
        shop, template = wanted.tiktok_shop_id, wanted.template_id
        async with info.context.read() as session:
            page = await reading.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=None if shop is None else row_id("TikTokShop", shop, "filter", "tiktokShopId"),
                statuses=wanted.statuses or (),
                template_id=None if template is None else row_id("CategoryTemplate", template, "filter", "templateId"),
                args=args,
            )
        return connection_of(page, Listing.of)
