"""What a change of templates does to products: from which template to which they go, counted and with examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Move:
    """Products that go from one template to another; None on a side is "no template". ``first`` are in id order."""

    before: UUID | None
    after: UUID | None
    count: int
    first: tuple[UUID, ...]


def moves(before: Mapping[UUID, UUID], after: Mapping[UUID, UUID], *, examples: int) -> list[Move]:
    """Every product whose winner changes, in exactly one move; larger moves first.

    ``before`` and ``after`` map products to the template that takes them; a product that none takes is left out.
    """
    found: dict[tuple[UUID | None, UUID | None], list[UUID]] = {}
    for product_id in before.keys() | after.keys():
        way = (before.get(product_id), after.get(product_id))
        if way[0] != way[1]:
            found.setdefault(way, []).append(product_id)
    told = [Move(*way, len(ids), tuple(sorted(ids)[:examples])) for way, ids in found.items()]
    return sorted(told, key=lambda move: (-move.count, move.first))
