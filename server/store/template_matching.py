"""Which template takes which product, for a whole shop in one statement; ``domain.templates.choose`` says the same.

A product that was given to a template by hand goes there, or, when that template is not among those asked for, to none.
The others go by the rules in order, the rest to the default.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import text

from server.domain.templates import Template, ordered
from server.store.bound_values import BoundValues
from server.store.rule_sql import group_sql
from server.store.session import Session

_MANNER = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true)
""")
"""Values must be constants to the planner; sets of a whole catalogue are to stay in memory."""


class _Driver(Protocol):
    """asyncpg's own connection. It keeps no long statement prepared: one shop's rules make one that is never reused."""

    async def fetch(self, query: str, *parameters: object) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The products to look at: all of the shop, the named ones, those that were never listed (and may be)."""

    shop_id: UUID
    tiktok_shop_id: UUID
    product_ids: Sequence[UUID] | None = None
    only_not_synced: bool = False

    def sql(self, values: BoundValues) -> str:
        """For ``WHERE``, over ``product_traits`` as ``t``."""
        parts = [f"t.shop_id = {values.whole(self.shop_id, 'uuid')}"]
        if self.product_ids is not None:
            parts.append(f"t.product_id = ANY({values.ids(self.product_ids)})")
        if self.only_not_synced:
            listed = f"""SELECT FROM listing WHERE listing.product_id = t.product_id
                AND listing.tiktok_shop_id = {values.whole(self.tiktok_shop_id, "uuid")}
                AND listing.status <> 'NOT_SYNCED'"""
            parts += ["t.status = 'active'", "NOT t.is_gift_card", f"NOT EXISTS ({listed})"]
        return " AND ".join(parts)

    def given_sql(self, values: BoundValues) -> str:
        """A join that adds ``given``: to which template the product was given by hand."""
        return f"""LEFT JOIN template_assignment AS given ON given.product_id = t.product_id
            AND given.tiktok_shop_id = {values.whole(self.tiktok_shop_id, "uuid")}"""


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
    if not templates:
        return {}
    scope = Scope(shop_id, tiktok_shop_id, product_ids, only_not_synced)
    asked, values = ordered(templates), BoundValues()
    statement = f"""
        SELECT n, array_agg(product_id) AS products
        FROM (SELECT t.product_id, {_place(asked, values)} AS n
              FROM product_traits AS t {scope.given_sql(values)} WHERE {scope.sql(values)}) AS placed
        WHERE n IS NOT NULL GROUP BY n"""  # noqa: S608  # put together from our own words; values are bound
    rows = await _rows(session, statement, values)
    return {product_id: asked[row["n"] - 1].id for row in rows for product_id in row["products"]}


def _place(asked: Sequence[Template], values: BoundValues) -> str:
    """The number, from 1, of the template that takes a product."""
    ids = values.ids([one.id for one in asked])
    tests = [f"WHEN given.template_id IS NOT NULL THEN array_position({ids}, given.template_id)"]
    tests += [
        f"WHEN {'true' if one.is_default else group_sql(one.content.rules, values)} THEN {n}"
        for n, one in enumerate(asked, 1)
    ]
    return f"CASE {' '.join(tests)} END"


async def _rows(session: Session, statement: str, values: BoundValues) -> list[Any]:
    connection = await session.connection()
    await connection.execute(_MANNER)
    raw = await connection.get_raw_connection()
    return await cast("_Driver", raw.driver_connection).fetch(statement, *values.parameters)
