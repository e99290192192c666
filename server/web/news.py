"""A webhook as both platforms' readers hand it on: genuine, in the inbox's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.kit.json import loads
from server.tables import WebhookSource


@dataclass(frozen=True, slots=True)
class News:
    """One delivery, ready to be kept."""

    source: WebhookSource
    delivery_id: str
    shop_ref: str
    topic: str
    payload: Mapping[str, Any]
    triggered_at: datetime | None


class Refused(Exception):
    """Answered with this status and an empty body; nothing is kept."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def read_object(raw: bytes) -> dict[str, Any]:
    """The body as a JSON object, without NUL characters, which PostgreSQL cannot keep; ``Refused`` (400) otherwise."""
    try:
        body = loads(raw)
    except ValueError:
        raise Refused(400, "not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "not an object")
    return {str(name): _scrubbed(value) for name, value in body.items()} if b"\\u0000" in raw else body


def _scrubbed(value: object) -> object:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_scrubbed(part) for part in value]
        case dict():
            return {str(name).replace("\0", ""): _scrubbed(part) for name, part in value.items()}
        case _:
            return value


def clean(text: str, longest: int) -> str:
    """A header or id fit for its column; ``Refused`` (400) when it is not."""
    if not text or len(text) > longest or "\0" in text:
        raise Refused(400, "a required field is missing or too long")
    return text
