"""What is repeated, what never, when a token is renewed, and that no secret shows."""

import logging
from dataclasses import replace

import httpx
import orjson
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokAccess
from server.kit.secrets import Secret
from tests.clients.tiktok_double import ACCESS, APP_SECRET, BODY, CIPHER, TOKEN, Wire, no, ok


async def test_throttling_is_waited_out_with_retry_after_as_the_least() -> None:
    wire = Wire(no(36009002, 429, retry_after="5"), no(36009002, 429), ok({"product_id": "7"}))
    made = await wire.client().products.create(ACCESS, BODY, idempotency_key="k1")
    assert made.product_id == "7"
    assert 5.0 <= wire.slept[0] <= 5.5
    assert 4.0 <= wire.slept[1] <= 5.0
    assert len({orjson.loads(request.content)["idempotency_key"] for request in wire.requests}) == 1


async def test_a_wait_beyond_our_patience_goes_back_to_the_caller() -> None:
    wire = Wire(no(36009002, 429, retry_after="600"))
    with pytest.raises(Upstream) as caught:
        await wire.client().products.get(ACCESS, "7")
    assert (caught.value.kind, caught.value.retry_after, caught.value.stops_shop) == (
        UpstreamKind.RETRYABLE,
        600.0,
        True,
    )
    assert (len(wire.requests), wire.slept) == (1, [])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("gone"),
        httpx.Response(502, content=b"<html>"),
        httpx.Response(200, content=b'{"code":'),
        httpx.Response(200, json={"code": "0"}),
        no(36009007),
        no(36009003),
        ok({"skus": []}),
    ],
    ids=["timeout", "reset", "502", "broken", "code is a text", "gateway timeout", "internal", "no product id"],
)
async def test_a_create_that_may_have_worked_is_never_repeated(answer: httpx.Response | Exception) -> None:
    wire = Wire(answer)
    with pytest.raises(Upstream) as caught:
        await wire.client().products.create(ACCESS, BODY, idempotency_key="k1")
    assert caught.value.outcome_unknown
    assert caught.value.kind is UpstreamKind.RETRYABLE
    assert len(wire.requests) == 1


async def test_a_create_that_never_left_is_repeated() -> None:
    wire = Wire(httpx.ConnectError("refused"), ok({"product_id": "7"}))
    assert (await wire.client().products.create(ACCESS, BODY, idempotency_key="k1")).product_id == "7"
    assert len(wire.requests) == 2


async def test_reads_and_repeatable_writes_are_repeated_four_times_in_all() -> None:
    wire = Wire(httpx.ReadTimeout("late"))
    with pytest.raises(Upstream) as caught:
        await wire.client().products.get(ACCESS, "7")
    assert not caught.value.outcome_unknown
    with pytest.raises(Upstream) as caught:
        await wire.client().products.update_prices(ACCESS, "7", [])
    assert caught.value.outcome_unknown
    assert len(wire.requests) == 8


class Tokens:
    """A token source that remembers."""

    def __init__(self) -> None:
        self.stale: list[TikTokAccess] = []

    async def current(self) -> TikTokAccess:
        return ACCESS

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        self.stale.append(stale)
        return replace(stale, access_token=Secret("fresh"))


async def test_a_stale_token_is_renewed_once_and_the_call_repeated_once() -> None:
    wire, tokens = Wire(no(105002, 401), ok({"id": "7"})), Tokens()
    assert (await wire.client().products.get(tokens, "7")).id == "7"
    assert tokens.stale == [ACCESS]
    assert [request.headers["x-tts-access-token"] for request in wire.requests] == [TOKEN, "fresh"]

    wire, tokens = Wire(no(105002, 401)), Tokens()
    with pytest.raises(Upstream) as caught:
        await wire.client().products.get(tokens, "7")
    assert caught.value.kind is UpstreamKind.NEEDS_AUTHORIZATION
    assert (len(wire.requests), len(tokens.stale)) == (2, 1)


@pytest.mark.parametrize(
    "answer", [no(12052051, message=f"token {TOKEN} of {APP_SECRET}"), httpx.ReadTimeout("late")], ids=["echo", "lost"]
)
async def test_no_secret_in_errors_or_logs(
    answer: httpx.Response | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Upstream) as caught:
        await Wire(answer).client().products.create(ACCESS, BODY, idempotency_key="k1")
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!r} {error} {vars(error)}"
        assert APP_SECRET not in f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    assert TOKEN not in caplog.text
    assert CIPHER not in caplog.text
    assert TOKEN not in repr(ACCESS)
