"""How statements over whole catalogues are run."""

from typing import Any, Protocol, cast

from sqlalchemy import text

from server.store.bound_values import BoundValues
from server.store.session import Session

_MANNER = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true),
       set_config('parallel_tuple_cost', '0', true)
""")
"""Values must be constants to the planner; sets of a whole catalogue are to stay in memory; and rules cost more to
try than a row to hand over, so that a large catalogue is worth a second process."""


class _Driver(Protocol):
    """asyncpg's own connection. It keeps no long statement prepared: one shop's rules make one that is never reused."""

    async def fetch(self, query: str, *parameters: object) -> list[Any]: ...


async def rows(session: Session, statement: str, values: BoundValues) -> list[Any]:
    """The rows of a statement that was put together for this one time."""
    connection = await session.connection()
    await connection.execute(_MANNER)
    raw = await connection.get_raw_connection()
    return await cast("_Driver", raw.driver_connection).fetch(statement, *values.parameters)
