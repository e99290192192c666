"""The door every call passes: it logs the call, makes it slow or faulty as told, and lets slow things ripen."""

import asyncio
import re
from random import Random

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.calls import Call, begin
from sandbox.clock import real_seconds
from sandbox.fault_answers import strike
from sandbox.naming import operation_of
from sandbox.request_ids import request_id
from sandbox.world import World

CONTROL = "/_sandbox"
EXCERPT = 4096
CODE = re.compile(rb'^\{"code":(-?\d+)')
LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


class Door:
    """Raw ASGI around the routes; holds nothing but the world and a seeded source of jitter."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world
        self._jitter = Random(world.seed)  # noqa: S311  # repeatable runs, not secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        world = self._world
        world.pulse.ensure()
        world.ripening.tick()
        is_control = scope["path"].startswith(CONTROL)
        if is_control:
            await self._app(scope, receive, send)
        else:
            await self._logged(scope, receive, send)
        world.ripening.tick()
        # Even a GET of the platforms may change something: a token is used up, a look is counted.
        world.pulse.ring(changed=not is_control or scope["method"] not in LOOKING)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        world, started = self._world, real_seconds()
        first = await receive()
        call = self._opened(scope, first)
        seat = _Replay(first, receive)
        try:
            await self._slowed()
            fault = world.faults.choose(call, world.clock.now()) if world.faults.rules else None
            if fault is None:
                await self._app(scope, seat, _Watch(call, send))
            else:
                call.fault = f"{fault.id} {fault.kind}"
                await strike(fault, call, self._app, (scope, seat, _Watch(call, send), send))
        finally:
            call.ms = (real_seconds() - started) * 1000
            world.calls.close(call)

    def _opened(self, scope: Scope, first: Message) -> Call:
        world = self._world
        call = world.calls.open(world.clock.now(), scope["method"], scope["path"])
        call.query = scope["query_string"].decode("latin-1")
        call.body = first.get("body", b"")[:EXCERPT]
        call.operation = operation_of(call.method, call.path, call.body)
        call.request_id = request_id(world.seed, call.n, call.at)
        begin(call)
        return call

    async def _slowed(self) -> None:
        settings = self._world.settings
        ms = settings.latency_ms
        if settings.latency_jitter_ms:
            ms += self._jitter.randrange(settings.latency_jitter_ms + 1)
        if ms:
            await asyncio.sleep(ms / 1000)


class _Replay:
    """The receive channel with its first message, already read for the log, put back."""

    __slots__ = ("_first", "_receive")

    def __init__(self, first: Message, receive: Receive) -> None:
        self._first: Message | None = first
        self._receive = receive

    async def __call__(self) -> Message:
        first, self._first = self._first, None
        return first if first is not None else await self._receive()


class _Watch:
    """The send channel; notes status and code for the log."""

    __slots__ = ("_call", "_send", "_started")

    def __init__(self, call: Call, send: Send) -> None:
        self._call = call
        self._send = send
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._call.status = message["status"]
        elif not self._started:
            self._started = True
            found = CODE.match(message.get("body", b""))
            if found and self._call.code is None:
                self._call.code = int(found[1])
        await self._send(message)
