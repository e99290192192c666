"""Which template takes which product, for a whole shop in one statement; ``domain.templates.choose`` says the same.

A product that was given to a template by hand goes there, or, when that template is not among those asked for, to none.
The others go by the rules in order, the rest to the default.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.domain.templates import Template
from server.store.matching.bound_values import BoundValues
from server.store.matching.match_rows import rows
from server.store.matching.match_sql import Placing, Scope, held_bits
from server.store.matching.packed_ids import PackedIds, packed
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Matched:
    """One product: who takes it, to whom it was given by hand, and whose rules hold, in order, the default last."""

    product_id: UUID
    winner: UUID | None
    assigned: UUID | None
    takers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """For how many products a template's rules hold, how many it takes, and how many of those each other one takes.

    The default's rules hold for all. ``lost_to`` leaves out what was given by hand to a template not asked for.
    """

    matched: int
    won: int
    lost_to: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Tallies:
    """The tally of each template, and how many products none of them takes."""

    of: Mapping[UUID, Tally]
    untaken: int


async def taken(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    product_ids: Sequence[UUID] | None = None,
    only_not_synced: bool = False,
) -> dict[UUID, PackedIds]:
    """The products that each template takes; a template that takes none is left out."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id, product_ids, only_not_synced)
    placing = Placing(templates, scope, values)
    statement = f"""
        SELECT n, {packed("product_id")} AS products FROM ({_placed(placing, scope)}) AS placed
        WHERE n IS NOT NULL GROUP BY n"""  # noqa: S608  # put together from our own words; values are bound
    found = await rows(session, statement, values, one_pass=placing.each)
    return {placing.asked[row["n"] - 1].id: PackedIds(row["products"]) for row in found}


async def winners(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    product_ids: Sequence[UUID] | None = None,
    only_not_synced: bool = False,
) -> dict[UUID, UUID]:
    """The template that takes each product, by product, in no order; a product that none takes is left out."""
    found = await taken(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        templates=templates,
        product_ids=product_ids,
        only_not_synced=only_not_synced,
    )
    return {product_id: template_id for template_id, products in found.items() for product_id in products}


async def first_products(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    template_id: UUID | None,
    limit: int,
    after: UUID | None = None,
) -> list[UUID]:
    """The oldest products that one of the templates takes (``None``: that none takes), from behind ``after``."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id)
    placing = Placing(templates, scope, values)
    number = next((n for n, one in enumerate(placing.asked, 1) if one.id == template_id), None)
    if number is None and template_id is not None:
        return []
    wanted = "IS NULL" if number is None else f"= {number}"
    behind = "" if after is None else f"AND product_id > {values.whole(after, 'uuid')}"
    statement = f"""
        SELECT product_id FROM ({_placed(placing, scope)}) AS placed WHERE n {wanted} {behind}
        ORDER BY product_id LIMIT {values.whole(limit, "int")}"""  # noqa: S608  # as above
    return [row["product_id"] for row in await rows(session, statement, values, one_pass=placing.each)]


async def matches(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    product_ids: Sequence[UUID] | None = None,
) -> list[Matched]:
    """Each product with all who would take it, by age; without names the whole catalogue: mind its size."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id, product_ids)
    placing = Placing(templates, scope, values)
    tables, where = scope.rows(values)
    takers, join = f"array_positions({placing.held()}, true)" if placing.each else "hit.takers", ""
    if not placing.each:
        grouped = (
            f"SELECT product_id, array_agg(DISTINCT n) AS takers FROM ({placing.hits()}) AS hit GROUP BY product_id"  # noqa: S608  # as above
        )
        join = f"LEFT JOIN ({grouped}) AS hit ON hit.product_id = t.product_id"
    statement = f"""
        SELECT t.product_id, given.template_id, {takers} AS takers
        FROM {tables} {join} WHERE {where} ORDER BY t.product_id"""  # noqa: S608  # as above
    return [_matched(placing, row) for row in await rows(session, statement, values, one_pass=placing.each)]


