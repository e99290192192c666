"""What stands on TikTok Shop, whoever put it there, and which of it may be a product of the store."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

import graphql_schema.linking_enums  # noqa: F401 - publishes the closed sets of these types
from graphql_schema.actors import Actor
from graphql_schema.categories import CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.listings import Listing
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.products import Product, load_product
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.linking import Evidence, LinkConflict, LinkState
from server.services.listings.mirror import remote


@strawberry.type
class RemoteSku:
    """One SKU of a product on TikTok Shop."""

    remote_id: str = strawberry.field(description="TikTok's id of the SKU.")
    seller_sku: str = strawberry.field(description="The seller's own SKU; empty when there is none.")
    barcode: str = strawberry.field(description="Its GTIN, EAN or UPC, once it was read; empty when there is none.")


@strawberry.type
class RemoteProduct(Node):
    """A product on TikTok Shop as it was last seen, whoever put it there."""

    row: strawberry.Private[tables.RemoteProduct]
    remote_id: str = strawberry.field(description="TikTok's id of the product.")
    title: str = strawberry.field(description="Its title there.")
    status: str = strawberry.field(description="TikTok's own word for where it stands, e.g. `ACTIVATE`.")
    external_product_id: str | None = strawberry.field(
        description="The id that whoever created it gave it; null until its details were read."
    )
    skus: list[RemoteSku] = strawberry.field(description="Its SKUs.")
    category_ref: CategoryRefOutput | None = strawberry.field(description="Its category, once its details were read.")
    created_at: datetime = strawberry.field(description="When it was created on TikTok Shop.")
    updated_at: datetime = strawberry.field(description="When it last changed there.")
    seen_at: datetime = strawberry.field(description="When Leafmark last saw it.")

    @classmethod
    def of(cls, row: tables.RemoteProduct) -> "RemoteProduct":
        """A row as clients see it."""
        return cls(
            id=gid("RemoteProduct", row.id),
            row=row,
            remote_id=row.remote_id,
            title=row.title,
            status=row.status,
            external_product_id=row.external_product_id,
            skus=[_sku(one) for one in row.skus],
            category_ref=CategoryRefOutput.kept(row.category_id, row.category_version),
            created_at=row.source_created_at,
            updated_at=row.source_updated_at,
            seen_at=row.seen_at,
        )

    @strawberry.field
    async def listing(self, info: Info) -> Listing | None:
        """The listing that stands for it; null when it is nobody's, or another connector's."""
        found = await info.context.loaders.listings_at.load((self.row.tiktok_shop_id, self.row.remote_id))
        return None if found is None else Listing.of(found)


def _sku(kept: Mapping[str, Any]) -> RemoteSku:
    return RemoteSku(remote_id=kept["id"], seller_sku=kept["seller_sku"], barcode=kept["identifier"])


@strawberry.type
class LinkProposal(Node):
    """A product of the store and one on TikTok Shop that may be the same."""

    row: strawberry.Private[tables.LinkProposal]
    state: LinkState = strawberry.field(description="What was decided about the pair.")
    remote_id: str = strawberry.field(description="TikTok's id of the product there.")
    evidence: list[Evidence] = strawberry.field(description="What speaks for it, strongest first.")
    conflicts: list[LinkConflict] = strawberry.field(
        description="Why it is not certain. Empty for a certain one that waits because the match policy says so."
    )
    created_at: datetime = strawberry.field(description="When the pair was found.")
    decided_at: datetime | None = strawberry.field(description="When it was decided, if it was.")
    decided_by: Actor | None = strawberry.field(description="Who decided, if it was decided.")

    @classmethod
    def of(cls, row: tables.LinkProposal) -> "LinkProposal":
        """A row as clients see it."""
        return cls(
            id=gid("LinkProposal", row.id),
            row=row,
            state=row.state,
            remote_id=row.remote_id,
            evidence=[Evidence(one) for one in row.evidence],
            conflicts=[LinkConflict(one) for one in row.conflicts],
            created_at=row.created_at,
            decided_at=row.decided_at,
            decided_by=None if row.decided_by is None else Actor.of(row.decided_by),
        )

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product of the store."""
        return await load_product(info, self.row.product_id)

    @strawberry.field
    async def remote_product(self, info: Info) -> RemoteProduct | None:
        """The product on TikTok Shop; null when it is gone."""
        found = await info.context.loaders.remote_products_at.load((self.row.tiktok_shop_id, self.row.remote_id))
        return None if found is None else RemoteProduct.of(found)

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop."""
        return await load_tiktok_shop(info, self.row.tiktok_shop_id)


@findable("RemoteProduct")
async def _find_remote(info: Info, remote_row: UUID) -> RemoteProduct | None:
    row = await info.context.loaders.remote_products.load(remote_row)
    return None if row is None else RemoteProduct.of(row)


@findable("LinkProposal")
async def _find_proposal(info: Info, proposal_id: UUID) -> LinkProposal | None:
    row = await info.context.loaders.link_proposals.load(proposal_id)
    return None if row is None else LinkProposal.of(row)


ShopId = Annotated[strawberry.ID, strawberry.argument(name="tiktokShopId", description="The TikTok shop.")]


@strawberry.type
class LinkingQuery:
    """What stands on TikTok Shop."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def remote_products(
        self,
        info: Info,
        tiktok_shop_id: ShopId,
        linked: Annotated[
            bool | None, strawberry.argument(description="Only those that a listing stands for, or only the others.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RemoteProduct]:
        """Products on TikTok Shop as the last sweep saw them, the newest there first."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await remote.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                linked=linked,
                args=args,
            )
        return connection_of(page, RemoteProduct.of)

    @strawberry.field(permission_classes=[ReadProducts])
    async def link_proposals(
        self,
        info: Info,
        tiktok_shop_id: ShopId,
        states: Annotated[
            list[LinkState] | None, strawberry.argument(description="Only pairs in one of these states.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LinkProposal]:
        """Pairs that may be one product, with what speaks for and against each."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await remote.proposals(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                states=states or (),
                args=args,
            )
        return connection_of(page, LinkProposal.of)
