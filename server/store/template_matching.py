"""Which template takes which product, for a whole shop in one statement; ``domain.templates.choose`` says the same.

A product that was given to a template by hand goes there, or, when that template is not among those asked for, to none.
The others go by the rules in order, the rest to the default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import text

from server.domain.templates import Template
from server.store.bound_values import BoundValues
from server.store.match_sql import Placing, Scope
from server.store.session import Session

_MANNER = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true)
""")
"""Values must be constants to the planner; sets of a whole catalogue are to stay in memory."""


class _Driver(Protocol):
    """asyncpg's own connection. It keeps no long statement prepared: one shop's rules make one that is never reused."""

    async def fetch(self, query: str, *parameters: object) -> list[Any]: ...


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


@dataclass(frozen=True, slots=True)
class Shift:
    """Products that go from one template to another (none: taken by none): how many, and the first of them."""

    before: UUID | None
    after: UUID | None
    products: int
    first: tuple[UUID, ...]


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
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id, product_ids, only_not_synced)
    placing = Placing(templates, scope, values)
    statement = f"""
        SELECT n, array_agg(product_id) AS products FROM ({_placed(placing, scope)}) AS placed
        GROUP BY n HAVING count(n) > 0"""  # noqa: S608  # put together from our own words; values are bound
    found: dict[UUID, UUID] = {}
    for row in await _rows(session, statement, values):
        found.update(dict.fromkeys(row["products"], placing.asked[row["n"] - 1].id))
    return found


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
    return [row["product_id"] for row in await _rows(session, statement, values)]


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
    return [_matched(placing, row) for row in await _rows(session, statement, values)]


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
    statement = _counted_each(placing, scope) if placing.each else _counted_hits(placing, scope)
    return _tallies(
        placing, [(row["won"], row["held"], row["products"]) for row in await _rows(session, statement, values)]
    )


def _counted_each(placing: Placing, scope: Scope) -> str:
    """Every rule is looked at once (``OFFSET 0`` keeps it so); one row for each winner and each rule that held."""
    tables, where = scope.rows(placing.values)
    rest = "NULL" if placing.default is None else str(placing.default)
    held = ", ".join(f"count(*) FILTER (WHERE held[{n}])" for n in placing.rules) or "NULL"
    won = f"CASE {placing.by_hand()} ELSE coalesce(array_position(held, true), {rest}) END"
    looked = f"SELECT given.template_id, {placing.held()} AS held FROM {tables} WHERE {where} OFFSET 0"  # noqa: S608  # own
    counted = f"SELECT {won} AS won, ARRAY[count(*), {held}] AS counts FROM ({looked}) AS given GROUP BY 1"  # noqa: S608  # own
    return f"""SELECT won, CAST(at - 1 AS int) AS held, products
        FROM ({counted}) AS counted, unnest(counts) WITH ORDINALITY AS count(products, at)
        WHERE products > 0"""  # noqa: S608  # as above


def _counted_hits(placing: Placing, scope: Scope) -> str:
    """The same rows from pairs: whoever holds lowest takes the product."""
    tables, where = scope.rows(placing.values)
    rest = "NULL" if placing.default is None else str(placing.default)
    hit = f"SELECT DISTINCT product_id, n FROM ({placing.hits()}) AS hit"  # noqa: S608  # as above
    placed = f"""SELECT t.product_id, CASE {placing.by_hand()} ELSE coalesce(best.n, {rest}) END AS n FROM {tables}
        LEFT JOIN (SELECT product_id, min(n) AS n FROM hit GROUP BY product_id) AS best
        ON best.product_id = t.product_id WHERE {where}"""  # noqa: S608  # as above
    return f"""WITH hit AS MATERIALIZED ({hit}), placed AS MATERIALIZED ({placed})
        SELECT n AS won, 0 AS held, count(*) AS products FROM placed GROUP BY n
        UNION ALL
        SELECT placed.n, hit.n, count(*) FROM hit JOIN placed ON placed.product_id = hit.product_id
        GROUP BY 1, 2"""  # noqa: S608  # as above


def _tallies(placing: Placing, counts: Sequence[tuple[int | None, int, int]]) -> Tallies:
    """``counts``: a winner's number, the number of a template whose rules held (0: all it takes), how many."""
    won = {winner: products for winner, held, products in counts if held == 0}
    matched = dict.fromkeys(range(1, len(placing.asked) + 1), 0)
    lost: dict[int, dict[UUID, int]] = {n: {} for n in matched}
    for winner, held, products in counts:
        for n in (held,) if held else (placing.default,) if placing.default else ():
            matched[n] += products
            if winner is not None and winner != n:
                lost[n][placing.asked[winner - 1].id] = products
    of = {one.id: Tally(matched[n], won.get(n, 0), lost[n]) for n, one in enumerate(placing.asked, 1)}
    return Tallies(of, won.get(None, 0))


async def shifts(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    before: Sequence[Template],
    after: Sequence[Template],
    first: int = 10,
) -> list[Shift]:
    """What a change of templates moves, the largest group first; products that stay are not told."""
    values, scope = BoundValues(), Scope(shop_id, tiktok_shop_id)
    old, new = Placing(before, scope, values, "old"), Placing(after, scope, values, "new")
    tables, where = scope.rows(values)
    statement = f"""
        SELECT old, new, count(*) AS products,
               (array_agg(product_id ORDER BY product_id))[1:{values.whole(first, "int")}] AS first
        FROM (SELECT t.product_id, {_id(old)} AS old, {_id(new)} AS new
              FROM {tables} {old.join()} {new.join()} WHERE {where} OFFSET 0) AS placed
        WHERE old IS DISTINCT FROM new GROUP BY old, new
        ORDER BY products DESC, old, new"""  # noqa: S608  # as above
    rows = await _rows(session, statement, values)
    return [Shift(row["old"], row["new"], row["products"], tuple(row["first"])) for row in rows]


def _id(placing: Placing) -> str:
    return f"({placing.values.ids([one.id for one in placing.asked])})[{placing.place()}]"


def _placed(placing: Placing, scope: Scope) -> str:
    """Products with the number of the template that takes each.

    ``OFFSET 0``: the planner shall not repeat the rules where the number is used, nor guess how many there are.
    """
    tables, where = scope.rows(placing.values)
    return f"SELECT t.product_id, {placing.place()} AS n FROM {tables} {placing.join()} WHERE {where} OFFSET 0"  # noqa: S608  # as above


async def _rows(session: Session, statement: str, values: BoundValues) -> list[Any]:
    connection = await session.connection()
    await connection.execute(_MANNER)
    raw = await connection.get_raw_connection()
    return await cast("_Driver", raw.driver_connection).fetch(statement, *values.parameters)
