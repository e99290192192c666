"""Real PostgreSQL and Redis for every test that asks, a fresh database each, and no network but loopback."""

import ipaddress
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import structlog
from cryptography.fernet import Fernet
from hypothesis import settings as hypothesis_settings
from redis import Redis as SyncRedis
from xdist.remote import Producer

from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
from server.deps import Deps, open_deps
from server.settings import Settings
from tests.databases import Databases
from tests.together import OneByOne

hypothesis_settings.register_profile("leafmark", deadline=None, derandomize=True)
hypothesis_settings.load_profile("leafmark")
# The default renderer colours every frame's source and variables: two seconds of work for each logged exception.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

_real_connect = socket.socket.connect


def _is_local(address: object) -> bool:
    """A unix socket's path, or the loopback of either family."""
    if not isinstance(address, tuple):
        return isinstance(address, str | bytes)
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _guarded_connect(self: socket.socket, address: object) -> None:
    if not _is_local(address):
        raise PermissionError(f"A test tried to leave this machine: {address}")
    _real_connect(self, address)  # type: ignore[arg-type]  # handed on as it came


def pytest_xdist_auto_num_workers() -> int:
    """Test processes for `-n auto`: more than cores, because many tests wait for a platform, a lease or a process."""
    return max(2, min(2 * (os.cpu_count() or 1), 8))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneByOne:
    """A parallel run deals the tests out as `OneByOne` says."""
    return OneByOne(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured (`record_property("measured", "a sentence")`): a quiet or parallel run swallows it."""
    passed: list[pytest.TestReport] = terminalreporter.getreports("passed")
    measured = sorted(str(value) for one in passed for name, value in one.user_properties if name == "measured")
    if measured:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(measured))


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _one_set_of_certificates() -> Iterator[None]:
    """Every HTTP client would read the authorities' certificates anew, which no test needs even once."""
    patch = pytest.MonkeyPatch()
    patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """One kind of event loop, the one we run in production."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One PostgreSQL for the whole run."""
    with Postgres.for_tests() as server:
        yield Databases.on(server)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """One Redis for the whole run."""
    with Redis.for_tests() as server:
        yield server


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """An empty, migrated database of this test's own."""
    name = databases.take()
    yield databases.server.url_of(name)
    databases.give_back(name)


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """An empty Redis."""
    with SyncRedis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings of a process under test; the platforms' addresses lead nowhere until a test sets them."""
    return Settings.model_validate(
        {
            "database_url": database_url,
            "redis_url": redis_url,
            "public_url": "http://127.0.0.1:9",
            "secret_keys": Fernet.generate_key().decode(),
            "shopify_client_id": "test-client-id",
            "shopify_client_secret": "test-client-secret-of-32-bytes-or-more",
            "shopify_url_template": "http://127.0.0.1:9/shopify/{shop}",
            "tiktok_app_key": "6test1k2y3abc",
            "tiktok_app_secret": "9f3c2a7be1d84056a1c0",
            "tiktok_service_id": "7000000000000000001",
            "tiktok_api_url": "http://127.0.0.1:9",
            "tiktok_auth_url": "http://127.0.0.1:9",
            "tiktok_authorize_url": "http://127.0.0.1:9",
            "tiktok_authorize_url_us": "http://127.0.0.1:9",
            "tiktok_reads_per_second": "1000",
            "tiktok_writes_per_second": "1000",
            "fetch_allowed_hosts": "127.0.0.1",
            "files_url": tmp_path.as_uri(),
            "lease_seconds": "1.0",
            "sweep_seconds": "0.1",
        }
    )


@pytest.fixture
async def deps(settings: Settings) -> AsyncIterator[Deps]:
    """The long-lived things of a process, on this test's own database."""
    async with open_deps(settings) as opened:
        yield opened
