"""TikTok's categories: references that carry their tree's version, and the nodes themselves."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.loaders import CategoryKey
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from server import tables
from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.kit.errors import Invalid
from server.services import categories

_REF = "A category and the tree it belongs to; one does not exist without the other."
TikTokShopId = Annotated[strawberry.ID, strawberry.argument(description="The TikTok shop whose view of the tree.")]


@strawberry.type(name="CategoryRef", description=_REF)
class CategoryRefOutput:
    """A category reference as an answer."""

    id: str = strawberry.field(description="TikTok's own id: decimal digits, meaningless without the version.")
    version: CategoryVersion = strawberry.field(description="The tree that the id belongs to.")

    @classmethod
    def of(cls, ref: CategoryRef) -> "CategoryRefOutput":
        """A reference of the domain."""
        return cls(id=ref.id, version=ref.version)


@strawberry.input(name="CategoryRefInput", description=_REF)
class CategoryRefInput:
    """A category reference as an argument."""

    id: str = strawberry.field(description="TikTok's own id: decimal digits.")
    version: CategoryVersion = strawberry.field(description="The tree that the id belongs to.")

    def read(self, *field: str) -> CategoryRef:
        """The reference; ``Invalid`` when the id is not decimal digits."""
        if not (self.id.isascii() and self.id.isdecimal() and len(self.id) <= 20):
            raise Invalid("A category id is decimal digits, as TikTok writes it.", field=(*field, "id"))
        return CategoryRef(self.id, self.version)


@strawberry.type
class Category(Node):
    """One node of one of TikTok's category trees, as a TikTok shop sees it."""

    ref: CategoryRefOutput = strawberry.field(description="What names this node in calls: id and tree together.")
    name: str = strawberry.field(description="Its own name, in the language of the tree.")
    path: list[str] = strawberry.field(description="Names from the root down to this node.")
    level: int = strawberry.field(description="1 for a root; up to 3 in tree V1, up to 7 in V2.")
    is_leaf: bool = strawberry.field(description="Only leaves hold products.")
    permissions: list[PermissionStatus] = strawberry.field(
        description="What the shop may do here, as far as this API knows TikTok's words."
    )

    @classmethod
    def of(cls, row: tables.Category) -> "Category":
        """A row as clients see it."""
        return cls(
            id=gid("Category", row.id),
            ref=CategoryRefOutput(id=row.remote_id, version=row.version),
            name=row.name,
            path=row.path,
            level=row.level,
            is_leaf=row.is_leaf,
            permissions=[known for known in PermissionStatus if known in row.permissions],
        )


@strawberry.input
class CategoriesFilter:
    """Which nodes of a tree. Without any of these: all of them, the shallow ones first."""

    roots: bool = strawberry.field(default=False, description="Only the roots.")
    parent_id: str | None = strawberry.field(default=None, description="Only children of the node with this TikTok id.")
    search: str | None = strawberry.field(
        default=None, description="Only nodes whose path has words that begin with all of these, in any order."
    )
    leaves_only: bool = strawberry.field(default=False, description="Only leaves.")


@findable("Category")
async def _find(info: Info, category_id: UUID) -> Category | None:
    async with info.context.read() as session:
        found = await categories.by_ids(session, shop_id=info.context.shop_id, ids=[category_id])
    return Category.of(found[category_id]) if category_id in found else None


async def load_category(info: Info, tiktok_shop_id: UUID, ref: CategoryRef) -> Category | None:
    """A category by reference, through this operation's loader."""
    row = await info.context.loaders.categories.load(CategoryKey(tiktok_shop_id, ref))
    return None if row is None else Category.of(row)


@strawberry.type
class CategoryQuery:
    """TikTok's category trees."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def category(
        self,
        info: Info,
        tiktok_shop_id: TikTokShopId,
        ref: Annotated[CategoryRefInput, strawberry.argument(description="Which node of which tree.")],
    ) -> Category | None:
        """One node; null when the kept tree has none such."""
        shop = row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        return await load_category(info, shop, ref.read("ref"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def categories(
        self,
        info: Info,
        tiktok_shop_id: TikTokShopId,
        version: Annotated[CategoryVersion, strawberry.argument(description="Which tree.")],
        filter: Annotated[CategoriesFilter | None, strawberry.argument(description="Which nodes.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Category]:
        """Nodes of a kept tree; `categoriesSync` fetches it."""
        wanted = filter or CategoriesFilter()
        args = page_args(info, first, after, last, before)
        shop = row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        async with info.context.read() as session:
            page = await categories.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=shop,
                version=version,
                parent_id=wanted.parent_id,
                roots=wanted.roots,
                search=wanted.search,
                leaves_only=wanted.leaves_only,
                args=args,
            )
        return connection_of(page, Category.of)
