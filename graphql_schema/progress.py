"""The progress subscription: listen first, then read; a snapshot, then what changed, each change once."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Context, Info
from graphql_schema.errors import ErrorCode, refusal
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts
from graphql_schema.task_items import TaskEvent, TaskItem
from graphql_schema.tasks import Task, TaskId, read_cursor, task_of
from server.services import tasks
from server.services.tasks import Progress

EVENTS_A_MESSAGE = 500
"""A reader that is further behind gets several messages, each marked ``lagged`` but the last."""

NEVER_REACHED = 10**18


@strawberry.type
class TaskProgress:
    """A task as it stands, and what changed since the cursor before."""

    task: Task = strawberry.field(description="The task as it stands now. Its counts never go backwards.")
    items: list[TaskItem] = strawberry.field(description="The items that the events touch, as they stand now.")
    events: list[TaskEvent] = strawberry.field(description="The lines of the log since the cursor before, in order.")
    cursor: str = strawberry.field(description="Pass it as `after` when you come back: nothing is missed or doubled.")
    lagged: bool = strawberry.field(description="More lines are waiting; they follow at once.")

    @classmethod
    def of(cls, progress: Progress) -> "TaskProgress":
        """One look at a task as clients see it."""
        return cls(
            task=task_of(progress.task),
            items=[TaskItem.of(item) for item in progress.items],
            events=[TaskEvent.of(event) for event in progress.events],
            cursor=str(progress.cursor),
            lagged=progress.lagged,
        )


@strawberry.type
class TaskSubscription:
    """Following long work."""

    @strawberry.subscription(permission_classes=[ReadProducts])
    async def task_progress(
        self,
        info: Info,
        task_id: TaskId,
        after: Annotated[
            str | None,
            strawberry.argument(description="The last cursor seen. Without it: only where the task stands now."),
        ] = None,
    ) -> AsyncGenerator[TaskProgress, None]:
        """A task's progress until its end: first where it stands (or what was missed), then each change once.

        Ends with the task, or with the error UNAUTHENTICATED when the caller's token ends; its extensions hold the
        cursor to come back with.
        """
        context = info.context
        wanted = row_id("Task", task_id, "taskId")
        async with context.deps.feed.listen(f"task:{wanted}") as ring:
            progress = await _look(context, wanted, read_cursor(after, NEVER_REACHED))
            read_cursor(after, progress.task.seq)
            told = -1
            while True:
                if progress.events or progress.task.seq > told:
                    told = progress.task.seq
                    async with context.operation():
                        yield TaskProgress.of(progress)
                if progress.task.state.is_final and not progress.lagged:
                    return
                if not progress.lagged:
                    await ring.heard()
                if not await context.still_welcome():
                    raise _come_back(progress.cursor)
                progress = await _look(context, wanted, progress.cursor)


async def _look(context: Context, task_id: UUID, seen: int | None) -> Progress:
    async with context.deps.database.read() as session:
        return await tasks.progress(
            session, shop_id=context.shop_id, task_id=task_id, after=seen, limit=EVENTS_A_MESSAGE
        )


def _come_back(cursor: int) -> Exception:
    message = "Your token has ended. Connect again with a fresh one and pass the cursor as after."
    return refusal(ErrorCode.UNAUTHENTICATED, message, cursor=str(cursor))
