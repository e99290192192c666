"""Carries a fault out: the wrong answer, the late one, the broken one, or none at all."""

import asyncio
import socket
import struct
from typing import NoReturn, cast

import httpx
import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.calls import Call
from sandbox.faults import Fault, FaultKind

# With SO_LINGER on and a wait of 0 seconds, closing sends RST instead of FIN.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
RAW_ANSWER = 599  # what the log shows as status when the caller got no HTTP answer
Channels = tuple[Scope, Receive, Send, Send]  # scope, receive, the watched send, the server's own send


async def strike(fault: Fault, call: Call, app: ASGIApp, channels: Channels) -> None:
    """Answer one call as the fault wants it."""
    scope, receive, watched, raw = channels
    match fault.kind:
        case FaultKind.SLOW:
            await asyncio.sleep(fault.ms / 1000)
            await app(scope, receive, watched)
        case FaultKind.TIMEOUT | FaultKind.RESET:
            if fault.after_effect:
                await _effect(app, scope, receive)
            call.status = RAW_ANSWER
            await _no_answer(fault, receive, raw)
        case FaultKind.BROKEN_JSON | FaultKind.TRUNCATED:
            messages = await _effect(app, scope, receive)
            await _half_answer(fault, messages, receive, (watched, raw))
        case _:
            if fault.after_effect:
                await _effect(app, scope, receive)
            await _wrong_answer(fault, call, watched)


async def _effect(app: ASGIApp, scope: Scope, receive: Receive) -> list[Message]:
    """Let the call happen and keep its answer."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages


async def _wrong_answer(fault: Fault, call: Call, send: Send) -> None:
    body, status = _error_body(fault, call), fault.status
    if fault.kind is FaultKind.THROTTLED:
        status = 200
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if fault.retry_after is not None:
        headers.append((b"retry-after", fault.retry_after.encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _error_body(fault: Fault, call: Call) -> bytes:
    if fault.body is not None:
        return fault.body.encode()
    if fault.kind is FaultKind.THROTTLED:
        return orjson.dumps(_throttled())
    if fault.kind is FaultKind.TIKTOK:
        message = fault.message or TIKTOK_MESSAGES.get(fault.code, "Internal error")
        return orjson.dumps({"code": fault.code, "data": None, "message": message, "request_id": call.request_id})
    return b""


TIKTOK_MESSAGES = {36009002: "Too many requests", 36009007: "Gateway timeout", 36009037: "Sandbox quota used up"}


def _throttled() -> dict[str, object]:
    """Shopify's answer to a query whose cost the bucket does not hold (Shopify fact sheet 3)."""
    code = {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 0, "restoreRate": 100.0}
    cost = {"requestedQueryCost": 100, "actualQueryCost": None, "throttleStatus": status}
    return {"errors": [{"message": "Throttled", "extensions": code}], "extensions": {"cost": cost}}


async def _half_answer(fault: Fault, messages: list[Message], receive: Receive, sends: tuple[Send, Send]) -> None:
    """The first half of the body: as a whole answer (broken JSON), or with the connection closed (truncated)."""
    watched, raw = sends
    start = messages[0]
    body = b"".join(message.get("body", b"") for message in messages[1:])
    half = body[: len(body) // 2]
    if fault.kind is FaultKind.BROKEN_JSON:
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        headers.append((b"content-length", b"%d" % len(half)))
        await watched({**start, "headers": headers})
        await watched({"type": "http.response.body", "body": half})
        return
    await watched(start)
    await watched({"type": "http.response.body", "body": half, "more_body": True})
    transport = _transport(raw)
    if transport is None:
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
    transport.close()
    await _until_gone(receive)


async def _no_answer(fault: Fault, receive: Receive, raw: Send) -> None:
    """Hang, then drop, or reset at once. In-process there is no connection: the caller's exception is raised."""
    transport = _transport(raw)
    if transport is None:
        _raise_in_process(fault)
    if fault.kind is FaultKind.TIMEOUT:
        hangs = asyncio.ensure_future(_until_gone(receive))
        await asyncio.wait({hangs}, timeout=fault.hang_s)
        hangs.cancel()
        transport.abort()
    else:
        wire = transport.get_extra_info("socket")
        if wire is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        transport.abort()
    await _until_gone(receive)


def _raise_in_process(fault: Fault) -> NoReturn:
    if fault.kind is FaultKind.TIMEOUT:
        raise httpx.ReadTimeout("the sandbox does not answer this call")
    raise httpx.ReadError("the sandbox reset the connection")


def _transport(send: Send) -> asyncio.Transport | None:
    """The connection under a uvicorn send channel (a bound method of its request cycle); None in-process."""
    found = getattr(getattr(send, "__self__", None), "transport", None)
    return cast("asyncio.Transport", found) if hasattr(found, "abort") else None  # uvloop's own class has no base


async def _until_gone(receive: Receive) -> None:
    """Wait until the server has noticed that the connection is gone, so that it sends nothing more."""
    while (await receive())["type"] != "http.disconnect":
        pass
