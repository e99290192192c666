"""``/healthz``: this process lives. ``/readyz``: what it stands on is there, with numbers for operators."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.deps import Deps
from server.services import health

_NO_STORE = {"cache-control": "no-store"}


def routes(deps: Deps) -> list[Route]:
    """Both pages; they name no address and no secret."""

    async def lives(request: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=_NO_STORE)

    async def ready(request: Request) -> Response:
        found = await health.look(deps.database, deps.redis, deps.queue)
        body = {
            "status": "ready" if found.is_ready else "not ready",
            "database": _word(found.database),
            "redis": _word(found.redis),
            "queue": found.queue,
            "workers": found.workers,
        }
        return JSONResponse(body, 200 if found.is_ready else 503, _NO_STORE)

    return [Route("/healthz", lives, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]


def _word(answers: bool) -> str:
    return "ok" if answers else "no answer"
