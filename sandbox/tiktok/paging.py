"""Opaque page tokens over lists."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeVar

from sandbox.tiktok.envelope import Refusal

Item = TypeVar("Item")


def to_token(*numbers: int) -> str:
    """Positions as the platform's samples look: base64 of text."""
    return urlsafe_b64encode(("offset=" + ",".join(map(str, numbers))).encode()).decode()


def from_token(token: str, places: int, code: int = 36009004) -> list[int] | None:
    """The positions in a token; None without one; a foreign token is refused."""
    if not token:
        return None
    try:
        name, _, numbers = urlsafe_b64decode(token.encode()).decode().strip().partition("=")
        found = [int(number) for number in numbers.split(",")]
    except ValueError:
        found, name = [], ""
    if name != "offset" or len(found) != places or min(found) < 0:
        raise Refusal(code, "Invalid page_token")
    return found


def page(items: Sequence[Item], size: int, token: str) -> tuple[Sequence[Item], str]:
    """One page and the next token, which is empty on the last page."""
    start = (from_token(token, 1) or [0])[0]
    end = start + size
    return items[start:end], to_token(end) if end < len(items) else ""
