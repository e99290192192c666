"""Announcing files: every row is checked by itself, and those that may come get a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.domain.files import Fault, FileWish, fault_of
from server.kit.errors import AppError, Conflict, Invalid
from server.store import files as store
from server.store.session import Session
from server.tables import StoredFile

MAX_ROWS = 50
LIFE = timedelta(minutes=15)
"""Enough for 20 MB over a slow line, and short enough that an address that leaks is soon worth nothing."""

_ALIASES = {"image/jpg": "image/jpeg", "image/x-ms-bmp": "image/bmp", "image/heif": "image/heic"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: the announced file, or why it may not come. The error's field starts with ``input`` and the row."""

    file: StoredFile | None
    error: AppError | None = None


async def stage(
    session: Session,
    *,
    shop_id: UUID,
    wishes: Sequence[FileWish],
    most_bytes: int,
    most_bytes_of_shop: int,
    by: str,
    now: datetime,
) -> list[Outcome]:
    """One outcome a wish, in order. A faulty row keeps no other from being announced."""
    if not 1 <= len(wishes) <= MAX_ROWS:
        raise Invalid(f"Announce 1 to {MAX_ROWS} files at once.", field=("input",))
    left = most_bytes_of_shop - await store.bytes_of_shop(session, shop_id=shop_id)
    outcomes: list[Outcome] = []
    for at, wish in enumerate(_plain(wish) for wish in wishes):
        fault = fault_of(wish, most_bytes)
        if fault is not None:
            outcomes.append(Outcome(None, _invalid(at, fault)))
        elif wish.size > left:
            outcomes.append(Outcome(None, _full(at)))
        else:
            left -= wish.size
            outcomes.append(Outcome(_announced(wish, shop_id, by, now)))
    await store.insert(session, shop_id=shop_id, files=[one.file for one in outcomes if one.file is not None])
    return outcomes


def _plain(wish: FileWish) -> FileWish:
    kind = wish.mime_type.partition(";")[0].strip().lower()
    return replace(wish, name=wish.name.strip(), mime_type=_ALIASES.get(kind, kind))


def _announced(wish: FileWish, shop_id: UUID, by: str, now: datetime) -> StoredFile:
    return StoredFile(
        shop_id=shop_id,
        purpose=wish.purpose,
        name=wish.name,
        mime_type=wish.mime_type,
        size=wish.size,
        created_at=now,
        created_by=by,
        expires_at=now + LIFE,
    )


def _invalid(at: int, fault: Fault) -> Invalid:
    return Invalid(fault.message, field=("input", str(at), fault.field))


def _full(at: int) -> Conflict:
    message = "There is no room for this file: the store's files take all the space they may. Delete some first."
    return Conflict(message, field=("input", str(at), "fileSize"))
