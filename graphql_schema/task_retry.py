"""Trying failed items again."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt, beside_input
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.tasks import TaskKind
from server.kit.errors import Invalid
from server.kit.ids import parse_gid
from server.services import retrying


@strawberry.input
class TaskRetryFilter:
    """Which failed items of all the shop's tasks."""

    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="Only of tasks for this TikTok shop."
    )
    kinds: list[TaskKind] | None = strawberry.field(
        default=None, description=f"Only of these kinds of tasks: {', '.join(retrying.REPEATABLE)}."
    )
    problem_codes: list[str] | None = strawberry.field(
        default=None,
        description="Only products whose newest failure has one of these codes, as `Problem.code` has them.",
    )


@strawberry.type
class TaskRetryPayload:
    """Answer of `taskRetry`."""

    tasks: list[Task] = strawberry.field(
        description="The new tasks, one for each kind, TikTok shop and named template; empty when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class TaskRetryMutation:
    """Trying failed items again."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def task_retry(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description=f"1 to {retrying.MAX_IDS} items, or tasks whose items are meant."),
        ] = None,
        filter: Annotated[
            TaskRetryFilter | None,
            strawberry.argument(description="All failed items that fit; with `ids`, those of them that fit."),
        ] = None,
        idempotency_key: Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)] = None,
    ) -> TaskRetryPayload | None:
        """Try failed items again, each with the template it was named with, else with rules as they are now.

        A product's newest item of a kind counts. Left out is what came to TikTok Shop since, what was deleted there
        (unless its item is named), and, with a filter alone, what is of TikTok shops that are not connected.
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
            if ids is None and filter is None:
                raise Invalid("Name tasks or items, or give a filter.", field=("ids",))
            return await retrying.retry(bench, ids=_names(ids), wanted=_wanted(filter), idempotency_key=idempotency_key)

        opened, errors = await attempt(info, work)
        return TaskRetryPayload(tasks=[task_of(row) for row in opened or ()], user_errors=beside_input(errors))


def _names(ids: Sequence[strawberry.ID] | None) -> list[retrying.Name] | None:
    return None if ids is None else [_name(value, "ids", str(at)) for at, value in enumerate(ids)]


def _name(value: strawberry.ID, *field: str) -> retrying.Name:
    parsed = parse_gid(value)
    is_task = parsed is not None and parsed[0] == "Task"
    return retrying.Name(is_task, row_id("Task" if is_task else "TaskItem", value, *field))


def _wanted(asked: TaskRetryFilter | None) -> retrying.RetryFilter:
    if asked is None:
        return retrying.RetryFilter()
    shop = asked.tiktok_shop_id
    return retrying.RetryFilter(
        tiktok_shop_id=None if shop is None else row_id("TikTokShop", shop, "filter", "tiktokShopId"),
        kinds=tuple(asked.kinds or ()),
        problem_codes=tuple(asked.problem_codes or ()),
    )
