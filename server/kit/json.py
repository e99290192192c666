"""One JSON codec for rows, wires and queues."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson


def _plain(value: object) -> str:
    """What orjson does not know: drivers' own UUID class, and decimals, which stay exact as text."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def dumps(value: object) -> bytes:
    """Compact UTF-8 bytes; UUIDs, datetimes, decimals and string enums are written as text."""
    return orjson.dumps(value, default=_plain)


def dumps_text(value: object) -> str:
    """The same as text, for drivers and sockets that want ``str``."""
    return dumps(value).decode()


def exact(number: Decimal) -> object:
    """A decimal that is written as a JSON number, digit for digit."""
    return orjson.Fragment(format(number, "f"))


def loads(data: str | bytes) -> Any:
    """Any JSON value. Its shape is the caller's to check."""
    return orjson.loads(data)
