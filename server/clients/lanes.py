"""Connections in several small pools: httpcore looks through all of a pool's connections, twice for every call."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

BUSY = 4
"""Calls in flight with which a lane is left alone while another has fewer: few calls share few connections."""


@dataclass(slots=True)
class _Lane:
    transport: httpx.AsyncBaseTransport
    in_flight: int = 0


class _Body(httpx.AsyncByteStream):
    """A response's body; the call is in flight until it is closed."""

    def __init__(self, body: httpx.AsyncByteStream, lane: _Lane) -> None:
        self._body = body
        self._lane: _Lane | None = lane

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            yield part

    async def aclose(self) -> None:
        """Give the connection back; a second time changes nothing."""
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.in_flight -= 1
        await self._body.aclose()


class Lanes(httpx.AsyncBaseTransport):
    """Sends each call by the first lane that is not busy, else by the one with the fewest calls."""

    def __init__(self, *transports: httpx.AsyncBaseTransport) -> None:
        self._lanes = [_Lane(transport) for transport in transports]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Called by httpx."""
        lane = next((lane for lane in self._lanes if lane.in_flight < BUSY), None)
        lane = lane or min(self._lanes, key=lambda lane: lane.in_flight)
        lane.in_flight += 1
        try:
            response = await lane.transport.handle_async_request(request)
        except BaseException:
            lane.in_flight -= 1
            raise
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("a transport of an asynchronous client answers with an asynchronous body")
        response.stream = _Body(response.stream, lane)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        for lane in self._lanes:
            await lane.transport.aclose()
