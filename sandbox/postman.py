"""Carries webhooks over HTTP: many at once, but those about one thing strictly one after the other."""

import asyncio
import ssl
from collections import deque

import httpx

from sandbox.clock import Clock, real_seconds
from sandbox.deliveries import Attempt, Delivery, Platform, State
from sandbox.outbox import Outbox
from sandbox.settings import Settings

CONNECT_SECONDS = 1.0
ERROR_LENGTH = 200
AHEAD = 16  # deliveries taken for each that may be under way, so that one slow lane does not hold up the others
CONNECTIONS = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=30)


class Postman:
    """Lives inside one event loop. Uses httpx's transport directly: no redirects, cookies or proxies, and cheaper.

    Each delivery under way has a transport of its own with a few kept connections: httpx's pool looks through all its
    connections for every request, and 32 in one pool were four times slower than one (330 against 1,400 a second).
    """

    def __init__(
        self, outbox: Outbox, settings: Settings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._outbox = outbox
        self._settings = settings
        self._clock = clock
        self._given = transport
        self._free: list[httpx.AsyncBaseTransport] = []
        self._made: list[httpx.AsyncBaseTransport] = []
        self._lanes: dict[str, deque[Delivery]] = {}
        self._ready: deque[str] = deque()
        self._going: set[asyncio.Task[None]] = set()
        self._tls: ssl.SSLContext | None = None
        self.busy = 0  # how many deliveries are taken and not yet answered

    def pump(self) -> None:
        """Take what is due and start as much as may go at once."""
        for delivery in self._outbox.take_due(self._settings.webhook_concurrency * AHEAD - self.busy):
            delivery.state = State.SENDING
            lane = self._lanes.get(delivery.lane)
            if lane is None:
                self._lanes[delivery.lane] = lane = deque()
                self._ready.append(delivery.lane)
            lane.append(delivery)
            self.busy += 1
        while self._ready and len(self._going) < self._settings.webhook_concurrency:
            task = asyncio.ensure_future(self._carry(self._ready.popleft()))
            self._going.add(task)
            task.add_done_callback(self._done)

    async def close(self) -> None:
        """Stop; what was under way counts as not sent."""
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)
        for transport in self._made:
            await transport.aclose()

    async def _carry(self, name: str) -> None:
        """Send the first of a lane, then hand the lane back if more wait in it."""
        lane = self._lanes[name]
        delivery = lane[0]
        attempt = await self._try(delivery) if delivery.listed else None  # a reset has forgotten the others
        lane.popleft()
        self.busy -= 1
        if lane:
            self._ready.append(name)
        else:
            del self._lanes[name]
        if attempt is not None:
            delivery.answered(attempt, retry_refused=self._settings.retry_refused)
            self._outbox.settle(delivery)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        if not task.cancelled():
            task.result()
            self.pump()

    async def _try(self, delivery: Delivery) -> Attempt:
        at, started = self._clock.now(), real_seconds()
        status, error = None, ""
        try:
            async with asyncio.timeout(self._patience(delivery.platform)):
                status = await self._post(delivery)
        except TimeoutError:
            error = "no answer in time"
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            error = f"{type(failed).__name__}: {failed}"[:ERROR_LENGTH]
        return Attempt(at, status, error, (real_seconds() - started) * 1000)

    def _patience(self, platform: Platform) -> float:
        """Real seconds for the whole answer: the caller is real, even when the sandbox's clock stands still."""
        settings = self._settings
        return settings.tiktok_webhook_timeout_s if platform is Platform.TIKTOK else settings.shopify_webhook_timeout_s

    async def _post(self, delivery: Delivery) -> int:
        request = httpx.Request("POST", delivery.url, headers=delivery.headers, content=delivery.body)
        request.extensions["timeout"] = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}
        transport = self._given or (self._free.pop() if self._free else self._new_transport())
        try:
            response = await transport.handle_async_request(request)
            await response.aread()
            await response.aclose()
        finally:
            if self._given is None:
                self._free.append(transport)
        return response.status_code

    def _new_transport(self) -> httpx.AsyncBaseTransport:
        self._tls = self._tls or ssl.create_default_context()  # once: loading the system's roots takes 20 ms
        transport = httpx.AsyncHTTPTransport(verify=self._tls, limits=CONNECTIONS)
        self._made.append(transport)
        return transport
