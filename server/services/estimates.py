"""When tasks will be done, told from their pace and from the limits that are known (capability N15)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from server.domain.estimates import finish_at, pace_of
from server.domain.switching import counts_as_listing
from server.domain.tasks import TaskKind, TaskState
from server.services import quota
from server.services.quota import Quota
from server.store import estimates as store
from server.store.estimates import Prospect
from server.store.session import Session
from server.tables import Task

FIRST_GUESS: Mapping[TaskKind, float] = {TaskKind.IMPORT: 500.0, TaskKind.CATEGORIES: 0.2}
"""Items a second before a task has shown its own pace; two for all that call TikTok Shop for each item."""

_CALLS_A_SECOND = 2.0
_STANDING_STILL = (TaskState.PAUSED, TaskState.CANCELLING)
_ENDLESS = (TaskKind.SWEEP,)
"""Nobody knows how much there is before all was met."""


async def finish_times(
    session: Session, *, shop_id: UUID, tasks: Sequence[Task], now: datetime
) -> dict[UUID, datetime | None]:
    """By task: when it will have ended, should nothing change; None for one that ended or stands still."""
    prospects = await store.prospects(session, shop_id=shop_id, ids=[task.id for task in tasks])
    shops = {one.tiktok_shop_id for one in tasks if one.tiktok_shop_id and counts_as_listing(one.kind, one.input)}
    quotas = await quota.quotas(session, shop_id=shop_id, ids=list(shops), now=now) if shops else {}
    return {task.id: _finish(task, prospects.get(task.id), _limit(task, quotas), now) for task in tasks}


async def ahead(session: Session, *, shop_id: UUID, task_id: UUID) -> int:
    """Open items of earlier tasks that list in the same TikTok shop: its room is theirs first."""
    return await store.ahead(session, shop_id=shop_id, task_id=task_id)


def _limit(task: Task, quotas: Mapping[UUID, Quota]) -> Quota | None:
    """Only some of the work counts against the shop's day."""
    if task.tiktok_shop_id is None or not counts_as_listing(task.kind, task.input):
        return None
    return quotas.get(task.tiktok_shop_id)


def _finish(task: Task, prospect: Prospect | None, known: Quota | None, now: datetime) -> datetime | None:
    left = task.total - task.succeeded - task.skipped - task.failed
    if prospect is None or task.state in _STANDING_STILL or task.kind in _ENDLESS or task.total == 0:
        return None
    shown = pace_of(prospect.ends) if prospect.ends else _average(task, now)
    pace = shown or FIRST_GUESS.get(task.kind, _CALLS_A_SECOND)
    return finish_at(
        now,
        left + prospect.ahead,
        per_second=pace,
        limit=None if known is None else known.limit,
        waits_until=prospect.due_at,
    )


def _average(task: Task, now: datetime) -> float | None:
    """Stories without items have no ends of their own: what ended since the start."""
    ended = task.succeeded + task.skipped + task.failed
    if not ended or task.started_at is None or now <= task.started_at:
        return None
    return ended / (now - task.started_at).total_seconds()
