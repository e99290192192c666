"""What a change of templates moves, for a whole shop in one statement: who takes what before it, and after.

Rules that both sides share, nearly all of them, are tried once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.domain.templates import Template
from server.store.matching.bound_values import BoundValues
from server.store.matching.match_rows import rows
from server.store.matching.match_sql import BITS, Placing, Scope, held_bits
from server.store.matching.packed_ids import PackedIds, packed
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Crossing:
    """Products that one template takes before and one after (none: taken by none), be it the same."""

    before: UUID | None
    after: UUID | None
    products: PackedIds


@dataclass(frozen=True, slots=True)
class Shift:
    """Products that go from one template to another (none: taken by none): how many, and the first of them."""

    before: UUID | None
    after: UUID | None
    products: int
    first: tuple[UUID, ...]


async def crossings(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    before: Sequence[Template],
    after: Sequence[Template],
) -> list[Crossing]:
    """Every product of the catalogue in exactly one of them; several may have the same templates."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id)
    old, new = Placing(before, scope, values, "old"), Placing(after, scope, values, "new")
    rules = dict(enumerate(dict.fromkeys((*old.rules.values(), *new.rules.values()))))
    in_bits = old.each and new.each and len(rules) <= BITS
    keys = f"{held_bits(rules, values)}, given.template_id" if in_bits else f"{old.place()}, {new.place()}"
    tables, where = scope.rows(values)
    statement = f"""
        SELECT one, other, {packed("product_id")} AS products
        FROM (SELECT {keys}, t.product_id FROM {tables} {old.join()} {new.join()}
              WHERE {where} OFFSET 0) AS placed(one, other, product_id)
        GROUP BY one, other"""  # noqa: S608  # put together from our own words; values are bound
    known = {rule: bit for bit, rule in rules.items()} if in_bits else None
    return [_crossing(old, new, known, row) for row in await rows(session, statement, values, one_pass=in_bits)]


def _crossing(old: Placing, new: Placing, known: Mapping[Any, int] | None, row: Mapping[str, Any]) -> Crossing:
    before, after = row["one"], row["other"]
    if known is not None:
        before, after = (_taker(side, known, row["one"], row["other"]) for side in (old, new))
    return Crossing(_id(old, before), _id(new, after), PackedIds(row["products"]))


def _taker(placing: Placing, known: Mapping[Any, int], held: int, assigned: UUID | None) -> int | None:
    return placing.winner(assigned, [n for n, rule in placing.rules.items() if held >> known[rule] & 1])


def _id(placing: Placing, number: int | None) -> UUID | None:
    return None if number is None else placing.asked[number - 1].id


def shifts(found: Iterable[Crossing], first: int = 10) -> list[Shift]:
    """Those whose template changes, the largest group first."""
    groups: dict[tuple[UUID | None, UUID | None], list[PackedIds]] = {}
    for one in found:
        if one.before != one.after:
            groups.setdefault((one.before, one.after), []).append(one.products)
    moved = {way: PackedIds.joined(parts) for way, parts in groups.items()}
    told = [Shift(*way, len(products), products.first(first)) for way, products in moved.items()]
    return sorted(told, key=lambda one: (-one.products, str(one.before), str(one.after)))
