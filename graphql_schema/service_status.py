"""Whether Leafmark itself is well, as far as a client needs to know."""

from importlib.metadata import version

import strawberry

from graphql_schema.context import Info
from graphql_schema.permissions import AnyCaller
from server.services import health

_VERSION = version("leafmark")


@strawberry.type
class ServiceStatus:
    """Whether what Leafmark stands on answers."""

    version: str = strawberry.field(description="The running version of Leafmark.")
    is_ready: bool = strawberry.field(description="Requests are served and long work can start.")
    database: bool = strawberry.field(description="The database answers.")
    queue: bool = strawberry.field(description="The queue answers.")
    queue_length: int | None = strawberry.field(description="Jobs that wait or run; null when it is not known.")
    workers: int | None = strawberry.field(description="Workers heard of lately; null when it is not known.")


@strawberry.type
class ServiceQuery:
    """Leafmark itself."""

    @strawberry.field(permission_classes=[AnyCaller])
    async def service_status(self, info: Info) -> ServiceStatus:
        """Whether Leafmark is well right now. Takes up to two seconds when something hangs."""
        deps = info.context.deps
        found = await health.look(deps.database, deps.redis, deps.queue)
        return ServiceStatus(
            version=_VERSION,
            is_ready=found.is_ready,
            database=found.database,
            queue=found.redis,
            queue_length=found.queue,
            workers=found.workers,
        )
