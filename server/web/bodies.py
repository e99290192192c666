"""Reading request bodies with a limit, before anything trusts them."""

from starlette.types import Message, Receive, Scope


class BodyTooLarge(Exception):
    """More bytes than the limit; the rest was not read."""


class ClientGone(Exception):
    """The client left while its body was read; nobody waits for an answer."""


def declared_length(scope: Scope) -> int | None:
    """``Content-Length`` as a number, or nothing."""
    text = header(scope, b"content-length")
    return int(text) if text is not None and text.isdecimal() else None


def header(scope: Scope, name: bytes) -> str | None:
    """One request header (ASGI gives names in lower case)."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes, whatever its declared length says."""
    if (declared_length(scope) or 0) > limit:
        raise BodyTooLarge
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body read before, then whatever comes after it (a disconnect)."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
