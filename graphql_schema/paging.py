"""Relay connections over keyset pages: opaque cursors, and a total only when somebody asks."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import strawberry
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from graphql_schema.context import Info
from server.domain.paging import MAX_PAGE, Page, PageArgs
from server.kit.errors import Invalid

Node = TypeVar("Node")
Row = TypeVar("Row")

First = Annotated[
    int | None, strawberry.argument(description=f"This many from the start, 1 to {MAX_PAGE}. Give it or `last`.")
]
After = Annotated[str | None, strawberry.argument(description="Only what follows this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description=f"This many from the end, 1 to {MAX_PAGE}. Give it or `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes this cursor.")]


@strawberry.type
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether something precedes.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first entry; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last entry; null on an empty page.")


@strawberry.type
class Edge(Generic[Node]):
    """An entry and its place in the list."""

    cursor: str = strawberry.field(description="Opaque; pass it as `after` or `before`. Stays valid under inserts.")
    node: Node = strawberry.field(description="The entry itself.")


@strawberry.type
class Connection(Generic[Node]):
    """One page of a list."""

    nodes: list[Node] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in its list.")
    cursors: strawberry.Private[list[str]]
    total: strawberry.Private[int | None]

    @strawberry.field
    def edges(self) -> list[Edge[Node]]:
        """The entries of this page, each with its cursor."""
        return [Edge(cursor=cursor, node=node) for cursor, node in zip(self.cursors, self.nodes, strict=True)]

    @strawberry.field
    def total_count(self) -> int:
        """How many entries the whole list has. Counted only when asked for."""
        return self.total or 0


def connection_of(page: Page[Row], shape: Callable[[Row], Node]) -> Connection[Node]:
    """A page of rows as a connection of API objects."""
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )
    return Connection(nodes=[shape(row) for row in page.nodes], page_info=info, cursors=page.cursors, total=page.total)


def page_args(
    info: Info, first: int | None, after: str | None, last: int | None = None, before: str | None = None
) -> PageArgs:
    """The arguments of a connection field, checked; a total is asked for when ``totalCount`` is selected."""
    return PageArgs(first=first, after=after, last=last, before=before, total=_selects(info, "totalCount"))


def page_of_list(rows: Sequence[Row], args: PageArgs, key: Callable[[Row], str]) -> Page[Row]:
    """A page of a short list that is in memory anyway; an entry's own key is its cursor.

    Raises ``Invalid`` (``BAD_USER_INPUT``) for a cursor that no entry has, or has any more.
    """
    keys = [key(row) for row in rows]
    start = 0 if args.after is None else _place(keys, args.after, "after") + 1
    end = len(rows) if args.before is None else _place(keys, args.before, "before")
    low, high = (max(start, end - args.size), end) if args.backwards else (start, min(end, start + args.size))
    return Page(list(rows[low:high]), keys[low:high], high < len(rows), low > 0, len(rows))


def _place(keys: Sequence[str], cursor: str, field: str) -> int:
    if cursor in keys:
        return keys.index(cursor)
    message = f"{field} is not a cursor of this list, or its entry is gone: start again from the first page."
    raise Invalid(message, code="BAD_USER_INPUT", field=(field,))


def _selects(info: Info, name: str) -> bool:
    return any(_names(info, node.selection_set, name) for node in info._raw_info.field_nodes)


def _names(info: Info, selections: SelectionSetNode | None, name: str) -> bool:
    for selection in selections.selections if selections else ():
        if isinstance(selection, FieldNode) and selection.name.value == name:
            return True
        if isinstance(selection, InlineFragmentNode) and _names(info, selection.selection_set, name):
            return True
        if isinstance(selection, FragmentSpreadNode):
            fragment = info._raw_info.fragments[selection.name.value]
            if _names(info, fragment.selection_set, name):
                return True
    return False
