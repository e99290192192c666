"""What a task consists of: its items, and the lines of its log."""

from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.listings import Listing, load_listing_of
from graphql_schema.nodes import Node, findable, gid
from graphql_schema.problems import Problem
from graphql_schema.products import Product, load_product
from server import tables
from server.domain.tasks import EventKind, ItemState, TaskState


@strawberry.type
class TaskItem(Node):
    """One subject of a task."""

    row: strawberry.Private[tables.TaskItem]
    position: int = strawberry.field(description="Its place in the task, from 0.")
    state: ItemState = strawberry.field(description="Where it stands.")
    attempts: int = strawberry.field(description="How often it was tried.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is tried again, if it waits for that.")
    started_at: datetime | None = strawberry.field(description="When it was first taken up.")
    finished_at: datetime | None = strawberry.field(description="When it came to its end.")
    problems: list[Problem] = strawberry.field(description="What is wrong with it, with remedies.")

    @classmethod
    def of(cls, row: tables.TaskItem) -> "TaskItem":
        """A row as clients see it."""
        return cls(
            id=gid("TaskItem", row.id),
            row=row,
            position=row.position,
            state=row.state,
            attempts=row.attempts,
            next_attempt_at=row.due_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            problems=[Problem.of(problem) for problem in row.problems],
        )

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product it is about; null when that is gone."""
        return await load_product(info, self.row.subject_id)

    @strawberry.field
    async def listing(self, info: Info) -> Listing | None:
        """That product's listing in the task's TikTok shop, if it has one."""
        task = await info.context.loaders.tasks.load(self.row.task_id)
        if task is None or task.tiktok_shop_id is None:
            return None
        return await load_listing_of(info, task.tiktok_shop_id, self.row.subject_id)


@strawberry.type
class TaskEvent:
    """One line of a task's log. Lines are numbered without gaps."""

    row: strawberry.Private[tables.TaskEvent]
    cursor: str = strawberry.field(description="Its place in the log; pass it as `after`.")
    at: datetime = strawberry.field(description="When it happened.")
    kind: EventKind = strawberry.field(description="What happened.")

    @classmethod
    def of(cls, row: tables.TaskEvent) -> "TaskEvent":
        """A row as clients see it."""
        return cls(row=row, cursor=str(row.seq), at=row.at, kind=row.kind)

    @strawberry.field
    def item_id(self) -> strawberry.ID | None:
        """The item it is about, if it is about one."""
        return None if self.row.item_id is None else gid("TaskItem", self.row.item_id)

    @strawberry.field
    async def item(self, info: Info) -> TaskItem | None:
        """The item it is about, as it stands now."""
        if self.row.item_id is None:
            return None
        row = await info.context.loaders.task_items.load(self.row.item_id)
        return None if row is None else TaskItem.of(row)

    @strawberry.field
    def state(self) -> TaskState | None:
        """The task's new state, when that is what changed."""
        state = self.row.data.get("state")
        return TaskState(state) if self.row.kind is EventKind.TASK_STATE and state else None

    @strawberry.field
    def problem_codes(self) -> list[str]:
        """Codes of the problems that came with it; the item or the task has them in full."""
        data = self.row.data
        whole = data.get("problem")
        return [whole["code"]] if isinstance(whole, dict) else list(data.get("problems", ()))


@findable("TaskItem")
async def _find_item(info: Info, item_id: UUID) -> TaskItem | None:
    row = await info.context.loaders.task_items.load(item_id)
    return None if row is None else TaskItem.of(row)
