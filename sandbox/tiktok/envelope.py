"""The envelope every answer wears (fact sheet 5.1), the refusals, and the HTTP status of each code (5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

import orjson
from starlette.responses import Response

BAD_PARAMETER = 36009004
HTTP_STATUS: Mapping[int, int] = {
    36009004: 400,
    36009009: 404,
    36009010: 400,
    36009014: 400,
    36009021: 400,
    36009022: 400,
    36009023: 400,
    106013: 400,
    101000: 401,
    105002: 401,
    105005: 401,
    106001: 401,
    36009043: 401,
    36009044: 401,
    36009002: 429,
    36009037: 429,
}


@dataclass
class Refusal(Exception):
    """The platform says no: a code of section 5 and a message that names the cause."""

    code: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def bad_parameter(reason: str) -> Refusal:
    """The many-purpose 36009004 with its keyword in the message."""
    return Refusal(BAD_PARAMETER, reason)


def request_id(now: int, seed: int, number: int) -> str:
    """14 digits of time and 20 hex digits, as the platform's ids look; the same for the same seed and call number."""
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S")
    return moment + blake2b(f"{seed}/{number}".encode(), digest_size=10).hexdigest().upper()


def success(data: object, asked: str, message: str = "Success") -> Response:
    """Code 0 and the data."""
    return _json(200, {"code": 0, "data": data, "message": message, "request_id": asked}, {})


def refusal(refused: Refusal, asked: str, status: int | None = None) -> Response:
    """The same envelope with a code; `data` is null as on the platform."""
    found = {"code": refused.code, "data": None, "message": refused.message, "request_id": asked}
    return _json(status or HTTP_STATUS.get(refused.code, 200), found, refused.headers)


def _json(status: int, found: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(found), status, headers=dict(headers), media_type="application/json")
