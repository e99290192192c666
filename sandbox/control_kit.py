"""What one path of the control API is made of."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.actions import Answer, BadControl
from sandbox.world import World

MOST_LISTED = 5000


@dataclass(frozen=True, slots=True)
class Visit:
    """One control request, read: the world, the path's ids, the query and the JSON body."""

    world: World
    path: Mapping[str, str]
    query: QueryParams
    body: Mapping[str, object]

    def limit(self, usual: int = 100) -> int:
        """The query's `limit`, 1 to 5000."""
        return self.whole("limit", usual, 1, MOST_LISTED)

    def whole(self, name: str, usual: int, least: int = 0, most: int | None = None) -> int:
        """A whole number of the query."""
        text = self.query.get(name)
        if text is None:
            return usual
        if not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
            bounds = f"from {least} to {most}" if most is not None else f"of at least {least}"
            raise BadControl(f"The query parameter {name} must be a whole number {bounds}.", name)
        return int(text)

    def number(self, name: str) -> int:
        """An id in the path."""
        text = self.path[name]
        if not text.isdigit():
            raise BadControl(f"{text!r} is not an id; ids are whole numbers.", name)
        return int(text)


Run = Callable[[Visit], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Control:
    """One path under `/_sandbox/`; `fields` (body) and `query` name what may be sent, with its meaning."""

    method: str
    path: str
    summary: str
    run: Run
    fields: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


class NotHere(BadControl):
    """A thing named in the path does not exist: 404."""


def route(world: World, control: Control) -> Route:
    """The Starlette route of one control."""

    async def answer(request: Request) -> Response:
        try:
            visit = Visit(world, request.path_params, request.query_params, await _body(request))
            _check_names(visit.query, control.query)
            found = control.run(visit)
            return _json(200, await found if inspect.isawaitable(found) else found)
        except NotHere as missing:
            return _json(404, {"error": {"message": missing.sentence, "field": missing.field}})
        except BadControl as bad:
            return _json(400, {"error": {"message": bad.sentence, "field": bad.field}})

    return Route(f"/{control.path}", answer, methods=[control.method], name=f"{control.method} {control.path}")


def _check_names(given: QueryParams, known: Mapping[str, str]) -> None:
    for name in given:
        if name not in known:
            raise BadControl(f"The query parameter {name} is not known here.", name)


async def _body(request: Request) -> Mapping[str, object]:
    """The JSON object sent; nothing is an empty one; a CSV file becomes `{"csv": text}`."""
    raw = await request.body()
    if request.headers.get("content-type", "").partition(";")[0].strip() == "text/csv":
        return {"csv": raw.decode("utf-8-sig", "replace")}
    if not raw.strip():
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as bad:
        raise BadControl(f"The body is not JSON: {bad}.") from None
    if not isinstance(found, dict):
        raise BadControl("Send a JSON object.")
    return found


def _json(status: int, found: object) -> Response:
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2
    return Response(orjson.dumps(found, default=str, option=options), status, media_type="application/json")
