"""How far an import is: kept with its chunk, so that whoever goes on knows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from server.clients.shopify import Unreadable
from server.deps import Session
from workers.runtime import ChunkRun

log = structlog.get_logger()


@dataclass(slots=True)
class ImportLog:
    """``total`` and ``ended`` are what the task shows. ``refused`` products could not be kept.

    ``export`` counts the exports asked for, ``asked`` that the present one was, ``operation`` is its id once known.
    """

    began: str
    by_export: bool
    total: int = 0
    ended: int = 0
    refused: int = 0
    cursor: str | None = None
    export: int = 0
    asked: bool = False
    operation: str | None = None
    read: bool = False
    done: bool = False

    @property
    def began_at(self) -> datetime:
        """When the import began to read."""
        return datetime.fromisoformat(self.began)

    def export_name(self, task_id: UUID) -> str:
        """The present export's name in the store: no other import has it."""
        return f"Import_{task_id.hex}_{self.export}"

    def checkpoint(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


async def advance(
    run: ChunkRun, session: Session, progress: ImportLog, *, met: int = 0, refused: int = 0, known: int = 0
) -> None:
    """So many more products ended; the store is known to have at least ``known``. No count ever goes back."""
    progress.ended += met + refused
    progress.refused += refused
    added = max(progress.ended, known, progress.total) - progress.total
    progress.total += added
    await run.save(session, checkpoint=progress.checkpoint(), added=added, succeeded=met, failed=refused)


async def close(run: ChunkRun, session: Session, progress: ImportLog) -> None:
    """All is read: products that were counted at first and gone before they were read count as skipped."""
    progress.done = True
    missing = progress.total - progress.ended
    progress.ended = progress.total
    await run.save(session, checkpoint=progress.checkpoint(), skipped=missing)


def tell_refused(unreadable: Sequence[Unreadable]) -> None:
    """Into the log, one by one."""
    for one in unreadable:
        log.warning("import.product_refused", product=one.id, reason=one.reason)
