"""The whole service on one machine: servers, sandbox, API and workers start, are watched and stop together."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from cli import listening
from cli.credentials import Addresses, Credentials, app_environment, on_top_of, sandbox_environment
from cli.embedded import places
from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
from cli.guarded import Guarded, Program, python_command
from cli.problems import CannotRun

HOST = "127.0.0.1"
READY_SECONDS = 60.0
LOCK = "leafmark.lock"
FILES = "files"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start. Port 0 is a free one; without the URLs servers are embedded; `supervised` workers come back.

    `fresh` forgets an earlier run first; `temporary` forgets this one at its end (and the folder, when left empty).
    """

    data: Path
    port: int = 0
    sandbox_port: int = 0
    workers: int = 1
    supervised: bool = True
    fresh: bool = False
    temporary: bool = False
    fast: bool = False
    database_url: str | None = None
    redis_url: str | None = None
    sandbox_options: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Stack:
    """A running service. Use it as a context manager: whatever happens, nothing that it started stays."""

    plan: Plan
    say: Callable[[str], None] = lambda _sentence: None
    credentials: Credentials = field(init=False)
    addresses: Addresses = field(init=False)
    postgres: Postgres | None = None
    redis: Redis | None = None
    processes: dict[str, Guarded] = field(default_factory=dict)
    _closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, repr=False)

    def start(self) -> None:
        """Start all, wait until the sandbox and the API answer. Raises CannotRun with why the first one failed."""
        data = places.make_private(self.plan.data)
        sentence = f"Another Leafmark is running on {data}: stop it, or choose another folder with --data."
        self._closing.enter_context(places.hold(data / LOCK, sentence))
        if self.plan.fresh:
            wipe(data)
        last_ports = {name: self._last_port(name) for name in ("api", "sandbox")}
        for name in ("logs", "run"):
            places.remove(data / name)
            places.make_private(data / name)
        self.credentials = Credentials.kept_in(data / "credentials.json")
        database, redis = self._start_postgres(), self._start_redis()
        with (
            listen(self.plan.port, last_ports["api"]) as api,
            listen(self.plan.sandbox_port, last_ports["sandbox"]) as sandbox,
        ):
            files = places.make_private(data / FILES).as_uri()
            self.addresses = Addresses(database, redis, listening.origin(api), listening.origin(sandbox), files)
            self._start_sandbox(sandbox)
            self._migrate()
            self.await_ready("sandbox")
            self._start_api(api)
        for number in range(1, self.plan.workers + 1):
            self.start_worker(f"worker-{number}")
        self.await_ready("api")

    def start_worker(self, name: str) -> Guarded:
        """Start a worker under this name; the name of one that has ended can be used again."""
        alone = () if self.plan.supervised else ("--alone",)
        return self._start(name, "worker", *alone, environment=self.app_environment)

    def restart_api(self) -> None:
        """Start the API again, on its old port, after it was killed."""
        port = int(self.addresses.api.rpartition(":")[2])
        self._ready_file("api").unlink(missing_ok=True)
        with listening.bind(HOST, port) as api:
            self._start_api(api)
        self.await_ready("api")

    def restart_sandbox(self) -> None:
        """Start the sandbox again, on its old port and with the world it kept, after it was stopped."""
        port = int(self.addresses.sandbox.rpartition(":")[2])
        self._ready_file("sandbox").unlink(missing_ok=True)
        with listening.bind(HOST, port) as sandbox:
            self._start_sandbox(sandbox)
        self.await_ready("sandbox")

    def await_ready(self, name: str) -> None:
        """Until the sandbox or the API accepts connections. Raises CannotRun."""
        self.processes[name].wait_until(self._ready_file(name).exists, seconds=READY_SECONDS)

    @property
    def app_environment(self) -> dict[str, str]:
        """The settings of the API and the workers."""
        return on_top_of(app_environment(self.credentials, self.addresses), self.plan.settings)

    def check(self) -> None:
        """Raises CannotRun with the last log lines if a process has ended by itself."""
        for process in self.processes.values():
            if process.status is not None:
                raise process.failure()

    def stop(self) -> None:
        """Stop in order: who takes work, then the sandbox, then the servers with the data. May be called twice."""
        takers = [process for name, process in self.processes.items() if name != "sandbox"]
        for process in takers:
            process.let_go()
        for process in (*takers, *self.processes.values()):
            process.stop()
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()
        if self.plan.temporary:
            self._leave_nothing()
        self._closing.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _leave_nothing(self) -> None:
        wipe(self.plan.data)
        for name in ("logs", "run"):
            places.remove(self.plan.data / name)
        (self.plan.data / LOCK).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # what else is in it is not ours
            self.plan.data.rmdir()

    def _start_postgres(self) -> str:
        if self.plan.database_url:
            self.say("Using the PostgreSQL at DATABASE_URL.")
            return self.plan.database_url
        self.postgres = Postgres.in_folder(self.plan.data, log=self._log("postgres"), fast=self.plan.fast)
        if self.postgres.note:
            self.say(self.postgres.note)
        self.postgres.start()
        return self.postgres.url

    def _start_redis(self) -> str:
        if self.plan.redis_url:
            self.say("Using the Redis at REDIS_URL.")
            return self.plan.redis_url
        self.redis = Redis.in_folder(self.plan.data, log=self._log("redis"))
        self.redis.start()
        return self.redis.url

    def _start_sandbox(self, listener: socket.socket) -> None:
        environment = sandbox_environment(self.credentials, self.addresses.api, self.plan.data / "sandbox.state")
        self._serve("sandbox", "sandbox", *self.plan.sandbox_options, listener=listener, environment=environment)

    def _start_api(self, listener: socket.socket) -> None:
        self._serve("api", "serve", listener=listener, environment=self.app_environment)

    def _serve(self, name: str, *arguments: str, listener: socket.socket, environment: Mapping[str, str]) -> None:
        told = ("--fd", str(listener.fileno()), "--ready-file", str(self._ready_file(name)))
        self._start(name, *arguments, *told, environment=environment, sockets=(listener.fileno(),))

    def _migrate(self) -> None:
        migration = self._start("migrate", "migrate", environment=self.app_environment)
        del self.processes["migrate"]
        if migration.wait():
            raise migration.failure()

    def _start(
        self, name: str, *arguments: str, environment: Mapping[str, str], sockets: tuple[int, ...] = ()
    ) -> Guarded:
        whole = on_top_of(os.environ, environment)
        if name in self.processes:
            self.processes[name].stop()
        program = Program(name, python_command(*arguments), self._log(name), whole, self.plan.data, sockets=sockets)
        self.processes[name] = Guarded.start(program)
        return self.processes[name]

    def _last_port(self, name: str) -> int:
        """Where it listened when this data was last used; 0 when it was not."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return int(json.loads(self._ready_file(name).read_text())["port"])
        return 0

    def _log(self, name: str) -> Path:
        return self.plan.data / "logs" / f"{name}.log"

    def _ready_file(self, name: str) -> Path:
        return self.plan.data / "run" / f"{name}.json"


def listen(wanted: int, last: int) -> socket.socket:
    """The port asked for; with 0 the last run's if it is free (what the sandbox kept names it), else any."""
    if wanted == 0:
        with contextlib.suppress(CannotRun):
            return listening.bind(HOST, last)
    return listening.bind(HOST, wanted)


def wipe(data: Path) -> None:
    """Forget an earlier run: database, Redis, sellers' files, the sandbox's world, secrets. Other files stay."""
    Postgres.in_folder(data, log=data / "logs" / "postgres.log").wipe()
    Redis.in_folder(data, log=data / "logs" / "redis.log").wipe()
    places.remove(data / FILES)
    for name in ("credentials.json", "sandbox.state", "dev.json", "postgres.lock", "redis.lock"):
        (data / name).unlink(missing_ok=True)


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP stop us as Ctrl-C does: as a KeyboardInterrupt where we stand."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
