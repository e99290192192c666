"""A real PostgreSQL for one project: the wheel's server on a private unix socket, gone when we are."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cli.embedded import places
from cli.embedded.binaries import Binaries, reachable_by
from cli.embedded.serving import EmbeddedServer
from cli.guarded import Account, Guarded, Program, program_runs
from cli.problems import CannotRun

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "huge_pages": "off",
    "logging_collector": "off",
}
# For tests: a machine that crashes loses the data, a server that is killed does not. So no `synchronous_commit=off`:
# it would lose what was acknowledged just before a kill, and saves next to nothing once fsync is off.
FAST = {"fsync": "off", "full_page_writes": "off"}
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)
START_SECONDS = 60.0
STATE = Path("/var/tmp")  # noqa: S108 - what we find there under our name is checked for its owner
MARKER = "postgres.elsewhere"
"""In the data folder of somebody whose home PostgreSQL's account cannot enter: the folder its data is in."""


@dataclass(slots=True)
class Postgres(EmbeddedServer):
    """One server and its data folder. `start` makes the folder and the database when they are missing."""

    NAME = "PostgreSQL"
    LEFTOVER = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, by force

    account: Account | None
    binaries: Binaries
    note: str = ""
    fast: bool = False
    database: str = "leafmark"
    marker: Path | None = None

    @classmethod
    def in_folder(cls, data: Path, *, log: Path, fast: bool = False) -> Self:
        """For `data`/postgres, or, when its account may not enter that, for a state folder named in `note`."""
        wanted = places.make_private(data) / "postgres"
        account = places.account_for(wanted)
        binaries = reachable_by(account)
        folder = _reachable_folder(wanted, account)
        marker = None if folder == wanted else wanted.with_name(MARKER)
        return cls(folder, log, account, binaries, _note(wanted, folder, account, binaries), fast, marker=marker)

    @classmethod
    def for_tests(cls) -> Self:
        """A fast server in a folder of its own that `stop` removes."""
        account = places.account_for(None)
        home = places.home_for_tests(account)
        return cls(home / "postgres", home / "postgres.log", account, reachable_by(account), fast=True, temporary=True)

    @property
    def url(self) -> str:
        """For SQLAlchemy's asyncpg dialect; the same after every restart."""
        return self.url_of(self.database)

    def url_of(self, database: str) -> str:
        """The address of another database on this server."""
        if self.sockets is None:
            raise RuntimeError("PostgreSQL has not been started")
        return f"postgresql+asyncpg://postgres:@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> None:
        """Make what is missing, end a leftover of a killed run, start, wait until it answers. Raises CannotRun."""
        self._hold()
        if self.temporary:
            self.sockets = places.make_private(self.folder.with_name("s"), self.account)
        else:
            self.sockets = places.socket_folder("pg", self.folder, self.account)
        places.end_processes_in(self.folder, self.LEFTOVER)
        if not (self.folder / "PG_VERSION").exists():
            self._make_data()
        self._serve()
        self._make_database()

    def wipe(self) -> None:
        """Remove the data of a stopped server, after ending a leftover."""
        EmbeddedServer.wipe(self)  # no bare `super()`: a class with slots is made anew by its decorator
        if self.folder.parent.parent == STATE:
            places.remove(self.folder.parent)
        if self.marker is not None:
            self.marker.unlink(missing_ok=True)

    def execute(self, statement: str, *, database: str = "postgres") -> str:
        """Run one SQL statement as the superuser through `psql`; returns what it printed."""
        command = [
            self.binaries["psql"],
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.sockets),
            "-U",
            "postgres",
            "-d",
            database,
        ]
        done = subprocess.run(
            [*command, "-c", statement], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise CannotRun(f"PostgreSQL refused a statement: {done.stderr.strip()}", status=1)
        return done.stdout.strip()

    def _make_data(self) -> None:
        """Into a scratch folder first, so that an interrupted start leaves no half-made data."""
        scratch = self.folder.with_name("postgres.new")
        places.remove(scratch)
        places.make_private(scratch, self.account)
        command = [self.binaries["initdb"], *INITDB, *(["--no-sync"] if self.fast else []), "-D", str(scratch)]
        account = self.account
        try:
            done = subprocess.run(
                command,
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError as error:
            raise CannotRun(f"PostgreSQL's initdb could not be started: {error}.", status=1) from None
        if done.returncode:
            raise CannotRun(
                f"PostgreSQL could not make its data folder.\n{(done.stderr or done.stdout).strip()[-2000:]}", status=1
            )
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        scratch.rename(self.folder)

    def _serve(self) -> None:
        settings = {**SETTINGS, **(FAST if self.fast else {}), "unix_socket_directories": str(self.sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._forget_the_dead()
        program = Program(
            name="PostgreSQL",
            command=(self.binaries["postgres"], "-D", str(self.folder), *options),
            log=self.log,
            folder=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast shutdown": ends sessions, writes a checkpoint
            grace=20.0,
        )
        self._running = Guarded.start(program)
        self._running.wait_until(self._is_ready, seconds=START_SECONDS)

    def _forget_the_dead(self) -> None:
        """Clear the pid files of a killed server: a process of that number would keep PostgreSQL from starting.

        It can only be a stranger: the lock is ours, and no process stands in the folder (which only /proc shows).
        """
        if sys.platform == "linux" and self.sockets is not None:
            for stale in (self.folder / "postmaster.pid", *self.sockets.iterdir()):
                stale.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        """The eighth line of postmaster.pid says so, the first whose it is."""
        with contextlib.suppress(OSError, IndexError):
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.pid) and lines[7].strip() == "ready"
        return False

    def _make_database(self) -> None:
        if self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'") != "1":  # noqa: S608 - our own constant
            self.execute(f'CREATE DATABASE "{self.database}"')


def _reachable_folder(wanted: Path, account: Account | None) -> Path:
    """`wanted` when the account can work there (our own private parent is opened to its group); else a state folder."""
    parent = wanted.parent
    if account is None or _can_enter(parent, account):
        return wanted
    if _can_enter(parent.parent, account) and stat.S_IMODE(parent.stat().st_mode) == places.PRIVATE:
        os.chown(parent, -1, account.gid)
        parent.chmod(0o710)
        return wanted
    return _state_folder(parent / MARKER, account) / "postgres"


def _state_folder(marker: Path, account: Account) -> Path:
    """The one that ``marker`` names; a data folder that was made anew gets a new one: its secrets are new as well."""
    if marker.exists():
        state = Path(marker.read_text())
        if state.parent != STATE:
            raise CannotRun(f"{marker} does not say where PostgreSQL's data is: remove it to begin with none.")
        places.must_be_ours(places.make_private(state, account), account)
        return state
    state = Path(tempfile.mkdtemp(prefix="leafmark-pg-", dir=STATE))
    os.chown(state, account.uid, account.gid)
    marker.write_text(str(state))
    return state


def _note(wanted: Path, folder: Path, account: Account | None, binaries: Binaries) -> str:
    """What the user must know when data or programs are not where they belong; empty when they are."""
    elsewhere = [f"its data is in {folder}"] if folder != wanted else []
    if binaries.copied_to is not None:
        elsewhere.append(f"its programs in {binaries.copied_to}")
    if account is None or not elsewhere:
        return ""
    return f"PostgreSQL runs as {account.name}, who cannot enter the project's folder: {', '.join(elsewhere)}."


def _can_enter(folder: Path, account: Account) -> bool:
    return program_runs(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account)
