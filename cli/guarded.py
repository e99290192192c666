"""A child process that cannot outlive us: started through `guard.py`, stopped as a group, its log at hand."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.problems import SAID_BY_US, WRONG_SETTING, CannotRun

GUARD = Path(__file__).with_name("guard.py")
POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Account:
    """A system account that a program runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """What to start. `sockets` are file descriptors the program inherits under the same numbers."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    sockets: tuple[int, ...] = ()


def log_tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message about a process that failed; empty when there are none."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _guard_command(program: Program) -> list[str]:
    account = program.account
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    fds = ",".join(str(fd) for fd in program.sockets)
    head = [
        sys.executable,
        "-I",
        "-S",
        str(GUARD),
        str(int(program.stop_signal)),
        str(program.grace),
        str(uid),
        str(gid),
        fds,
    ]
    return [*head, *program.command]


@dataclass(slots=True)
class Guarded:
    """A running program and its guard."""

    program: Program
    pid: int
    _guard: "subprocess.Popen[bytes]" = field(repr=False)

    @classmethod
    def start(cls, program: Program) -> "Guarded":
        """Start it; returns once it was executed, not yet ready. Raises CannotRun with the log's end."""
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            guard = subprocess.Popen(
                _guard_command(program),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=program.folder,
                env=None if program.environment is None else dict(program.environment),
                start_new_session=True,
                pass_fds=program.sockets,
                bufsize=0,
            )
        if guard.stdout is None:  # stdout=PIPE above
            raise RuntimeError("the guard has no standard output")
        with guard.stdout as reported:
            pid = reported.readline()
        if not pid:
            guard.communicate()
            raise CannotRun(f"{program.name} could not be started.\n{log_tail(program.log)}", status=1)
        return cls(program, int(pid), guard)

    @property
    def status(self) -> int | None:
        """Its exit status (128 + signal number when killed), or None while it runs."""
        return self._guard.poll()

    def signal(self, number: signal.Signals) -> None:
        """Pass a signal on; SIGKILL reaches the program's whole group. Nothing happens when it has ended."""
        if self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ValueError):
                self._guard.stdin.write(bytes([number]))

    def let_go(self) -> None:
        """End its lifeline: the guard stops it, or kills it after its grace. Several can so end side by side."""
        if self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.close()

    def stop(self) -> int:
        """Let go and wait until it is gone. Returns the exit status. May be called twice."""
        self.let_go()
        return self._guard.wait()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Wait until it ends by itself. Returns the exit status."""
        status = self._guard.wait()
        self.let_go()
        return status

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Poll until `ready`. Raises CannotRun with the log's end when the program ends first or time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.status is not None:
                raise self.failure()
            if time.monotonic() > deadline:
                raise CannotRun(f"{self.program.name} was not ready after {seconds:g} s.\n{self.tail()}", status=1)
            time.sleep(POLL_SECONDS)

    def tail(self) -> str:
        """The end of its log, with the log's place."""
        return f"{log_tail(self.program.log)}\n(log: {self.program.log})"

    def failure(self) -> CannotRun:
        """Why it ended: its own sentence when the user can mend it, else its obituary."""
        lines = log_tail(self.program.log).splitlines()
        if self.status == WRONG_SETTING and lines and lines[-1].startswith(SAID_BY_US):
            return CannotRun(lines[-1].removeprefix(SAID_BY_US))
        return CannotRun(self.obituary(), status=1)

    def obituary(self) -> str:
        """How it ended, with the end of its log."""
        return f"{self.program.name} ended with status {self.status}.\n{self.tail()}"


def python_command(*arguments: str) -> tuple[str, ...]:
    """Our own command line in a child process, whatever folder we stand in."""
    return (sys.executable, "-P", "-m", "cli", *arguments)


def program_runs(command: Sequence[str], account: Account | None) -> bool:
    """Whether this short command succeeds under that account: the honest way to ask what it may enter."""
    try:
        done = subprocess.run(
            list(command),
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
