"""TikTok's categories: references that carry their tree's version, and the nodes themselves."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.leaves import Brand, LeafAttribute, LeafRules, load_brands, load_leaf
from graphql_schema.loaders import CategoryKey
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args, page_of_list
from graphql_schema.permissions import ReadProducts
from graphql_schema.scalars import URL
from server import tables
from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.qualification import APPLY_LINKS
from server.kit.errors import Invalid, NotFound
from server.services import categories
from server.services.leaf_reading import KnownLeaf

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

    @classmethod
    def kept(cls, category_id: str | None, version: CategoryVersion | None) -> "CategoryRefOutput | None":
        """The two columns of a row; nothing when either is missing: no id is ever told without its tree."""
        return None if category_id is None or version is None else cls(id=category_id, version=version)


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
class CategoryPermission:
    """What a TikTok shop may do in a category, and what to do about it."""

    status: PermissionStatus = strawberry.field(description="The tightest restriction that applies.")
    apply_url: URL | None = strawberry.field(
        description="Where the seller applies for an INVITE_ONLY category, in Seller Center; null for all others."
    )
    is_apply_url_assumed: bool = strawberry.field(
        description="TikTok's documents name the page but not its address: the address is Leafmark's assumption."
    )


_TIGHTEST_FIRST = (
    PermissionStatus.PROHIBITED,
    PermissionStatus.INVITE_ONLY,
    PermissionStatus.NON_MAIN_CATEGORY,
    PermissionStatus.AVAILABLE,
)


@strawberry.type
class Category(Node):
    """One node of one of TikTok's category trees, as a TikTok shop sees it."""

    row: strawberry.Private[tables.Category]
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
            row=row,
            ref=CategoryRefOutput(id=row.remote_id, version=row.version),
            name=row.name,
            path=row.path,
            level=row.level,
            is_leaf=row.is_leaf,
            permissions=[known for known in PermissionStatus if known in row.permissions],
        )

    @strawberry.field
    async def parent(self, info: Info) -> "Category | None":
        """The node above; null at a root."""
        if self.row.parent_remote_id is None:
            return None
        row = await info.context.loaders.nodes.load((self.row.tree_id, self.row.parent_remote_id))
        return None if row is None else Category.of(row)

    @strawberry.field
    async def children(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection["Category"]:
        """The nodes right below, by name; empty at a leaf."""
        args = page_args(info, first, after, last, before)
        rows = await info.context.loaders.children.load((self.row.tree_id, self.row.remote_id))
        return connection_of(page_of_list(rows, args, lambda row: row.remote_id), Category.of)

    @strawberry.field
    async def permission(self, info: Info) -> CategoryPermission:
        """What the shop may do here, in one word, and where to ask for more."""
        status = next((one for one in _TIGHTEST_FIRST if one in self.row.permissions), PermissionStatus.AVAILABLE)
        link = None
        if status is PermissionStatus.INVITE_ONLY:
            tree = await info.context.loaders.trees.load(self.row.tree_id)
            shop = None if tree is None else await info.context.loaders.tiktok_shops.load(tree.tiktok_shop_id)
            link = None if shop is None else APPLY_LINKS[shop.market]
        return CategoryPermission(
            status=status,
            apply_url=None if link is None else URL(link.url),
            is_apply_url_assumed=link is not None and link.is_assumed,
        )

    @strawberry.field
    async def rules(self, info: Info) -> LeafRules | None:
        """What a product needs besides attributes, as TikTok told it within a day; null when this is not a leaf."""
        known = await self._known(info)
        return None if known is None else LeafRules.of(known)

    @strawberry.field
    async def attributes(self, info: Info) -> list[LeafAttribute] | None:
        """The attributes of products here, as TikTok told them at `rules.readAt`; null when this is not a leaf."""
        known = await self._known(info)
        return None if known is None else [LeafAttribute.of(one) for one in known.leaf.attributes]

    @strawberry.field
    async def brands(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="Only brands whose name begins so.")] = "",
        first: First = None,
        after: After = None,
    ) -> Connection[Brand]:
        """The brands TikTok offers here, at most 100 at once. A page may be shorter than asked; follow `endCursor`."""
        args = page_args(info, first, after)
        if not self.is_leaf:
            raise Invalid("Only leaves have brands.", field=("brands",))
        shop = await self._tiktok_shop_id(info)
        ref = CategoryRef(self.row.remote_id, self.row.version)
        return connection_of(await load_brands(info, shop, ref, query.strip(), args), Brand.of)

    async def _known(self, info: Info) -> KnownLeaf | None:
        if not self.is_leaf:
            return None
        return await load_leaf(
            info, await self._tiktok_shop_id(info), CategoryRef(self.row.remote_id, self.row.version)
        )

    async def _tiktok_shop_id(self, info: Info) -> UUID:
        tree = await info.context.loaders.trees.load(self.row.tree_id)
        if tree is None:
            raise NotFound("The tree of this category is no longer kept: run categoriesSync.")
        return tree.tiktok_shop_id


@strawberry.input
class CategoriesFilter:
    """Which nodes of a tree. Without any of these: all of them, the shallow ones first."""

    roots: bool = strawberry.field(default=False, description="Only the roots.")
    parent: CategoryRefInput | None = strawberry.field(
        default=None, description="Only children of this node, which must be of the tree that is asked for."
    )
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
        locale: Annotated[
            str | None, strawberry.argument(description="In which language, e.g. `de-DE`; the shop's own if not said.")
        ] = None,
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
        parent = None if wanted.parent is None else wanted.parent.read("filter", "parent")
        if parent is not None and parent.version is not version:
            message = f"The parent is of tree {parent.version.name}, the query asks for tree {version.name}."
            raise Invalid(message, field=("filter", "parent", "version"))
        async with info.context.read() as session:
            page = await categories.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=shop,
                version=version,
                locale=locale,
                parent_id=None if parent is None else parent.id,
                roots=wanted.roots,
                search=wanted.search,
                leaves_only=wanted.leaves_only,
                args=args,
            )
        return connection_of(page, Category.of)
