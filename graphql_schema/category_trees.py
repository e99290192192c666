"""A TikTok shop's kept category trees, and what each refresh changed in them."""

from datetime import datetime

import strawberry

from graphql_schema.categories import Category, CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from server import tables
from server.domain.categories import CategoryVersion, PermissionStatus
from server.domain.tree_diff import TreeChangeKind
from server.services import categories

publish(
    TreeChangeKind,
    "How a category differs from the reading before.",
    {
        TreeChangeKind.ADDED: "It is new.",
        TreeChangeKind.REMOVED: "It is gone; products in it need another category.",
        TreeChangeKind.MOVED: "It hangs under another category.",
        TreeChangeKind.RENAMED: "It has another name.",
        TreeChangeKind.BECAME_LEAF: "It can hold products now.",
        TreeChangeKind.BECAME_INNER: "It was divided: products need one of the leaves below it.",
        TreeChangeKind.PERMISSIONS_CHANGED: "The shop may do more or less in it.",
    },
    name="CategoryChangeKind",
)


@strawberry.type
class CategoryChange:
    """One category's change that a refresh of its tree brought."""

    row: strawberry.Private[tables.CategoryChange]
    at: datetime = strawberry.field(description="When the refresh noticed it.")
    kind: TreeChangeKind = strawberry.field(description="How it differs.")
    ref: CategoryRefOutput = strawberry.field(description="Which category.")
    path_before: list[str] | None = strawberry.field(description="Names from the root down before; null when new.")
    path_after: list[str] | None = strawberry.field(description="Names from the root down since; null when gone.")
    permissions_before: list[PermissionStatus] | None = strawberry.field(
        description="What the shop could do in it before; null when new."
    )
    permissions_after: list[PermissionStatus] | None = strawberry.field(
        description="What the shop can do in it since; null when gone."
    )

    @classmethod
    def of(cls, row: tables.CategoryChange) -> "CategoryChange":
        """A row as clients see it."""
        return cls(
            row=row,
            at=row.at,
            kind=row.kind,
            ref=CategoryRefOutput(id=row.remote_id, version=row.version),
            path_before=row.path_before,
            path_after=row.path_after,
            permissions_before=_known(row.permissions_before),
            permissions_after=_known(row.permissions_after),
        )

    @strawberry.field
    async def category(self, info: Info) -> Category | None:
        """The category as it is in the kept tree today; null when it is gone."""
        row = await info.context.loaders.nodes.load((self.row.tree_id, self.row.remote_id))
        return None if row is None else Category.of(row)


def _known(words: list[str] | None) -> list[PermissionStatus] | None:
    return None if words is None else [known for known in PermissionStatus if known in words]


@strawberry.type
class CategoryTree:
    """One kept tree: a version in a language, as a TikTok shop sees it. Refreshed daily."""

    row: strawberry.Private[tables.CategoryTree]
    version: CategoryVersion = strawberry.field(description="Which of the two trees.")
    locale: str | None = strawberry.field(description="Its language; null for the shop's own.")
    fetched_at: datetime = strawberry.field(description="When it was last read from TikTok.")
    refresh_at: datetime = strawberry.field(
        description="When it is due again: a day later, or at once when TikTok contradicted it."
    )
    nodes: int = strawberry.field(description="How many categories it has, leaves and others.")

    @classmethod
    def of(cls, row: tables.CategoryTree) -> "CategoryTree":
        """A row as clients see it."""
        return cls(
            row=row,
            version=row.version,
            locale=row.locale or None,
            fetched_at=row.fetched_at,
            refresh_at=row.refresh_at,
            nodes=row.nodes,
        )

    @strawberry.field
    async def changes(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CategoryChange]:
        """What refreshes changed in it, the newest first; kept for 90 days. The first reading changes nothing."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:  # a statement a tree, and a shop has a handful of them
            page = await categories.changes_page(session, shop_id=info.context.shop_id, tree_id=self.row.id, args=args)
        return connection_of(page, CategoryChange.of)
