"""Long work as clients see it: tasks, their items and their log."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import Node, findable, gid
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.problems import Problem
from graphql_schema.task_items import TaskEvent, TaskItem
from graphql_schema.templates import CategoryTemplate, load_template
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.categories import CategoryVersion
from server.domain.listings import StatusAction
from server.domain.paging import Page
from server.domain.tasks import Counts, ItemState, TaskKind, TaskState
from server.kit.errors import Invalid
from server.services import tasks

publish(
    StatusAction,
    "What is done with products on TikTok Shop.",
    {
        StatusAction.ACTIVATE: "Put on sale again; TikTok audits them first.",
        StatusAction.DEACTIVATE: "Taken off sale.",
        StatusAction.DELETE: "Deleted; they can be recovered.",
        StatusAction.RECOVER: "Brought back after a deletion, off sale.",
    },
    name="ListingStatusAction",
)
TaskId = Annotated[strawberry.ID, strawberry.argument(description="The task's id.")]


@strawberry.type
class TaskCounts:
    """How many items stand where. The three ends only ever grow."""

    total: int = strawberry.field(description="All items known so far; an import learns of them page by page.")
    queued: int = strawberry.field(description="Waiting for their turn or their next attempt.")
    running: int = strawberry.field(description="Being worked on now.")
    succeeded: int = strawberry.field(description="Done.")
    skipped: int = strawberry.field(description="Had nothing to do.")
    failed: int = strawberry.field(description="Could not be done.")


@strawberry.interface
class Task(Node):
    """Long work that goes on in the background. Ask again, or follow it with `taskProgress`."""

    row: strawberry.Private[tables.Task]
    kind: TaskKind = strawberry.field(description="What kind of work.")
    state: TaskState = strawberry.field(description="Where it stands.")
    counts: TaskCounts = strawberry.field(description="How many items stand where.")
    percent: float = strawberry.field(description="Share of ended items, 0 to 100, of those known so far.")
    attempts: int = strawberry.field(description="How often it went to work: once, and again after each wait or pause.")
    problem: Problem | None = strawberry.field(description="Why the whole task had to stop, if it had to.")
    started_by: Actor = strawberry.field(description="Who started it.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When a worker first took it up.")
    finished_at: datetime | None = strawberry.field(description="When it came to its end.")
    cursor: str = strawberry.field(
        description="Where its log ends now. Pass it as `after` to `taskProgress` or `events` to miss nothing."
    )

    @strawberry.field
    async def retry_of(self, info: Info) -> "Task | None":
        """The task whose failed items this one takes up again, if it does that."""
        return None if self.row.retry_of is None else await load_task(info, self.row.retry_of)

    @strawberry.field
    async def estimated_finish_at(self, info: Info) -> datetime | None:
        """When it will have ended at its present pace, the shop's daily limit and waits included.

        Null when it has ended, is paused or is being cancelled.
        """
        return await info.context.loaders.finish_times.load(self.row.id)

    @strawberry.field
    async def items(
        self,
        info: Info,
        states: Annotated[
            list[ItemState] | None, strawberry.argument(description="Only items in one of these states.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TaskItem]:
        """Its items in their order. Imports and category syncs have counts only."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await tasks.items_page(
                session, shop_id=info.context.shop_id, task_id=self.row.id, states=states or (), args=args
            )
        return connection_of(page, TaskItem.of)

    @strawberry.field
    async def events(self, info: Info, first: First = None, after: After = None) -> Connection[TaskEvent]:
        """Its log, oldest first. Polling this with the last cursor misses nothing, as `taskProgress` does."""
        args = page_args(info, first, after)
        seen = read_cursor(after, self.row.seq) or 0
        async with info.context.read() as session:
            rows = await tasks.events_after(
                session, shop_id=info.context.shop_id, task_id=self.row.id, after=seen, limit=args.size + 1
            )
        more, rows = len(rows) > args.size, rows[: args.size]
        page = Page(rows, [str(row.seq) for row in rows], has_next=more, has_previous=seen > 0, total=self.row.seq)
        return connection_of(page, TaskEvent.of)


