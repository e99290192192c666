"""Row ids are time-ordered UUIDs; API ids are opaque ``gid://leafmark/<Type>/<uuid>``."""

from uuid import UUID

import uuid_utils

_PREFIX = "gid://leafmark/"


def new_id() -> UUID:
    """A fresh UUIDv7: rows made later sort later, so indexes grow at one end."""
    return UUID(int=uuid_utils.uuid7().int)


def to_gid(kind: str, row_id: UUID) -> str:
    """The API id of a row, e.g. ``gid://leafmark/Product/0198...``."""
    return f"{_PREFIX}{kind}/{row_id}"


def parse_gid(gid: str) -> tuple[str, UUID] | None:
    """``(type, row id)`` of an API id, or nothing when it is not one of ours."""
    if not gid.startswith(_PREFIX):
        return None
    kind, slash, text = gid.removeprefix(_PREFIX).partition("/")
    if not slash or not kind.isalpha() or len(text) != 36:
        return None
    try:
        return kind, UUID(text)
    except ValueError:
        return None
