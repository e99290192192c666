"""A category tree and the pair of trees (`v1`, `v2`) TikTok Shop keeps side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

ROOT = "0"
EVERYWHERE = "*"


class Permission(StrEnum):
    """What a shop may do with a category (TikTok fact sheet 3.7)."""

    AVAILABLE = "AVAILABLE"
    INVITE_ONLY = "INVITE_ONLY"
    NON_MAIN_CATEGORY = "NON_MAIN_CATEGORY"
    PROHIBITED = "PROHIBITED"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A permission other than AVAILABLE, and the markets (`US`, `GB`, ... or `*`) it holds in."""

    permission: Permission
    markets: frozenset[str]

    def holds_in(self, market: str) -> bool:
        """Whether the restriction applies in this market."""
        return EVERYWHERE in self.markets or market.upper() in self.markets


@dataclass(frozen=True, slots=True)
class Category:
    """One node. `level` is 1 for roots; `family` names the set of rules, attributes and brands that fit it."""

    id: str
    parent_id: str
    name: str
    level: int
    is_leaf: bool
    family: str
    restrictions: tuple[Restriction, ...] = ()


class Tree:
    """All nodes of one version, in file order, with the look-ups both sides need."""

    def __init__(self, version: str, categories: Iterable[Category], names: Mapping[str, Mapping[str, str]]) -> None:
        self.version = version
        self.categories: tuple[Category, ...] = tuple(categories)
        self._names = names
        self._by_id = {category.id: category for category in self.categories}
        self._children: dict[str, list[Category]] = {}
        for category in self.categories:
            self._children.setdefault(category.parent_id, []).append(category)

    def __len__(self) -> int:
        return len(self.categories)

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories)

    def __contains__(self, category_id: object) -> bool:
        return category_id in self._by_id

    def get(self, category_id: str) -> Category | None:
        """The node with this id, or nothing."""
        return self._by_id.get(category_id)

    def children(self, category_id: str) -> Sequence[Category]:
        """Direct children; pass `"0"` for the roots."""
        return tuple(self._children.get(category_id, ()))

    def leaves(self, under: str = ROOT) -> list[Category]:
        """Every leaf below a node, in file order of the branches; a leaf is its own only leaf."""
        found: list[Category] = []
        todo = [category for category in (self.get(under),) if category] or list(self._children.get(ROOT, ()))
        while todo:
            category = todo.pop(0)
            if category.is_leaf:
                found.append(category)
            else:
                todo[:0] = self._children[category.id]
        return found

    def path(self, category_id: str) -> tuple[Category, ...]:
        """From the root down to the node itself; empty for an unknown id."""
        found: list[Category] = []
        category = self.get(category_id)
        while category is not None:
            found.append(category)
            category = self.get(category.parent_id)
        return tuple(reversed(found))

    def name(self, category: Category, locale: str | None = None) -> str:
        """The name in `locale` (`de-DE` or `de`), English when there is no translation."""
        language = (locale or "en").replace("_", "-").split("-")[0].lower()
        return self._names.get(language, {}).get(category.name, category.name)

    def permissions(self, category: Category, market: str) -> tuple[Permission, ...]:
        """What holds in the market, from the node and all its ancestors; `AVAILABLE` when nothing does."""
        found = {
            restriction.permission
            for node in self.path(category.id)
            for restriction in node.restrictions
            if restriction.holds_in(market)
        }
        return tuple(permission for permission in Permission if permission in found) or (Permission.AVAILABLE,)


@dataclass(frozen=True, slots=True)
class Trees:
    """Both trees and what the platform turns each `v1` leaf into: several `v2` leaves, one, or none (vanished)."""

    v1: Tree
    v2: Tree
    becomes: Mapping[str, tuple[str, ...]]
    shared_ids: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, v1: Tree, v2: Tree, becomes: Mapping[str, tuple[str, ...]]) -> Trees:
        """Join two trees; ids found in both are noted, since they may mean different things."""
        shared = frozenset(category.id for category in v1) & frozenset(category.id for category in v2)
        return cls(v1, v2, MappingProxyType(dict(becomes)), shared)

    def tree(self, version: str) -> Tree:
        """The tree of a version name in either case (TikTok fact sheet 3.2); KeyError otherwise."""
        return {"v1": self.v1, "v2": self.v2}[version.lower()]
