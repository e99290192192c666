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
    """Which failed items; each that is given narrows them."""

    task_id: UUID | None = None
    item_ids: Sequence[UUID] | None = None
    tiktok_shop_id: UUID | None = None
    kinds: Sequence[TaskKind] = ()
    problem_codes: Sequence[str] = ()


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
SELECT DISTINCT ON (task.kind, task.tiktok_shop_id, item.subject_id)
       item.id AS item_id, item.subject_id, task.id AS task_id, task.kind, task.tiktok_shop_id, task.input
FROM task_item item JOIN task ON task.id = item.task_id
LEFT JOIN listing ON listing.product_id = item.subject_id AND listing.tiktok_shop_id = task.tiktok_shop_id
WHERE item.shop_id = :shop_id AND item.state = 'FAILED' AND task.tiktok_shop_id IS NOT NULL
  AND task.kind = ANY(CAST(:kinds AS text[]))
  AND (task.kind <> 'LISTING' OR listing.id IS NULL OR listing.status IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED'))
  AND (CAST(:task_id AS uuid) IS NULL OR task.id = :task_id)
  AND (CAST(:item_ids AS uuid[]) IS NULL OR item.id = ANY(CAST(:item_ids AS uuid[])))
  AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR task.tiktok_shop_id = :tiktok_shop_id)
  AND (CAST(:codes AS text[]) = '{}' OR EXISTS (
        SELECT FROM jsonb_array_elements(item.problems) AS said(problem)
        WHERE said.problem ->> 'code' = ANY(CAST(:codes AS text[]))))
ORDER BY task.kind, task.tiktok_shop_id, item.subject_id, task.created_at DESC, item.id
""").columns(input=JSONB())


async def failed(session: Session, *, shop_id: UUID, wanted: RetryFilter) -> list[FailedItem]:
    """Each product once for a kind and TikTok shop. One that is on TikTok Shop by now is not listed anew."""
    values = {
        "shop_id": shop_id,
        "task_id": wanted.task_id,
        "item_ids": None if wanted.item_ids is None else list(wanted.item_ids),
        "tiktok_shop_id": wanted.tiktok_shop_id,
        "kinds": [str(kind) for kind in wanted.kinds],
        "codes": list(wanted.problem_codes),
    }
    connection = await session.connection()
    return [
        FailedItem(row.item_id, row.subject_id, row.task_id, TaskKind(row.kind), row.tiktok_shop_id, row.input)
        for row in await connection.execute(_FAILED, values)
    ]
