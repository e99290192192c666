"""Real PostgreSQL and Redis for every test that asks, a fresh database each, and no network but loopback."""

import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import settings as hypothesis_settings
from redis import Redis as SyncRedis

import migrations
from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
from server.deps import Deps, open_deps
from server.settings import Settings

hypothesis_settings.register_profile("leafmark", deadline=None, derandomize=True)
hypothesis_settings.load_profile("leafmark")

_numbers = count(1)
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


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """One kind of event loop, the one we run in production."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run, with a template database made by the migrations."""
    with Postgres.for_tests() as server:
        server.execute("CREATE DATABASE template_leafmark")
        migrations.upgrade(server.url_of("template_leafmark"))
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """One Redis for the whole run."""
    with Redis.for_tests() as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """A fresh, migrated database of this test's own."""
    name = f"test_{next(_numbers)}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE template_leafmark")
    yield postgres.url_of(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
