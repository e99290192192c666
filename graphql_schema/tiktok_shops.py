"""TikTok shops of the store, and connecting them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.category_trees import CategoryTree
from graphql_schema.context import Info
from graphql_schema.listing_edits import FieldGroupOwner, defaults_of
from graphql_schema.mutations import attempt
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.other_connectors import OtherConnectorEvidence, evidence_of
from graphql_schema.permissions import ManageShop, ReadProducts
from graphql_schema.policy import CategoryPolicy, ForAudience, InReading, On, policy_of_shop
from graphql_schema.scalars import URL
from graphql_schema.template_types import ContentParts
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.categories import CategoryVersion
from server.domain.linking import OnMatch
from server.domain.listings import ListingStatus
from server.domain.markets import Market, SellerType
from server.domain.policy_rows import Audience, Reading
from server.domain.template_json import content_from_json
from server.services import recommendations, tiktok_connecting, tiktok_shops
from server.services.tiktok_connecting import AuthorizeLinks, ConnectLink
from server.services.tiktok_shops import ConnectionStatus


@strawberry.type
class ListingCount:
    """How many products have one status."""

    status: ListingStatus = strawberry.field(description="The status; products never listed are NOT_SYNCED.")
    count: int = strawberry.field(description="How many.")


@strawberry.type
class ListingQuota:
    """How many new products TikTok lets the shop list in a day. Days are UTC."""

    listed_today: int = strawberry.field(description="How many Leafmark listed today, products put up again included.")
    daily_limit: int | None = strawberry.field(
        description="TikTok's limit, learned when it last refused one more; null while it is not known."
    )
    resumes_at: datetime | None = strawberry.field(
        description="When listing goes on by itself; null while more may be listed today."
    )


@strawberry.type
class TikTokShop(Node):
    """One shop of a TikTok seller, in one market."""

    row: strawberry.Private[tables.TikTokShop]
    remote_id: str = strawberry.field(description="TikTok's own id of the shop.")
    code: str = strawberry.field(description="TikTok's shop code, as Seller Center shows it.")
    name: str = strawberry.field(description="Its name on TikTok Shop.")
    market: Market = strawberry.field(description="Where it sells.")
    seller_type: SellerType = strawberry.field(description="What kind of seller stands behind it.")
    enforced_version: CategoryVersion | None = strawberry.field(
        description="The category tree that TikTok told us this shop must use; null while it accepts both."
    )
    recommendation_threshold: float = strawberry.field(
        description="How probable a category must be to be proposed, 0 to 1."
    )
    connected_at: datetime = strawberry.field(description="When it was first connected.")
    disconnected_at: datetime | None = strawberry.field(description="When it was disconnected, if it was.")

    @classmethod
    def of(cls, row: tables.TikTokShop) -> "TikTokShop":
        """A row as clients see it."""
        return cls(
            id=gid("TikTokShop", row.id),
            row=row,
            remote_id=row.remote_id,
            code=row.code,
            name=row.name,
            market=row.market,
            seller_type=row.seller_type,
            enforced_version=row.enforced_version,
            recommendation_threshold=recommendations.threshold_of(row),
            connected_at=row.connected_at,
            disconnected_at=row.disconnected_at,
        )

    @strawberry.field
    async def status(self, info: Info) -> ConnectionStatus:
        """Whether Leafmark can act for it."""
        grant = await info.context.loaders.grants.load(self.row.authorization_id)
        if grant is None:
            return ConnectionStatus.DISCONNECTED
        return tiktok_shops.status_of(self.row, grant, now=info.context.now)

    @strawberry.field
    async def authorization_expires_at(self, info: Info) -> datetime | None:
        """When the seller's authorization ends unless renewed; null when it has ended."""
        grant = await info.context.loaders.grants.load(self.row.authorization_id)
        return None if grant is None or grant.ended_at is not None else grant.refresh_expires_at

    @strawberry.field
    def defaults(self) -> ContentParts:
        """What holds for its products where neither they, nor their template, nor its blocks say anything."""
        content, _ = content_from_json(self.row.defaults)
        return ContentParts.of(content)

    @strawberry.field
    def field_owners(self) -> list[FieldGroupOwner]:
        """Who owns which fields of its listings, unless a listing says otherwise."""
        return defaults_of(self.row)

    @strawberry.field
    async def listing_counts(self, info: Info) -> list[ListingCount]:
        """How many of the store's products stand where; every status is there."""
        counts = await info.context.loaders.listing_counts.load(self.row.id)
        return [ListingCount(status=status, count=count) for status, count in counts.items()]

    @strawberry.field
    async def quota(self, info: Info) -> ListingQuota:
        """Where it stands with the products it may list in a day."""
        known = await info.context.loaders.quotas.load(self.row.id)
        return ListingQuota(listed_today=known.listed, daily_limit=known.daily_limit, resumes_at=known.resumes_at)

    @strawberry.field
    async def swept_at(self, info: Info) -> datetime | None:
        """When everything that stands in it was last looked at; null before the first sweep has ended."""
        shelf = await info.context.loaders.shelves.load(self.row.id)
        return None if shelf is None else shelf.swept_at

    @strawberry.field
    async def match_policy(self, info: Info) -> OnMatch:
        """What listing does with products that seem to be on TikTok Shop already."""
        shelf = await info.context.loaders.shelves.load(self.row.id)
        return OnMatch.LINK if shelf is None else shelf.on_match

    @strawberry.field
    async def other_connector_suspected(self, info: Info) -> list[OtherConnectorEvidence]:
        """Traces of another connector, or of a person, as the last sweep found them; empty when there are none."""
        return evidence_of(await info.context.loaders.shelves.load(self.row.id))

    @strawberry.field
    async def category_trees(self, info: Info) -> list[CategoryTree]:
        """The category trees that are kept for it, by version and language."""
        return [CategoryTree.of(row) for row in await info.context.loaders.trees_of.load(self.row.id)]

    @strawberry.field
    async def category_policy(
        self,
        info: Info,
        on: On = None,
        audience: ForAudience = Audience.ORDINARY,
        reading: InReading = Reading.CAREFUL,
    ) -> CategoryPolicy:
        """Which trees it may use on a day; what TikTok itself told it is stronger than the calendar."""
        return await policy_of_shop(info, self.row, on, audience, reading)


