"""Uploading and viewing sellers' files: no caller, but a signed address that allows one thing for a while.

Bytes pass through us, whatever the store: they are checked before they are kept (decision record 7).
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from urllib.parse import quote
from uuid import UUID

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from server.deps import Deps
from server.domain.files import MOST_BYTES
from server.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from server.kit.ids import to_gid
from server.services import files
from server.services.files import Right
from server.services.files.receiving import Expired
from server.tables import StoredFile
from server.web.bodies import declared_length
from server.web.cors import cors_of, preflight

_SECONDS: Final = 300.0
_DROP_SECONDS: Final = 20.0
_AT_ONCE: Final = 4
"""Checking holds a file in memory, and its picture unpacked: so many at once in one process."""
_IN_MEMORY: Final = 262_144
_NO_STORE = {"cache-control": "no-store"}
_SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
}
_BAD_LINK = "This address was not made by us, or was changed. Take it whole, as the API gave it."


class _TooLarge(Invalid):
    """More bytes than announced."""


class _WrongType(Invalid):
    """Another content type than announced."""


class _TooSlow(Invalid):
    """The bytes did not come in time."""


_STATUS: tuple[tuple[type[AppError], int], ...] = (
    (_TooLarge, 413),
    (_WrongType, 415),
    (_TooSlow, 408),
    (Expired, 410),
    (Invalid, 422),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
)


def routes(deps: Deps) -> list[Route]:
    """One address a file; a link's signature says what may be done there."""
    places = anyio.Semaphore(_AT_ONCE)

    async def put(request: Request) -> Response:
        file_id = _linked(deps, request, Right.UPLOAD)
        async with deps.database.read() as session:
            row = await files.awaited(session, file_id=file_id, now=deps.clock())
        _check_head(request, row)
        with SpooledTemporaryFile(_IN_MEMORY) as body:
            await _spool(request, row.size, body)
            async with places:
                body.seek(0)
                await files.receive(deps.database, deps.files, row=row, data=body.read(), now=deps.clock())
        return JSONResponse({"id": to_gid("File", file_id), "state": "STORED"}, 201, _NO_STORE)

    async def get(request: Request) -> Response:
        file_id = _linked(deps, request, Right.VIEW)
        async with deps.database.read() as session:
            row, key = await files.viewable(session, file_id=file_id)
        pieces = await deps.files.open(key)
        headers = {**_SAFE, "content-length": str(row.size), "content-disposition": _disposition(row)}
        headers |= {"etag": f'"{row.content_hash}"', "cache-control": "private, max-age=300"}
        return StreamingResponse(pieces, headers=headers, media_type=row.mime_type)

    async def either(request: Request) -> Response:
        cors = cors_of(request.headers.get("origin"), deps.settings.allowed_origins)
        if request.method == "OPTIONS":
            return preflight(cors, methods="GET, PUT, OPTIONS", headers="Content-Type")
        answer = await _answered(put if request.method == "PUT" else get, request)
        answer.headers.update(cors)
        return answer

    return [Route("/files/{file_id}", either, methods=["GET", "PUT", "OPTIONS"])]


async def _answered(work: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    try:
        return await work(request)
    except ClientDisconnect:
        return Response(status_code=400)
    except AppError as error:
        await _let_finish(request)
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        headers = {**_NO_STORE, "connection": "close"} if request.method == "PUT" else _NO_STORE
        body = {"errors": [{"message": error.message, "extensions": {"code": error.code}}]}
        return JSONResponse(body, status, headers)


async def _let_finish(request: Request) -> None:
    """Take in what is still coming and drop it: most clients look for our answer only when they have sent all."""
    left, ended = MOST_BYTES, RuntimeError  # what Starlette raises for a body that was read to its end
    with anyio.move_on_after(_DROP_SECONDS), suppress(ClientDisconnect, ended):
        async for part in request.stream():
            left -= len(part)
            if left < 0:
                return


def _linked(deps: Deps, request: Request, right: Right) -> UUID:
    """The file that a genuine, living link names. One changed sign makes it none of ours."""
    said = request.path_params["file_id"]
    told: Mapping[str, str] = request.query_params
    until = deps.links.end_of(right, said, told.get("expires", ""), told.get("signature", ""))
    if until is None:
        raise Forbidden(_BAD_LINK)
    if deps.clock() >= until:
        raise Expired("This address has expired. Ask the API for a fresh one.")
    return UUID(said)


def _check_head(request: Request, row: StoredFile) -> None:
    """What can be refused before a byte is read."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != row.mime_type:
        raise _WrongType(f"Send the header content-type: {row.mime_type}, as the file was announced.")
    if (declared_length(request.scope) or 0) > row.size:
        raise _TooLarge(f"The file was announced with {row.size} bytes; this is more. Announce it again.")


async def _spool(request: Request, most: int, into: IO[bytes]) -> None:
    """The body into a scratch file, never more than announced, whatever its declared length says."""
    size = 0
    with anyio.move_on_after(_SECONDS) as scope:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise _TooLarge(f"The file was announced with {most} bytes; more are coming. Announce it again.")
            into.write(part)
    if scope.cancelled_caught:
        raise _TooSlow(f"The file did not come within {_SECONDS:.0f} seconds. Try again.")


def _disposition(row: StoredFile) -> str:
    """Pictures are shown; documents are saved. The name is a seller's: written so that it can say nothing else."""
    kind = "attachment" if row.purpose.is_document else "inline"
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in row.name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name, safe='')}"
