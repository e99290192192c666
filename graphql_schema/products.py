"""Products as the store has them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.listings import Listing, load_listing_of
from graphql_schema.measures import Weight
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args, page_of_list
from graphql_schema.permissions import ReadProducts
from graphql_schema.product_filters import ProductsFilter, ProductStatus
from graphql_schema.product_images import ProductImage, load_images
from graphql_schema.product_overrides import InShop, ProductOverride, load_override
from graphql_schema.product_readiness import ProductReadiness, load_readiness
from graphql_schema.recommendations import CategoryRecommendation
from graphql_schema.template_matches import TemplateMatch, load_match
from server import tables
from server.domain.weights import WeightUnit
from server.services import products


@strawberry.type
class Money:
    """An amount and its currency."""

    amount: Decimal = strawberry.field(description="How much.")
    currency_code: str = strawberry.field(description="ISO 4217, e.g. `USD`.")


@strawberry.type
class SelectedOption:
    """What a variant chose of one of the product's options."""

    name: str = strawberry.field(description="The option, e.g. `Colour`.")
    value: str = strawberry.field(description="What this variant has, e.g. `Red`.")


@strawberry.type
class ProductOption:
    """Something that a product's variants differ in."""

    name: str = strawberry.field(description="The option, e.g. `Colour`.")
    values: list[str] = strawberry.field(description="What there is to choose from.")


@strawberry.type
class SourceCategory:
    """The category that the product has in Shopify's own taxonomy."""

    id: str = strawberry.field(description="Shopify's id, `gid://shopify/TaxonomyCategory/...`.")
    full_name: str = strawberry.field(description="Names from the root down, as Shopify writes them.")


@strawberry.type
class ProductVariant:
    """One variant of a product."""

    remote_id: str = strawberry.field(description="Shopify's id, `gid://shopify/ProductVariant/...`.")
    title: str = strawberry.field(description="Shopify's title, e.g. `Red / M`.")
    sku: str | None = strawberry.field(description="The merchant's stock keeping unit, if there is one.")
    barcode: str | None = strawberry.field(description="GTIN, UPC, EAN or ISBN, if there is one.")
    price: Money = strawberry.field(description="Price in the store's currency.")
    compare_at_price: Money | None = strawberry.field(description="The price before a reduction, if there is one.")
    inventory_quantity: int | None = strawberry.field(description="Pieces in stock, all places together.")
    tracked: bool = strawberry.field(description="Whether Shopify counts its stock.")
    weight: Weight | None = strawberry.field(description="Weight as the merchant entered it, if they did.")
    selected_options: list[SelectedOption] = strawberry.field(description="What it chose of each option.")
    image_url: str | None = strawberry.field(description="The variant's own picture, if there is one.")

    @classmethod
    def of(cls, row: tables.Variant, currency: str) -> "ProductVariant":
        """A row as clients see it."""
        before = row.compare_at_price
        return cls(
            remote_id=row.remote_id,
            title=row.title,
            sku=row.sku,
            barcode=row.barcode,
            price=Money(amount=_plain(row.price), currency_code=currency),
            compare_at_price=None if before is None else Money(amount=_plain(before), currency_code=currency),
            inventory_quantity=row.inventory_quantity,
            tracked=row.tracked,
            weight=_weight(row),
            selected_options=[SelectedOption(name=o["name"], value=o["value"]) for o in row.selected_options],
            image_url=row.image_url,
        )


def _weight(row: tables.Variant) -> Weight | None:
    """The weight, unless the unit is one that Shopify had not when this was written."""
    unit = (row.weight_unit or "").removesuffix("S")
    if row.weight_value is None or unit not in WeightUnit.__members__:
        return None
    return Weight(value=Decimal(str(row.weight_value)), unit=WeightUnit[unit])


