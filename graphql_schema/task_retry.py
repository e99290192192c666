"""Trying failed items again."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.tasks import TaskKind
from server.kit.errors import Invalid
from server.services import retrying


@strawberry.input
class TaskRetryFilter:
    """Which failed items of all the shop's tasks."""

    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="Only of tasks for this TikTok shop."
    )
    kinds: list[TaskKind] | None = strawberry.field(
        default=None, description="Only of these kinds of tasks: LISTING, EDIT or RECOMMENDATION."
    )
    problem_codes: list[str] | None = strawberry.field(
        default=None, description="Only items that failed with one of these codes, as `Problem.code` has them."
    )


@strawberry.input
class TaskRetryInput:
    """What to try again: the failed items of one task, named ones, or all that fit a filter."""

    task_id: strawberry.ID | None = strawberry.field(default=None, description="All items of this task that failed.")
    item_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"These failed items, 1 to {retrying.MAX_ITEMS}."
    )
    filter: TaskRetryFilter | None = strawberry.field(
        default=None, description="All failed items that fit; with `taskId`, those of that task that fit."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class TaskRetryPayload:
    """Answer of `taskRetry`."""

    tasks: list[Task] = strawberry.field(
        description="The new tasks, one for each kind and TikTok shop; empty when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class TaskRetryMutation:
    """Trying failed items again."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def task_retry(
        self, info: Info, input: Annotated[TaskRetryInput, strawberry.argument(description="What to try again.")]
    ) -> TaskRetryPayload | None:
        """Try failed items again in a new task, with templates, mappings and overrides as they are now.

        A product that came to TikTok Shop since is left out.
        """
        context = info.context

        async def work(session: Session) -> list[tables.Task]:
            bench = retrying.Bench(
                session,
                context.deps.queue,
                context.deps.feed,
                context.shop_id,
                context.who.started_by,
                context.now,
            )
            return await retrying.retry(bench, _wanted(input), idempotency_key=input.idempotency_key)

        opened, errors = await attempt(info, work)
        return TaskRetryPayload(tasks=[task_of(row) for row in opened or ()], user_errors=errors)


def _wanted(asked: TaskRetryInput) -> retrying.RetryFilter:
    if asked.task_id is None and asked.item_ids is None and asked.filter is None:
        raise Invalid("Name a task or items, or give a filter.", field=("input",))
    wanted = asked.filter or TaskRetryFilter()
    shop = wanted.tiktok_shop_id
    return retrying.RetryFilter(
        task_id=None if asked.task_id is None else row_id("Task", asked.task_id, "input", "taskId"),
        item_ids=None if asked.item_ids is None else row_ids("TaskItem", asked.item_ids, "input", "itemIds"),
        tiktok_shop_id=None if shop is None else row_id("TikTokShop", shop, "input", "filter", "tiktokShopId"),
        kinds=tuple(wanted.kinds or ()),
        problem_codes=tuple(wanted.problem_codes or ()),
    )
