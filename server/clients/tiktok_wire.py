"""How TikTok Shop's answers are read: ids as strings whatever the wire says, unknown fields and words tolerated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict

T = TypeVar("T")


def _none_is_empty(value: object) -> object:
    return () if value is None else value


def _none_is_blank(value: object) -> object:
    return "" if value is None else value


def _none_is_false(value: object) -> object:
    return False if value is None else value


def _one_is_many(value: object) -> object:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


Many = Annotated[tuple[T, ...], BeforeValidator(_none_is_empty)]
"""A list that the wire may leave out or send as null."""
Words = Annotated[tuple[str, ...], BeforeValidator(_one_is_many)]
"""A list of words, also when the wire holds one bare word (as some samples do)."""
Text = Annotated[str, BeforeValidator(_none_is_blank)]
Flag = Annotated[bool, BeforeValidator(_none_is_false)]


class Wire(BaseModel):
    """Base of every answer. Closed sets stay ``str``: compare with the StrEnum, expect new words."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True, populate_by_name=True)


class Audited(Wire):
    """Audit status (TikTok fact sheet 3.14): ``NONE``, ``AUDITING``, ``FAILED``, ``PRE_APPROVED``, ``APPROVED``."""

    status: Text = ""
    pre_approved_reasons: Words = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """An answer as read (TikTok fact sheet 5.1). ``code`` is nothing when the body could not be read as one."""

    code: int | None
    message: str
    request_id: str
    data: Mapping[str, object]


_UNREADABLE = Envelope(None, "", "", {})


def read_envelope(content: bytes) -> Envelope:
    """Tolerates ``data`` that is null or absent; a code that is no integer makes the answer unreadable."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _UNREADABLE
    if not isinstance(body, dict):
        return _UNREADABLE
    code, data = body.get("code"), body.get("data")
    return Envelope(
        code if type(code) is int else None,
        str(body.get("message") or ""),
        str(body.get("request_id") or ""),
        data if isinstance(data, dict) else {},
    )
