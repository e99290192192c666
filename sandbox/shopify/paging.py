"""Shopify's connections: `first/after` or `last/before`, at most 250, opaque cursors (Shopify fact sheet 3.4)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from graphql import GraphQLError

MAX_PAGE = 250
MAX_SINGLE_PRODUCT_VARIANTS = 2000

Args = Mapping[str, object]


class BadArgument(GraphQLError):
    """An argument the platform refuses; answered in the errors of a 200."""

    def __init__(self, message: str) -> None:
        super().__init__(message, extensions={"code": "BAD_REQUEST"})


@dataclass(frozen=True, slots=True)
class Slice:
    """What one page asks for. `cursor` is the key behind (or before) which it starts."""

    size: int
    cursor: object | None
    backwards: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page with the keys of its nodes."""

    nodes: Sequence[object]
    keys: Sequence[object]
    has_next: bool
    has_previous: bool

    @property
    def edges(self) -> list[dict[str, object]]:
        """Nodes with their cursors."""
        return [{"cursor": cursor(key), "node": node} for key, node in zip(self.keys, self.nodes, strict=True)]

    @property
    def page_info(self) -> dict[str, object]:
        """`PageInfo`."""
        return {
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.has_previous,
            "startCursor": cursor(self.keys[0]) if self.keys else None,
            "endCursor": cursor(self.keys[-1]) if self.keys else None,
        }


def cursor(key: object) -> str:
    """An opaque cursor for a key of JSON values."""
    return base64.b64encode(json.dumps({"last_value": key}, separators=(",", ":")).encode()).decode()


def key_of(text: str) -> object:
    """The key inside a cursor of ours."""
    try:
        return json.loads(base64.b64decode(text, validate=True))["last_value"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadArgument(f"Invalid cursor for current pagination sort: {text[:60]}") from error


def read_slice(args: Args, limit: int = MAX_PAGE) -> Slice:
    """Check the four paging arguments as the platform does."""
    first, last = args.get("first"), args.get("last")
    if first is not None and last is not None:
        raise BadArgument("providing both first and last is not supported")
    if first is None and last is None:
        raise BadArgument("you must provide one of first or last")
    name, size = ("first", first) if first is not None else ("last", last)
    if not isinstance(size, int) or size < 0:
        raise BadArgument(f"{name} cannot be negative")
    if size > limit:
        raise BadArgument(f"{name} must be less than or equal to {limit}. {name}: {size}")
    if (name == "last" and args.get("after")) or (name == "first" and args.get("before")):
        raise BadArgument("use first with after, or last with before")
    mark = args.get("after" if name == "first" else "before")
    return Slice(size, key_of(mark) if isinstance(mark, str) else None, name == "last")


def page_of(
    items: Sequence[object], args: Args, *, key: Callable[[int], object] = lambda place: place, limit: int = MAX_PAGE
) -> Page:
    """A page of a short list; the key of a node is its place in the list unless `key` says otherwise."""
    order = range(len(items))[::-1] if args.get("reverse") is True else range(len(items))
    return page_of_places(list(order), args, make=lambda place: items[place], key=key, limit=limit)


def page_of_places(
    places: Sequence[int],
    args: Args,
    *,
    make: Callable[[int], object | None],
    key: Callable[[int], object],
    limit: int = MAX_PAGE,
    start: Callable[[object], int] | None = None,
) -> Page:
    """A page over places in order; `make` answers None for one that the filter leaves out.

    `start` finds the first place behind a cursor's key (or equal to it), so that paging goes on when that very object
    has gone; without it the key must still be there.
    """
    asked = read_slice(args, limit)
    begin, end = 0, len(places)
    if asked.cursor is not None:
        at = start(asked.cursor) if start else _find(places, key, asked.cursor)
        here = at < len(places) and key(places[at]) == asked.cursor
        begin, end = (0, at) if asked.backwards else (at + 1 if here else at, end)
    walk = range(begin, end)[::-1] if asked.backwards else range(begin, end)
    found = ((places[at], made) for at in walk if (made := make(places[at])) is not None)
    taken = list(islice(found, asked.size + 1))
    more = len(taken) > asked.size
    taken = taken[: asked.size]
    if asked.backwards:
        taken.reverse()
    has_next, has_previous = (asked.cursor is not None, more) if asked.backwards else (more, asked.cursor is not None)
    return Page([node for _, node in taken], [key(place) for place, _ in taken], has_next, has_previous)


def _find(places: Sequence[int], key: Callable[[int], object], mark: object) -> int:
    return next((at for at, place in enumerate(places) if key(place) == mark), len(places))