async def load_tiktok_shop(info: Info, tiktok_shop_id: UUID) -> TikTokShop | None:
    """A TikTok shop by row id, through this operation's loader."""
    row = await info.context.loaders.tiktok_shops.load(tiktok_shop_id)
    return None if row is None else TikTokShop.of(row)


findable("TikTokShop")(load_tiktok_shop)


@strawberry.type
class TikTokShopQuery:
    """TikTok shops."""

    @strawberry.field(name="tiktokShop", permission_classes=[ReadProducts])
    async def tiktok_shop(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The TikTok shop's id.")]
    ) -> TikTokShop | None:
        """One TikTok shop of the store; null when there is none such."""
        return await load_tiktok_shop(info, row_id("TikTokShop", id, "id"))


@strawberry.input
class TikTokShopConnectInput:
    """Where the seller sells."""

    market: Market = strawberry.field(description="Decides which of TikTok's pages the seller signs in on.")


@strawberry.type
class TikTokShopConnectPayload:
    """Answer of `tiktokShopConnect`."""

    authorize_url: URL | None = strawberry.field(description="Open it at the top level of the browser; works once.")
    expires_at: datetime | None = strawberry.field(description="When the address stops working.")
    user_errors: list[UserError] = strawberry.field(description="Why there is no address; empty when there is.")


@strawberry.input
class TikTokShopDisconnectInput:
    """Which TikTok shop."""

    tiktok_shop_id: strawberry.ID = strawberry.field(description="The TikTok shop's id.")


@strawberry.type
class TikTokShopDisconnectPayload:
    """Answer of `tiktokShopDisconnect`."""

    tiktok_shop: TikTokShop | None = strawberry.field(
        name="tiktokShop", description="The TikTok shop, now disconnected."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class TikTokShopMutation:
    """Connecting TikTok shops."""

    @strawberry.mutation(permission_classes=[ManageShop])
    async def tiktok_shop_connect(
        self,
        info: Info,
        input: Annotated[TikTokShopConnectInput, strawberry.argument(description="Where the seller sells.")],
    ) -> TikTokShopConnectPayload | None:
        """Begin to connect a TikTok seller, who consents at the address. Their shops appear in `shop.tiktokShops`."""
        settings = info.context.deps.settings
        links = AuthorizeLinks(
            settings.tiktok_service_id, settings.tiktok_authorize_url_us, settings.tiktok_authorize_url
        )

        async def work(session: Session) -> ConnectLink:
            return await tiktok_connecting.start(
                session, links, shop_id=info.context.shop_id, market=input.market, now=info.context.now
            )

        link, errors = await attempt(info, work)
        return TikTokShopConnectPayload(
            authorize_url=None if link is None else URL(link.url),
            expires_at=None if link is None else link.expires_at,
            user_errors=errors,
        )

    @strawberry.mutation(permission_classes=[ManageShop])
    async def tiktok_shop_disconnect(
        self,
        info: Info,
        input: Annotated[TikTokShopDisconnectInput, strawberry.argument(description="Which TikTok shop.")],
    ) -> TikTokShopDisconnectPayload | None:
        """Stop all work for a TikTok shop. Its listings stay on TikTok Shop and stay known here."""
        context = info.context

        async def work(session: Session) -> tables.TikTokShop:
            return await tiktok_shops.disconnect(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return TikTokShopDisconnectPayload(tiktok_shop=None if row is None else TikTokShop.of(row), user_errors=errors)
