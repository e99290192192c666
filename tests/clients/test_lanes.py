"""Several small pools of connections behave as one."""

from collections.abc import AsyncIterator

import httpx
import pytest

from server.clients.lanes import BUSY, Lanes


class Line(httpx.AsyncBaseTransport):
    """Notes what went through it; answers with a body that is read as it comes, or fails."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.calls = 0
        self.closed = False
        self.trouble = trouble

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.trouble is not None:
            raise self.trouble
        return httpx.Response(200, content=self.body())

    async def body(self) -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    async def aclose(self) -> None:
        self.closed = True


async def test_calls_one_after_the_other_share_a_lane() -> None:
    lines = [Line(), Line()]
    async with httpx.AsyncClient(transport=Lanes(*lines)) as http:
        for _ in range(BUSY * 3):
            assert (await http.get("http://a/")).content == b"ab"
    assert [line.calls for line in lines] == [BUSY * 3, 0]
    assert [line.closed for line in lines] == [True, True]


async def test_calls_at_once_spread_until_their_bodies_are_closed() -> None:
    lines = [Line(), Line()]
    async with httpx.AsyncClient(transport=Lanes(*lines)) as http:

        async def begin() -> httpx.Response:
            return await http.send(http.build_request("GET", "http://a/"), stream=True)

        begun = [await begin() for _ in range(BUSY * 2 + 2)]
        assert [line.calls for line in lines] == [BUSY + 1, BUSY + 1]
        for response in begun[:BUSY] + begun[-2:]:
            await response.aclose()
            await response.aclose()
        assert await (await begin()).aread() == b"ab"
        assert [line.calls for line in lines] == [BUSY + 2, BUSY + 1]
        for response in begun:
            await response.aclose()


async def test_a_failed_call_leaves_its_lane_free() -> None:
    lines = [Line(httpx.ConnectError("no")), Line()]
    async with httpx.AsyncClient(transport=Lanes(*lines)) as http:
        for _ in range(BUSY + 1):
            with pytest.raises(httpx.ConnectError):
                await http.get("http://a/")
    assert [line.calls for line in lines] == [BUSY + 1, 0]
