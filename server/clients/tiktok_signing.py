"""TikTok Shop's request and webhook signatures (TikTok fact sheet 2 and 4.2)."""

import hmac
from collections.abc import AsyncGenerator, Generator, Mapping
from urllib.parse import parse_qsl, urlencode

import httpx

from server.kit.clock import Clock
from server.kit.secrets import Secret

_UNSIGNED = frozenset({"sign", "access_token"})
_MULTIPART = "multipart/form-data"


def is_multipart(content_type: str) -> bool:
    """By media type, since the real header has a ``; boundary=`` tail."""
    return content_type.partition(";")[0].strip().lower() == _MULTIPART


def sign(secret: Secret, path: str, query: Mapping[str, str], body: bytes, content_type: str) -> str:
    """Lower-case hex of 64 characters over path, decoded query and the body exactly as sent (multipart left out)."""
    key = secret.reveal().encode()
    pairs = "".join([f"{name}{query[name]}" for name in sorted(query) if name not in _UNSIGNED])
    signed_body = b"" if is_multipart(content_type) else body
    return hmac.digest(key, b"".join((key, path.encode(), pairs.encode(), signed_body, key)), "sha256").hex()


class SignedAuth(httpx.Auth):
    """Adds ``app_key``, ``timestamp`` and ``sign`` at the last moment: a repeated request is signed anew."""

    def __init__(self, app_key: str, secret: Secret, clock: Clock) -> None:
        self._app_key = app_key
        self._secret = secret
        self._clock = clock

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The same for a blocking client."""
        content_type = request.headers.get("content-type", "")
        self._sign(request, b"" if is_multipart(content_type) else request.read(), content_type)
        yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """A multipart body is not signed, so it is not read into memory here."""
        content_type = request.headers.get("content-type", "")
        self._sign(request, b"" if is_multipart(content_type) else await request.aread(), content_type)
        yield request

    def _sign(self, request: httpx.Request, body: bytes, content_type: str) -> None:
        url = request.url
        query = dict(parse_qsl(url.query.decode(), keep_blank_values=True))
        query["app_key"] = self._app_key
        query["timestamp"] = str(int(self._clock().timestamp()))
        query["sign"] = sign(self._secret, url.path, query, body, content_type)
        request.url = url.copy_with(query=urlencode(query).encode())


def sign_webhook(app_key: str, secret: Secret, raw: bytes) -> str:
    """What the ``Authorization`` header of a genuine webhook holds; ``raw`` is the body as received."""
    return hmac.digest(secret.reveal().encode(), app_key.encode() + raw, "sha256").hex()


def webhook_is_genuine(app_key: str, secret: Secret, raw: bytes, authorization: str) -> bool:
    """Compared in constant time; the header has no scheme prefix."""
    return hmac.compare_digest(sign_webhook(app_key, secret, raw).encode(), authorization.strip().encode())
