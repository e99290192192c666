"""Addresses that open one thing for a while: signed, so that nothing about them need be stored."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from server.kit.clock import from_unix

_LABEL = b"leafmark links 1"


class Links:
    """Signs with the first key and believes any, so keys can be rotated. A signature says one verb, thing and end."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [hmac.digest(key.encode(), _LABEL, hashlib.sha256) for key in keys]

    def query(self, verb: str, thing: str, until: datetime) -> str:
        """``expires=...&signature=...``, to stand behind the thing's address."""
        expires = str(int(until.timestamp()))
        return f"expires={expires}&signature={_signature(self._keys[0], verb, thing, expires)}"

    def end_of(self, verb: str, thing: str, expires: str, signature: str) -> datetime | None:
        """When a genuine link ends; nothing when we did not sign it for this verb and thing."""
        wanted = [_signature(key, verb, thing, expires) for key in self._keys]
        if not any(hmac.compare_digest(one.encode(), signature.encode()) for one in wanted):
            return None
        return from_unix(expires)


def _signature(key: bytes, verb: str, thing: str, expires: str) -> str:
    return hmac.new(key, f"{verb}\n{thing}\n{expires}".encode(), hashlib.sha256).hexdigest()
