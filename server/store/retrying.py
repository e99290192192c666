"""Failed items of tasks, found for another try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

from server.domain.tasks import TaskKind
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class RetryFilter:
    """Which failed items: those of the named tasks and the named ones, or all; the rest narrows them."""

    task_ids: Sequence[UUID] = ()
    item_ids: Sequence[UUID] = ()
    tiktok_shop_id: UUID | None = None
    kinds: Sequence[TaskKind] = ()
    problem_codes: Sequence[str] = ()

    @property
    def names(self) -> bool:
        """Whether tasks or items are named."""
        return bool(self.task_ids or self.item_ids)


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A product's newest failure in one kind of task, with what that task was asked to do."""

    item_id: UUID
    product_id: UUID
    task_id: UUID
    kind: TaskKind
    tiktok_shop_id: UUID
    input: Mapping[str, Any]


_FAILED = text("""
WITH asked AS (
    SELECT task.kind, task.tiktok_shop_id, item.subject_id,
           bool_or(item.id = ANY(CAST(:item_ids AS uuid[]))) AS is_named
    FROM task_item item JOIN task ON task.id = item.task_id
    WHERE item.shop_id = :shop_id AND item.state = 'FAILED' AND task.tiktok_shop_id IS NOT NULL
      AND task.kind = ANY(CAST(:kinds AS text[]))
      AND (NOT :names OR task.id = ANY(CAST(:task_ids AS uuid[])) OR item.id = ANY(CAST(:item_ids AS uuid[])))
      AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR task.tiktok_shop_id = :tiktok_shop_id)
    GROUP BY task.kind, task.tiktok_shop_id, item.subject_id
), newest AS (
    SELECT DISTINCT ON (asked.kind, asked.tiktok_shop_id, asked.subject_id)
           asked.kind, asked.tiktok_shop_id, asked.subject_id, asked.is_named,
           item.id AS item_id, item.state, item.problems, task.id AS task_id, task.input
    FROM asked
    JOIN task_item item ON item.subject_id = asked.subject_id AND item.shop_id = :shop_id
    JOIN task ON task.id = item.task_id AND task.kind = asked.kind AND task.tiktok_shop_id = asked.tiktok_shop_id
    WHERE NOT (item.state = 'SKIPPED' AND item.problems = '[]'::jsonb AND task.state IN ('CANCELLING', 'CANCELLED'))
    ORDER BY asked.kind, asked.tiktok_shop_id, asked.subject_id, task.created_at DESC, task.id DESC, item.position DESC
)
SELECT newest.item_id, newest.subject_id, newest.task_id, newest.kind, newest.tiktok_shop_id, newest.input
FROM newest
LEFT JOIN listing ON listing.product_id = newest.subject_id AND listing.tiktok_shop_id = newest.tiktok_shop_id
WHERE newest.state = 'FAILED'
  AND CASE
        WHEN newest.kind = 'LISTING' THEN
            listing.id IS NULL OR listing.status IN ('NOT_SYNCED', 'SYNC_FAILED')
            OR (newest.is_named AND listing.status = 'DELETED')
        WHEN newest.kind = 'EDIT' THEN listing.remote_id IS NOT NULL AND listing.status <> 'DELETED'
        WHEN newest.kind = 'STATUS' THEN listing.remote_id IS NOT NULL
        ELSE TRUE
      END
  AND (CAST(:codes AS text[]) = '{}' OR EXISTS (
        SELECT FROM jsonb_array_elements(newest.problems) AS said(problem)
        WHERE said.problem ->> 'code' = ANY(CAST(:codes AS text[]))))
ORDER BY newest.kind, newest.tiktok_shop_id, newest.subject_id
""").columns(input=JSONB())


async def failed(session: Session, *, shop_id: UUID, wanted: RetryFilter) -> list[FailedItem]:
    """Each product once for a kind and TikTok shop, if what was done with it last has failed.

    Left out is what ended otherwise since (items of a cancelled task that never had their turn do not count), what
    came to TikTok Shop since, what was deleted there unless its very item is named, and edits of what is not there.
    """
    values = {
        "shop_id": shop_id,
        "names": wanted.names,
        "task_ids": list(wanted.task_ids),
        "item_ids": list(wanted.item_ids),
        "tiktok_shop_id": wanted.tiktok_shop_id,
        "kinds": [str(kind) for kind in wanted.kinds],
        "codes": list(wanted.problem_codes),
    }
    connection = await session.connection()
    return [
        FailedItem(row.item_id, row.subject_id, row.task_id, TaskKind(row.kind), row.tiktok_shop_id, row.input)
        for row in await connection.execute(_FAILED, values)
    ]
