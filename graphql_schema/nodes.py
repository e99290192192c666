"""Global ids: what is behind one, for ``node`` and ``nodes`` and for every ``id`` argument."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.permissions import ReadProducts
from server.domain.paging import MAX_PAGE
from server.kit.errors import Invalid
from server.kit.ids import parse_gid, to_gid


@strawberry.interface
class Node:
    """Anything with a global id."""

    id: strawberry.ID = strawberry.field(description="Global and opaque: `gid://leafmark/<Type>/<uuid>`.")


Find = Callable[[Info, UUID], Awaitable[Node | None]]

_FINDERS: dict[str, Find] = {}


Finder = TypeVar("Finder", bound=Find)


def findable(kind: str) -> Callable[[Finder], Finder]:
    """Register how objects with ids of this kind are found."""

    def register(find: Finder) -> Finder:
        _FINDERS[kind] = find
        return find

    return register


def gid(kind: str, row_id: UUID) -> strawberry.ID:
    """A row's global id."""
    return strawberry.ID(to_gid(kind, row_id))


def row_id(kind: str, value: str, *field: str) -> UUID:
    """The row behind a global id of one kind. ``Invalid`` (``BAD_USER_INPUT``) when it is not one."""
    parsed = parse_gid(value)
    if parsed is None or parsed[0] != kind:
        raise _not_an_id(f"a {kind}", kind, field)
    return parsed[1]


def row_ids(kind: str, values: Sequence[str], *field: str) -> list[UUID]:
    """The rows behind several ids of one kind; the error names the first that is not one."""
    return [row_id(kind, value, *field, str(index)) for index, value in enumerate(values)]


def _not_an_id(what: str, kind: str, field: Sequence[str]) -> Invalid:
    message = f"This is not the id of {what}: ids look like gid://leafmark/{kind}/<uuid> and come from this API."
    return Invalid(message, code="BAD_USER_INPUT", field=field)


async def find(info: Info, value: str, *field: str) -> Node | None:
    """Whatever has this id, if the caller may see it."""
    parsed = parse_gid(value)
    if parsed is None or parsed[0] not in _FINDERS:
        raise _not_an_id("anything", "Product", field)
    return await _FINDERS[parsed[0]](info, parsed[1])


async def find_row(info: Info, kind: str, row: UUID) -> Node | None:
    """The object of a row, for types that must not import each other."""
    return await _FINDERS[kind](info, row)


@strawberry.type
class NodeQuery:
    """Objects by their global ids."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
    ) -> Node | None:
        """The object with this id; null when there is none for this caller."""
        return await find(info, id, "id")

    @strawberry.field(permission_classes=[ReadProducts])
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"Global ids, at most {MAX_PAGE}.")],
    ) -> list[Node | None]:
        """The objects with these ids, in the same order; null where there is none for this caller."""
        if len(ids) > MAX_PAGE:
            raise Invalid(f"Ask for at most {MAX_PAGE} ids at once.", code="BAD_USER_INPUT", field=("ids",))
        return list(await asyncio.gather(*(find(info, value, "ids", str(n)) for n, value in enumerate(ids))))
