"""Pictures come from public addresses only, in bounded time and size."""

import ipaddress
import socket
from collections.abc import AsyncIterator, Callable

import anyio
import httpx
import pytest

from server.clients import fetch
from server.clients.errors import Upstream, UpstreamKind
from server.clients.fetch import fetch_image, is_public

FIX = UpstreamKind.MERCHANT_MUST_FIX
JPEG = b"\xff\xd8\xff\xe0 picture"
NAMES = {
    "cdn.example": ["93.184.216.34"],
    "six.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "inside.example": ["10.0.0.5"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "meta.example": ["169.254.169.254"],
}


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own directory of names: no resolver is asked."""

    async def resolve(host: str, port: int, **_: object) -> list[tuple[object, object, int, str, tuple[str, int]]]:
        found = NAMES.get(host)
        if found is None:
            try:
                found = [str(ipaddress.ip_address(host))]
            except ValueError:
                raise socket.gaierror(f"unknown {host}") from None
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(anyio, "getaddrinfo", resolve)


def web(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[httpx.AsyncClient, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    return httpx.AsyncClient(transport=httpx.MockTransport(handle)), requests


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        ("https://cdn.example/a.jpg?v=1", "93.184.216.34", "cdn.example"),
        ("http://six.example/a.jpg", "[2606:2800:220:1:248:1893:25c8:1946]", "six.example"),
    ],
)
async def test_the_checked_address_is_the_one_connected_to(url: str, address: str, host: str) -> None:
    http, requests = web(lambda _: httpx.Response(200, content=JPEG))
    found = await fetch_image(http, url)
    assert (found.data, found.content_type, found.url) == (JPEG, "image/jpeg", url)
    [request] = requests
    assert request.url.netloc.decode() == address
    assert request.headers["host"] == host
    assert request.extensions["sni_hostname"] == host


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example/a.jpg",
        "http://both.example/a.jpg",
        "http://meta.example/latest/meta-data",
        "http://127.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "http://[64:ff9b::7f00:1]/a.jpg",
        "http://0.0.0.0/a.jpg",
        "http://100.64.0.1/a.jpg",
        "http://192.168.1.1/a.jpg",
        "http://[fe80::1]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://cdn.example:8080/a.jpg",
        "http://user:pass@cdn.example/a.jpg",
        "ftp://cdn.example/a.jpg",
        "file:///etc/passwd",
        "//cdn.example/a.jpg",
        "http://",
        "no address",
    ],
)
async def test_addresses_that_are_refused_before_any_connection(url: str) -> None:
    http, requests = web(lambda _: httpx.Response(200, content=JPEG))
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, url)
    assert (caught.value.code, caught.value.path) == ("IMAGE_ADDRESS_REFUSED", ("images",))
    assert requests == []


async def test_allowed_hosts_may_be_private_and_on_any_port() -> None:
    http, requests = web(lambda _: httpx.Response(200, content=JPEG))
    await fetch_image(http, "http://127.0.0.1:8080/a.jpg", {"127.0.0.1"})
    await fetch_image(http, "http://127.0.0.1:8080/a.jpg", {"127.0.0.1:8080"})
    with pytest.raises(Upstream):
        await fetch_image(http, "http://127.0.0.1:8081/a.jpg", {"127.0.0.1:8080"})
    assert len(requests) == 2


async def test_redirects_are_checked_anew() -> None:
    pointing = {"/1": "/2", "/2": "https://six.example/3", "/evil": "http://127.0.0.1/secret"}

    def answer(request: httpx.Request) -> httpx.Response:
        target = pointing.get(request.url.path)
        return httpx.Response(302, headers={"location": target}) if target else httpx.Response(200, content=JPEG)

    http, requests = web(answer)
    assert (await fetch_image(http, "http://cdn.example/1")).url == "https://six.example/3"
    assert len(requests) == 3
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://cdn.example/evil")
    assert (caught.value.code, len(requests)) == ("IMAGE_ADDRESS_REFUSED", 4)
    pointing["/loop"] = "/loop"
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://cdn.example/loop")
    assert (caught.value.code, len(requests)) == ("IMAGE_UNREACHABLE", 8)


@pytest.mark.parametrize(
    ("answer", "code", "kind"),
    [
        (httpx.Response(404), "IMAGE_UNREACHABLE", FIX),
        (httpx.Response(304), "IMAGE_UNREACHABLE", FIX),
        (httpx.Response(300), "IMAGE_UNREACHABLE", FIX),
        (httpx.Response(302), "IMAGE_UNREACHABLE", FIX),
        (httpx.Response(302, headers={"location": "http://["}), "IMAGE_UNREACHABLE", FIX),
        (
            httpx.Response(302, headers={"location": "http://cdn.example:port/"}),
            "IMAGE_UNREACHABLE",
            UpstreamKind.RETRYABLE,
        ),
        (httpx.Response(503), "IMAGE_UNREACHABLE", UpstreamKind.RETRYABLE),
        (httpx.Response(200, content=b"<html>"), "IMAGE_UNREADABLE", FIX),
        (
            httpx.Response(200, stream=httpx.ByteStream(JPEG), headers={"content-encoding": "gzip"}),
            "IMAGE_UNREADABLE",
            FIX,
        ),
        (httpx.Response(200, content=b""), "IMAGE_UNREADABLE", FIX),
        (httpx.Response(200, content=JPEG * 100), "IMAGE_TOO_BIG", FIX),
    ],
)
async def test_bad_answers(answer: httpx.Response, code: str, kind: UpstreamKind) -> None:
    http, _ = web(lambda _: answer)
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://cdn.example/a.jpg?signature=hidden", size_limit=1000)
    assert (caught.value.code, caught.value.kind) == (code, kind)
    assert "hidden" not in str(caught.value)


async def test_an_endless_body_ends_at_the_limit() -> None:
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1
                yield JPEG * 10

    http, _ = web(lambda _: httpx.Response(200, stream=Endless()))
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://cdn.example/a.jpg", size_limit=1000)
    assert caught.value.code == "IMAGE_TOO_BIG"
    assert sent == 1000 // len(JPEG * 10) + 1


async def test_a_dead_name_and_a_dead_server(monkeypatch: pytest.MonkeyPatch) -> None:
    http, _ = web(lambda _: httpx.Response(200, content=JPEG))
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://nobody.example/a.jpg")
    assert (caught.value.code, caught.value.kind) == ("IMAGE_UNREACHABLE", UpstreamKind.MERCHANT_MUST_FIX)

    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    http, _ = web(broken)
    with pytest.raises(Upstream) as caught:
        await fetch_image(http, "http://cdn.example/a.jpg")
    assert (caught.value.code, caught.value.kind) == ("IMAGE_UNREACHABLE", UpstreamKind.RETRYABLE)

    async def forever(_: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    monkeypatch.setattr(fetch, "TIME_LIMIT", 0.05)
    with pytest.raises(Upstream) as caught:
        await fetch_image(httpx.AsyncClient(transport=httpx.MockTransport(forever)), "http://cdn.example/a.jpg")
    assert (caught.value.code, caught.value.kind) == ("IMAGE_UNREACHABLE", UpstreamKind.RETRYABLE)


def test_public_addresses() -> None:
    assert is_public(ipaddress.ip_address("8.8.8.8"))
    assert is_public(ipaddress.ip_address("2606:4700::1111"))
    assert not is_public(ipaddress.ip_address("2002:7f00:1::"))
