"""One JSON codec for rows, wires and queues."""

from typing import Any

import orjson


def dumps(value: object) -> bytes:
    """Compact UTF-8 bytes; UUIDs, datetimes and string enums are written as text."""
    return orjson.dumps(value)


def dumps_text(value: object) -> str:
    """The same as text, for drivers and sockets that want ``str``."""
    return orjson.dumps(value).decode()


def loads(data: str | bytes) -> Any:
    """Any JSON value. Its shape is the caller's to check."""
    return orjson.loads(data)
