"""Runs one program and makes sure that it never outlives whoever started it.

Run as a plain script (``python -I -S guard.py STOP_SIGNAL GRACE UID GID FDS PROGRAM ARGUMENT...``), standard library
only. Standard input is a lifeline: a byte on it is a signal number to pass on, its end means that the starter is gone
(even by kill -9), and the program is then stopped. Its pid goes to standard output, all else to standard error.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import FrameType

NOT_STARTED = 127
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Order:
    """What to run: the signal that stops it, seconds of grace, the account (-1: ours), and sockets to hand down."""

    stop_signal: int
    grace: float
    uid: int
    gid: int
    handed_down: tuple[int, ...]
    command: tuple[str, ...]


def read_order(arguments: list[str]) -> Order:
    """The order as `cli.guarded` writes it."""
    stop_signal, grace, uid, gid, handed_down, *command = arguments
    fds = tuple(int(fd) for fd in handed_down.split(",") if fd)
    return Order(int(stop_signal), float(grace), int(uid), int(gid), fds, tuple(command))


def die_with_the_guard() -> None:
    """Linux: killed when the guard itself is killed. Elsewhere only the lifeline protects."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Linux: what the program leaves behind becomes ours instead of init's, whatever session it put itself in."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def read_words(path: str) -> list[str]:
    """The words of a small file."""
    with open(path, encoding="ascii") as file:
        return file.read().split()


def end_orphans() -> None:
    """Kill and reap what the ended program left behind (PostgreSQL's sessions, when its first process was killed)."""
    with contextlib.suppress(OSError):
        while pids := read_words(f"/proc/self/task/{os.getpid()}/children"):
            for pid in map(int, pids):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def start(order: Order) -> "subprocess.Popen[bytes]":
    """The program in a session of its own, under the account asked for."""
    other = order.uid >= 0
    return subprocess.Popen(
        order.command,
        stdin=subprocess.DEVNULL,
        stdout=2,
        stderr=2,
        start_new_session=True,
        pass_fds=order.handed_down,
        user=order.uid if other else None,
        group=order.gid if other else None,
        extra_groups=[] if other else None,
        preexec_fn=die_with_the_guard,  # noqa: PLW1509 - the guard has no threads
    )


def send(program: "subprocess.Popen[bytes]", number: int) -> None:
    """Pass a signal on; SIGKILL takes the whole group with it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if number == signal.SIGKILL:
            os.killpg(program.pid, number)
        else:
            program.send_signal(number)


def wait(program: "subprocess.Popen[bytes]", order: Order, wakeups: int) -> int:
    """Until the program ends: pass signals on, and stop it when the lifeline ends. Returns its exit status."""
    kill_at: float | None = None
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(wakeups, selectors.EVENT_READ)
        while program.poll() is None:
            left = None if kill_at is None else max(0.0, kill_at - time.monotonic())
            ready = {key.fd for key, _ in selector.select(left)}
            if wakeups in ready:
                os.read(wakeups, 4096)
            if 0 in ready:
                numbers = os.read(0, 64)
                for number in numbers:
                    send(program, number)
                if not numbers:
                    selector.unregister(0)
                    send(program, order.stop_signal)
                    kill_at = time.monotonic() + order.grace
            if kill_at is not None and time.monotonic() >= kill_at:
                send(program, signal.SIGKILL)
                kill_at = time.monotonic() + 1
    send(program, signal.SIGKILL)  # whatever of its group is left
    end_orphans()
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


def main() -> int:
    """Start, report the pid, wait."""
    order = read_order(sys.argv[1:])
    adopt_orphans()
    wakeups, wakeup_writer = os.pipe()
    os.set_blocking(wakeup_writer, False)
    signal.set_wakeup_fd(wakeup_writer, warn_on_full_buffer=False)

    def noted(_number: int, _frame: FrameType | None) -> None:
        """The wake-up pipe says it all. A handler, because an ignored signal would stay ignored in the program."""

    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, noted)
    try:
        program = start(order)
    except (OSError, subprocess.SubprocessError) as error:
        os.write(2, f"{order.command[0]} could not be started: {error}\n".encode())
        return NOT_STARTED
    for fd in order.handed_down:
        os.close(fd)
    os.write(1, f"{program.pid}\n".encode())
    os.close(1)
    return wait(program, order, wakeups)


if __name__ == "__main__":
    sys.exit(main())