def _plain(amount: Decimal) -> Decimal:
    """Without the zeros that the column adds, but never less than two decimals."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


UploadedIn = Annotated[
    strawberry.ID | None,
    strawberry.argument(name="tiktokShopId", description="The TikTok shop whose uploads are wanted."),
]


@strawberry.type
class Product(Node):
    """A product of the store, as it was when last imported."""

    row: strawberry.Private[tables.Product]
    remote_id: str = strawberry.field(description="Shopify's id, `gid://shopify/Product/...`.")
    handle: str = strawberry.field(description="The product's name in addresses.")
    title: str = strawberry.field(description="Its title.")
    vendor: str = strawberry.field(description="Its vendor; may be empty.")
    product_type: str = strawberry.field(description="The merchant's own type; may be empty.")
    tags: list[str] = strawberry.field(description="Its tags.")
    is_gift_card: bool = strawberry.field(description="Gift cards cannot be listed.")
    source_updated_at: datetime = strawberry.field(description="When it was last changed in Shopify.")
    imported_at: datetime = strawberry.field(description="When it was last read from Shopify.")

    @classmethod
    def of(cls, row: tables.Product) -> "Product":
        """A row as clients see it."""
        return cls(
            id=gid("Product", row.id),
            row=row,
            remote_id=row.remote_id,
            handle=row.handle,
            title=row.title,
            vendor=row.vendor,
            product_type=row.product_type,
            tags=row.tags,
            is_gift_card=row.is_gift_card,
            source_updated_at=row.source_updated_at,
            imported_at=row.imported_at,
        )

    @strawberry.field
    def status(self) -> ProductStatus | None:
        """Where it stands in Shopify; null for a status newer than this API."""
        return ProductStatus(self.row.status) if self.row.status in ProductStatus.__members__ else None

    @strawberry.field
    def description_html(self) -> str:
        """Its description as Shopify has it; not cleaned."""
        return self.row.description_html

    @strawberry.field
    def options(self) -> list[ProductOption]:
        """What its variants differ in; none for a product with a single variant."""
        return [ProductOption(name=option["name"], values=list(option["values"])) for option in self.row.options]

    @strawberry.field
    def source_category(self) -> SourceCategory | None:
        """Its category in Shopify's own taxonomy, if it has one."""
        if self.row.category_id is None:
            return None
        return SourceCategory(id=self.row.category_id, full_name=self.row.category_name or "")

    @strawberry.field
    async def variants(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ProductVariant]:
        """Its variants, in the store's order."""
        args = page_args(info, first, after, last, before)
        rows = await info.context.loaders.variants.load(self.row.id)
        shop = await info.context.loaders.shop.load(self.row.shop_id)
        currency = shop.currency if shop is not None else ""
        page = page_of_list(rows, args, lambda row: str(row.position))
        return connection_of(page, lambda row: ProductVariant.of(row, currency))

    @strawberry.field
    async def images(
        self,
        info: Info,
        tiktok_shop_id: UploadedIn = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ProductImage]:
        """Its pictures, in the store's order, each with what a TikTok shop has of it."""
        args = page_args(info, first, after, last, before)
        shop = None if tiktok_shop_id is None else row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        return await load_images(info, shop, self.row.id, args)

    @strawberry.field
    async def listing(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID, strawberry.argument(name="tiktokShopId", description="In which TikTok shop.")
        ],
    ) -> Listing | None:
        """Its listing in a TikTok shop; null when it was never listed there."""
        return await load_listing_of(info, row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"), self.row.id)

    @strawberry.field
    async def template_match(self, info: Info, tiktok_shop_id: InShop) -> TemplateMatch | None:
        """Which template takes it, why, and why no other does; null before the first import that reads rules."""
        return await load_match(info, row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"), self.row.id)

    @strawberry.field
    async def readiness(self, info: Info, tiktok_shop_id: InShop) -> ProductReadiness | None:
        """What listing it in a TikTok shop would find wrong now; null when there is no such TikTok shop."""
        return await load_readiness(info, row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"), self.row.id)

    @strawberry.field
    async def override(self, info: Info, tiktok_shop_id: InShop) -> ProductOverride | None:
        """What it has of its own in a TikTok shop; null when its template decides everything."""
        return await load_override(info, row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"), self.row.id)

    @strawberry.field
    async def recommendations(self, info: Info) -> list[CategoryRecommendation]:
        """Its recommended categories, one a TikTok shop; none before `recommendationsRefresh` looked at it."""
        return [
            CategoryRecommendation.of(row) for row in await info.context.loaders.recommendations_of.load(self.row.id)
        ]


async def load_product(info: Info, product_id: UUID) -> Product | None:
    """A product by row id, through this operation's loader."""
    row = await info.context.loaders.products.load(product_id)
    return None if row is None else Product.of(row)


findable("Product")(load_product)


@strawberry.type
class ProductQuery:
    """The store's products."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def product(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The product's id.")]
    ) -> Product | None:
        """One product; null when the shop has none such."""
        return await load_product(info, row_id("Product", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def products(
        self,
        info: Info,
        filter: Annotated[ProductsFilter | None, strawberry.argument(description="Which products.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Product]:
        """The store's products, in the order they were first imported."""
        wanted = filter or ProductsFilter()
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await products.page(
                session,
                shop_id=info.context.shop_id,
                search=wanted.search,
                statuses=wanted.statuses or (),
                listed=wanted.listed(),
                args=args,
            )
        return connection_of(page, Product.of)
