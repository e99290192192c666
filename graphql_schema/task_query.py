"""Asking for long work."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.nodes import row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.tasks import Task, TaskId, load_task, task_of
from server.domain.tasks import TaskKind, TaskState
from server.services import tasks


@strawberry.input
class TasksFilter:
    """Which tasks. Without any of these: all of the shop's."""

    kinds: list[TaskKind] | None = strawberry.field(default=None, description="Only these kinds.")
    states: list[TaskState] | None = strawberry.field(default=None, description="Only these states.")


@strawberry.type
class TaskQuery:
    """Long work."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def task(self, info: Info, id: TaskId) -> Task | None:
        """One task; null when the shop has none such."""
        return await load_task(info, row_id("Task", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def tasks(
        self,
        info: Info,
        filter: Annotated[TasksFilter | None, strawberry.argument(description="Which tasks.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Task]:
        """The shop's tasks, newest first."""
        wanted = filter or TasksFilter()
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await tasks.page(
                session,
                shop_id=info.context.shop_id,
                kinds=wanted.kinds or (),
                states=wanted.states or (),
                args=args,
            )
        return connection_of(page, task_of)
