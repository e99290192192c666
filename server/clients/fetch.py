"""Fetching pictures from addresses that merchants write: never from our own network, never endlessly."""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin

import anyio
import httpx

from server.clients.errors import Upstream, UpstreamKind
from server.clients.verdicts import Verdict

SIZE_LIMIT = 20_000_000
"""Bytes; more than the platform takes, since we may shrink a picture before uploading it."""
TIME_LIMIT = 30.0
_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_FIX = UpstreamKind.MERCHANT_MUST_FIX
_ADDRESS = Verdict(_FIX, "IMAGE_ADDRESS_REFUSED", ("images",))
_GONE = Verdict(_FIX, "IMAGE_UNREACHABLE", ("images",))
_LATER = Verdict(UpstreamKind.RETRYABLE, "IMAGE_UNREACHABLE", ("images",))
_BIG = Verdict(_FIX, "IMAGE_TOO_BIG", ("images",))
_NO_IMAGE = Verdict(_FIX, "IMAGE_UNREADABLE", ("images",))
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"GIF8", 0, "image/gif"),
    (b"BM", 0, "image/bmp"),
    (b"ftyp", 4, "image/heic"),
)


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """``content_type`` is told by the bytes, not by the server."""

    data: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to connect: the address is fixed once checked, so a name cannot change its answer in between."""

    url: httpx.URL
    host: str
    host_header: str


async def fetch_image(
    http: httpx.AsyncClient, url: str, allowed_hosts: Collection[str] = (), *, size_limit: int = SIZE_LIMIT
) -> FetchedFile:
    """The picture behind a public http(s) address, following at most three redirects, each checked anew.

    ``allowed_hosts`` may be private or on odd ports (``127.0.0.1`` in development). Failures are ``Upstream``:
    ``MERCHANT_MUST_FIX`` for a bad address or file, ``RETRYABLE`` when the server is out of order.
    """
    trouble, why = _LATER, "too slow"
    try:
        with anyio.move_on_after(TIME_LIMIT):
            return await _followed(http, url, frozenset(allowed_hosts), size_limit)
    except (ValueError, httpx.InvalidURL):
        # What the libraries below us say of an address, or a redirect, that they cannot read.
        trouble, why = _GONE, "an unreadable address"
    raise _refused(trouble, url, why)


async def _followed(http: httpx.AsyncClient, url: str, allowed: frozenset[str], limit: int) -> FetchedFile:
    current = url
    for _hop in range(_REDIRECTS + 1):
        target = await _checked(current, allowed)
        answer = await _once(http, target, current, limit)
        if isinstance(answer, bytes):
            return FetchedFile(answer, _kind_of(answer, current), current)
        current = answer
    raise _refused(_GONE, url, "too many redirects")


async def _checked(url: str, allowed: frozenset[str]) -> _Target:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in _PORTS or not parsed.host or parsed.userinfo:
        raise _refused(_ADDRESS, url, "not a plain http(s) address")
    port = parsed.port or _PORTS[parsed.scheme]
    host_header = parsed.netloc.decode("ascii")
    if parsed.host in allowed or host_header in allowed:
        return _Target(parsed, parsed.host, host_header)
    if port not in _PORTS.values():
        raise _refused(_ADDRESS, url, f"port {port}")
    address = await _public_address(parsed.host, port, url)
    return _Target(parsed.copy_with(host=address), parsed.host, host_header)


async def _public_address(host: str, port: int, url: str) -> str:
    """The first address of a name all of whose addresses are public."""
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    addresses = [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]
    if not addresses:
        raise _refused(_GONE, url, "the name does not resolve")
    if not all(is_public(address) for address in addresses):
        raise _refused(_ADDRESS, url, "a private address")
    return str(addresses[0])


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Not loopback, private, link-local (cloud metadata), shared, reserved or multicast; also inside mapped IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def _once(http: httpx.AsyncClient, target: _Target, url: str, limit: int) -> bytes | str:
    """The body, or where a redirect points."""
    request = http.build_request(
        "GET",
        target.url,
        headers={"host": target.host_header, "accept": "image/*", "accept-encoding": "identity"},
        extensions={"sni_hostname": target.host},
    )
    try:
        response = await http.send(request, stream=True, follow_redirects=False)
        try:
            if response.has_redirect_location:
                return urljoin(url, response.headers["location"])
            _check_answer(response, url, limit)
            return await _body(response, url, limit)
        finally:
            await response.aclose()
    except httpx.HTTPError as caught:
        trouble = type(caught).__name__
    raise _refused(_LATER, url, trouble)


def _check_answer(response: httpx.Response, url: str, limit: int) -> None:
    if response.status_code == 429 or response.status_code >= 500:
        raise _refused(_LATER, url, f"HTTP {response.status_code}")
    if response.status_code != 200:
        raise _refused(_GONE, url, f"HTTP {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        # Asked for plain bytes; a compressed answer could unpack to anything.
        raise _refused(_NO_IMAGE, url, "a compressed answer")
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _refused(_BIG, url, f"{announced} bytes")


async def _body(response: httpx.Response, url: str, limit: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > limit:
            raise _refused(_BIG, url, f"more than {limit} bytes")
    return bytes(data)


def _kind_of(data: bytes, url: str) -> str:
    for magic, at, kind in _MAGIC:
        if data[at : at + len(magic)] == magic:
            return kind
    raise _refused(_NO_IMAGE, url, "no known image format")


def _refused(verdict: Verdict, url: str, why: str) -> Upstream:
    """The query is left out of the message: signed addresses carry their proof there."""
    bare = url.partition("?")[0][:200]
    return Upstream(verdict, platform="The image's server", operation="fetch", platform_message=f"{why} ({bare})")
