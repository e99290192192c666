"""How statements over whole catalogues are run."""

from typing import Any, Protocol, cast

from sqlalchemy import text

from server.store.matching.bound_values import BoundValues
from server.store.session import Session

_MANNER = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true),
       set_config('parallel_tuple_cost', :handing_over, true)
""")
"""Values must be constants to the planner; sets of a whole catalogue are to stay in memory."""

_AS_IT_IS, _NOTHING = "0.1", "0"


class _Driver(Protocol):
    """asyncpg's own connection. It keeps no long statement prepared: one shop's rules make one that is never reused."""

    async def fetch(self, query: str, *parameters: object) -> list[Any]: ...


async def rows(session: Session, statement: str, values: BoundValues, *, one_pass: bool) -> list[Any]:
    """The rows of a statement that was put together for this one time.

    ``one_pass`` over a large catalogue is shared out among processes: the planner does not know that rules cost far
    more to try than a row to hand over. Joins by anchors would take twice as long that way.
    """
    connection = await session.connection()
    await connection.execute(_MANNER, {"handing_over": _NOTHING if one_pass else _AS_IT_IS})
    raw = await connection.get_raw_connection()
    return await cast("_Driver", raw.driver_connection).fetch(statement, *values.parameters)
