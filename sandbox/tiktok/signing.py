"""How TikTok Shop requests are signed (fact sheet 2.1): over the bytes that were really sent."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

UNSIGNED = frozenset({"sign", "access_token"})


def media_type(content_type: str | None) -> str:
    """The type without its parameters: `multipart/form-data; boundary=x` is `multipart/form-data`."""
    return (content_type or "").partition(";")[0].strip().lower()


def string_to_sign(secret: str, path: str, query: Mapping[str, str], content_type: str | None, body: bytes) -> bytes:
    """Secret, path, sorted decoded query, raw body unless multipart, secret."""
    pairs = "".join(key + query[key] for key in sorted(query) if key not in UNSIGNED)
    signed_body = b"" if media_type(content_type) == "multipart/form-data" else body
    return b"".join((secret.encode(), path.encode(), pairs.encode(), signed_body, secret.encode()))


def request_signature(secret: str, path: str, query: Mapping[str, str], content_type: str | None, body: bytes) -> str:
    """The lower-case hex that the query parameter `sign` must carry."""
    return hmac.new(secret.encode(), string_to_sign(secret, path, query, content_type, body), sha256).hexdigest()


def is_signed(
    sign: str, secret: str, path: str, query: Mapping[str, str], content_type: str | None, body: bytes
) -> bool:
    """Whether `sign` belongs to exactly this request."""
    expected = request_signature(secret, path, query, content_type, body)
    return hmac.compare_digest(expected.encode(), sign.encode())
