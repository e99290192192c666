"""Steering tasks."""

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, TaskId, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.services import tasks

_TASK = "The task as it stands now; null when nothing was done."
_ERRORS = "Why nothing was done; empty when it was."


@strawberry.type
class TaskCancelPayload:
    """Answer of `taskCancel`."""

    task: Task | None = strawberry.field(description=_TASK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TaskPausePayload:
    """Answer of `taskPause`."""

    task: Task | None = strawberry.field(description=_TASK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TaskResumePayload:
    """Answer of `taskResume`."""

    task: Task | None = strawberry.field(description=_TASK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TaskMutation:
    """Steering tasks."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def task_cancel(self, info: Info, id: TaskId) -> TaskCancelPayload | None:
        """End a task: what is under way is finished, the rest is skipped. Cancelling twice changes nothing."""
        context = info.context

        async def work(session: Session) -> tables.Task:
            task_id = row_id("Task", id, "id")
            return await tasks.cancel(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                task_id=task_id,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return TaskCancelPayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def task_pause(self, info: Info, id: TaskId) -> TaskPausePayload | None:
        """Hold a task: what is under way is finished, nothing new is begun. Pausing twice changes nothing."""
        context = info.context

        async def work(session: Session) -> tables.Task:
            task_id = row_id("Task", id, "id")
            return await tasks.pause(
                session, context.deps.feed, shop_id=context.shop_id, task_id=task_id, now=context.now
            )

        task, errors = await attempt(info, work)
        return TaskPausePayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def task_resume(self, info: Info, id: TaskId) -> TaskResumePayload | None:
        """Go on with a paused task."""
        context = info.context

        async def work(session: Session) -> tables.Task:
            task_id = row_id("Task", id, "id")
            return await tasks.resume(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                task_id=task_id,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return TaskResumePayload(task=None if task is None else task_of(task), user_errors=errors)
