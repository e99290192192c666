"""Tasks, their chunks and items, and the event log that progress is read from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from server.domain.tasks import ChunkState, EventKind, ItemState, TaskKind, TaskState
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class Task(SQLModel, table=True):
    """Long work of one shop, its own outbox. ``seq`` numbers its events; whoever moves it locks this row first.

    ``retry_of`` is the task whose failed items this one takes up again.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("shop_id", "kind", "idempotency_key"),
        Index("ix_task_shop_id_created", "shop_id", "created_at", "id"),
        Index("ix_task_open", "state", postgresql_where=text("finished_at IS NULL")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID | None = Field(default=None, foreign_key="tiktok_shop.id", index=True, ondelete="CASCADE")
    kind: TaskKind = Field(sa_column=enum_column(TaskKind))
    state: TaskState = Field(default=TaskState.QUEUED, sa_column=enum_column(TaskState))
    input: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    idempotency_key: str | None = Field(default=None, max_length=128)
    started_by: str = Field(max_length=128)
    retry_of: UUID | None = Field(default=None, foreign_key="task.id", index=True, ondelete="SET NULL")
    total: int = 0
    queued: int = 0
    running: int = 0
    succeeded: int = 0
    skipped: int = 0
    failed: int = 0
    seq: int = 0
    attempts: int = 0
    problem: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class TaskChunk(SQLModel, table=True):
    """A slice of a task that one worker holds at a time. ``fence`` grows with each claim: an old holder's writes miss.

    ``sent_at`` is when a job was last put into the queue; ``checkpoint`` is where a story without items goes on.
    """

    __tablename__ = "task_chunk"
    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        Index("ix_task_chunk_due", "due_at", postgresql_where=text("state = 'QUEUED'")),
        Index("ix_task_chunk_lease", "lease_until", postgresql_where=text("state = 'RUNNING'")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", ondelete="CASCADE")
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    position: int
    state: ChunkState = Field(default=ChunkState.QUEUED, sa_column=enum_column(ChunkState))
    fence: int = 0
    worker: str | None = Field(default=None, max_length=128)
    lease_until: datetime | None = None
    due_at: datetime
    sent_at: datetime | None = None
    crashes: int = 0
    outages: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    checkpoint: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class TaskItem(SQLModel, table=True):
    """One subject of a task, mostly a product. ``seq`` is the event that last changed it.

    ``template_id`` was settled when a listing task began; none where no template takes the product. It names one that
    may be gone by now: a foreign key would have every item of all tasks looked through when a template is deleted.
    """

    __tablename__ = "task_item"
    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        Index("ix_task_item_task_id_chunk", "task_id", "chunk", "state"),
        Index("ix_task_item_subject_id", "subject_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", ondelete="CASCADE")
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    position: int
    chunk: int
    subject_id: UUID
    state: ItemState = Field(default=ItemState.QUEUED, sa_column=enum_column(ItemState))
    attempts: int = 0
    due_at: datetime | None = None
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    outcome: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    seq: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    template_id: UUID | None = None


class TaskEvent(SQLModel, table=True):
    """One line of a task's log. ``(task_id, seq)`` has no gaps: the task's row is locked while lines are added."""

    __tablename__ = "task_event"

    task_id: UUID = Field(foreign_key="task.id", primary_key=True, ondelete="CASCADE")
    seq: int = Field(primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    at: datetime
    kind: EventKind = Field(sa_column=enum_column(EventKind))
    item_id: UUID | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
