"""The HTTP surface: one route for each path of the operations, generated from them, and the unsigned auth calls."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import calls
from sandbox.tiktok import audit, consent, deauthorization, token_calls, upgrading
from sandbox.tiktok.envelope import Refusal, refusal, request_id, success
from sandbox.tiktok.gateway import admit, unknown_parameters
from sandbox.tiktok.operation import Operation
from sandbox.tiktok.operations import OPERATIONS

if TYPE_CHECKING:
    from sandbox.world import World


def routes(world: "World") -> list[BaseRoute]:
    """Every route of this half; also tells the world's ripening what happens when something is ripe."""
    audit.register(world)
    upgrading.register(world)
    deauthorization.register(world)
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    exact = [Route(path, Place(world, by_path[path])) for path in sorted(by_path, key=_most_exact_first)]
    other = sorted({operation.any_version for operation in OPERATIONS}, key=_most_exact_first)
    return [
        *consent.routes(world),
        *token_calls.routes(world),
        *exact,
        *(Route(path, Refused(world, Refusal(36009014, "Invalid API version: retired or unknown"))) for path in other),
    ]


def fallback(world: "World") -> ASGIApp:
    """What every unknown path gets."""
    return Refused(world, Refusal(36009009, "Invalid path: no such API"))


def _most_exact_first(path: str) -> tuple[int, str]:
    return path.count("{"), path


def asked(world: "World") -> str:
    """The request id of the call being answered."""
    return calls.current().request_id or request_id(world.clock.unix(), world.seed, world.tiktok.ids.count("request"))


class Refused:
    """Answers one refusal to everything."""

    def __init__(self, world: "World", refused: Refusal) -> None:
        self._world = world
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        calls.current().code = self._refused.code
        await refusal(self._refused, asked(self._world))(scope, receive, send)


class Place:
    """One path with its methods."""

    def __init__(self, world: "World", by_method: Mapping[str, Operation]) -> None:
        self._world = world
        self._by_method = by_method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit the call, do it, wrap the answer."""
        try:
            response = await self._answer(Request(scope, receive))
        except Refusal as refused:
            calls.current().code = refused.code
            response = refusal(refused, asked(self._world))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation = self._by_method.get(request.method)
        if operation is None:
            raise Refusal(36009010, f"Invalid method: {request.method} is not supported here")
        record = calls.current()
        record.operation = operation.name
        if operation.handler is None:
            raise Refusal(36009014, "Invalid API version: retired or unknown")
        call = await admit(self._world, operation, request)
        record.shop = call.one_shop.id if call.one_shop else ""
        try:
            data = operation.handler(call)
        finally:
            _report(call.body.unknown() + unknown_parameters(call, operation))
        record.code = 0
        return success(data, asked(self._world))


def _report(unknown: Iterable[str]) -> None:
    if paths := list(unknown):
        calls.report_unknown(*paths)
