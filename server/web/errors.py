"""What an unknown address, a wrong method or a fault of ours looks like: never a traceback."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.web import pages


async def refused(request: Request, error: Exception) -> Response:
    """404, 405 and their like, as a page for people and as JSON for programs."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    answer = _answer(request, status)
    answer.headers.update(headers)
    return answer


async def broken(request: Request, error: Exception) -> Response:
    """A fault of ours: logged whole by the server, told to nobody."""
    return _answer(request, 500)


def _answer(request: Request, status: int) -> Response:
    phrase = HTTPStatus(status).phrase
    if "text/html" in request.headers.get("accept", ""):
        text = "Something went wrong on our side; try again in a minute." if status >= 500 else "There is nothing here."
        return pages.alone(phrase, [text], status=status)
    code = {404: "NOT_FOUND", 405: "BAD_USER_INPUT"}.get(status, "INTERNAL_SERVER_ERROR")
    return JSONResponse({"errors": [{"message": phrase, "extensions": {"code": code}}]}, status)