@strawberry.type
class ImportTask(Task):
    """Products are read from Shopify."""


@strawberry.type
class CategoriesSyncTask(Task):
    """TikTok's category trees are read."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop whose view of the trees is read."""
        return await _tiktok_shop_of(info, self.row)

    @strawberry.field
    def versions(self) -> list[CategoryVersion]:
        """Which trees."""
        return [CategoryVersion(version) for version in self.row.input.get("versions", ())]


@strawberry.type
class ListingTask(Task):
    """Products are created on TikTok Shop."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that the products are listed in."""
        return await _tiktok_shop_of(info, self.row)

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template that was named when the task was started, if one was."""
        named = self.row.input.get("template_id")
        return None if named is None else await load_template(info, UUID(named))


@strawberry.type
class CheckTask(Task):
    """TikTok Shop is asked what it would say to products. What it finds are the items' problems; nothing is created."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that is asked."""
        return await _tiktok_shop_of(info, self.row)


@strawberry.type
class EditTask(Task):
    """Listings are brought up to date: what changed is sent, nothing else."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that the listings are in."""
        return await _tiktok_shop_of(info, self.row)


@strawberry.type
class RecommendationTask(Task):
    """Categories are looked for."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop whose tree and permissions count."""
        return await _tiktok_shop_of(info, self.row)

    @strawberry.field
    def min_probability(self) -> float:
        """Candidates less probable than this are shown but not proposed."""
        return float(self.row.input["threshold"])


@strawberry.type
class SweepTask(Task):
    """What stands on TikTok Shop is read, whoever put it there."""

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that is read."""
        return await _tiktok_shop_of(info, self.row)


@strawberry.type
class StatusTask(Task):
    """Listings are put on sale, taken off, deleted or brought back."""

    @strawberry.field
    def action(self) -> StatusAction:
        """What is done with them."""
        return StatusAction(self.row.input["action"])

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that they are in."""
        return await _tiktok_shop_of(info, self.row)


async def _tiktok_shop_of(info: Info, row: tables.Task) -> TikTokShop | None:
    return None if row.tiktok_shop_id is None else await load_tiktok_shop(info, row.tiktok_shop_id)


_TYPES: dict[TaskKind, type[Task]] = {
    TaskKind.IMPORT: ImportTask,
    TaskKind.CATEGORIES: CategoriesSyncTask,
    TaskKind.LISTING: ListingTask,
    TaskKind.CHECK: CheckTask,
    TaskKind.EDIT: EditTask,
    TaskKind.RECOMMENDATION: RecommendationTask,
    TaskKind.SWEEP: SweepTask,
    TaskKind.STATUS: StatusTask,
}


def task_of(row: tables.Task) -> Task:
    """A row as clients see it, in the type of its kind."""
    counts = Counts(row.total, row.queued, row.running, row.succeeded, row.skipped, row.failed)
    return _TYPES[row.kind](
        id=gid("Task", row.id),
        row=row,
        kind=row.kind,
        state=row.state,
        counts=TaskCounts(**asdict(counts)),
        percent=counts.percent,
        attempts=row.attempts,
        problem=None if row.problem is None else Problem.of(row.problem),
        started_by=Actor.of(row.started_by),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        cursor=str(row.seq),
    )


def read_cursor(after: str | None, newest: int) -> int | None:
    """A place in a task's log; ``Invalid`` (``BAD_USER_INPUT``) when the log has no such place."""
    if after is None:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) <= 18) or int(after) > newest:
        raise Invalid(
            "after is not a cursor of this task: pass the task's or an event's.",
            code="BAD_USER_INPUT",
            field=("after",),
        )
    return int(after)


async def load_task(info: Info, task_id: UUID) -> Task | None:
    """A task by row id, through this operation's loader."""
    row = await info.context.loaders.tasks.load(task_id)
    return None if row is None else task_of(row)


findable("Task")(load_task)