def _matched(placing: Placing, row: Mapping[str, Any]) -> Matched:
    numbers = [*(row["takers"] or ()), *([placing.default] if placing.default else [])]
    takers = tuple(placing.asked[n - 1].id for n in numbers)
    assigned: UUID | None = row["template_id"]
    winner = next(iter(takers), None)
    if assigned is not None:
        winner = assigned if any(one.id == assigned for one in placing.asked) else None
    return Matched(row["product_id"], winner, assigned, takers)


async def tallies(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    only_not_synced: bool = False,
) -> Tallies:
    """Counts for every template at once; rules that hold for nothing and templates that always lose show here."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id, None, only_not_synced)
    placing = Placing(templates, scope, values)
    counted = _counted_bits if placing.each else _counted_pairs
    return _tallies(placing, await counted(session, placing, scope))


Counts = Mapping[tuple[int | None, int], int]
"""Products by the number of the winner and of a template whose rules held; 0 stands for all that the winner takes."""


async def _counted_bits(session: Session, placing: Placing, scope: Scope) -> Counts:
    """Every rule is looked at once; one row for each set of rules that held."""
    tables, where = scope.rows(placing.values)
    statement = f"""SELECT given.template_id, {held_bits(placing.rules, placing.values)} AS held, count(*) AS products
        FROM {tables} WHERE {where} GROUP BY 1, 2"""  # noqa: S608  # as above
    counts: Counter[tuple[int | None, int]] = Counter()
    for row in await rows(session, statement, placing.values, one_pass=placing.each):
        held = [n for n in placing.rules if row["held"] >> n & 1]
        winner = placing.winner(row["template_id"], held)
        for n in (0, *held):
            counts[winner, n] += row["products"]
    return counts


async def _counted_pairs(session: Session, placing: Placing, scope: Scope) -> Counts:
    """The same from pairs of products and rules that hold: the lowest takes the product."""
    tables, where = scope.rows(placing.values)
    rest = "NULL" if placing.default is None else str(placing.default)
    hit = f"SELECT DISTINCT product_id, n FROM ({placing.hits()}) AS hit"  # noqa: S608  # as above
    placed = f"""SELECT t.product_id, CASE {placing.by_hand()} ELSE coalesce(best.n, {rest}) END AS n FROM {tables}
        LEFT JOIN (SELECT product_id, min(n) AS n FROM hit GROUP BY product_id) AS best
        ON best.product_id = t.product_id WHERE {where}"""  # noqa: S608  # as above
    statement = f"""WITH hit AS MATERIALIZED ({hit}), placed AS MATERIALIZED ({placed})
        SELECT n AS won, 0 AS held, count(*) AS products FROM placed GROUP BY n
        UNION ALL
        SELECT placed.n, hit.n, count(*) FROM hit JOIN placed ON placed.product_id = hit.product_id
        GROUP BY 1, 2"""  # noqa: S608  # as above
    return {
        (row["won"], row["held"]): row["products"]
        for row in await rows(session, statement, placing.values, one_pass=placing.each)
    }


def _tallies(placing: Placing, counts: Counts) -> Tallies:
    won = {winner: products for (winner, held), products in counts.items() if held == 0}
    matched = dict.fromkeys(range(1, len(placing.asked) + 1), 0)
    lost: dict[int, dict[UUID, int]] = {n: {} for n in matched}
    for (winner, held), products in counts.items():
        for n in (held,) if held else (placing.default,) if placing.default else ():
            matched[n] += products
            if winner is not None and winner != n:
                lost[n][placing.asked[winner - 1].id] = products
    of = {one.id: Tally(matched[n], won.get(n, 0), lost[n]) for n, one in enumerate(placing.asked, 1)}
    return Tallies(of, won.get(None, 0))


def _placed(placing: Placing, scope: Scope) -> str:
    """Products with the number of the template that takes each.

    ``OFFSET 0``: the planner shall not repeat the rules where the number is used, nor guess how many there are.
    """
    tables, where = scope.rows(placing.values)
    return f"SELECT t.product_id, {placing.place()} AS n FROM {tables} {placing.join()} WHERE {where} OFFSET 0"  # noqa: S608  # as above
