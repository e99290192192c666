"""Processor time of other processes, read from outside (Linux)."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def own_seconds(pid: int) -> float:
    """Processor seconds of one process so far, exact to the nanosecond (the clock of clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def tree_seconds(pid: int) -> float:
    """The same for a process with its children, those that have ended included (those in ticks of 10 ms)."""
    total = own_seconds(pid)
    for child in children(pid):
        with contextlib.suppress(OSError):  # it has just ended: the parent has its time by now
            total += tree_seconds(child)
    return total + _reaped(pid)


def children(pid: int) -> Iterator[int]:
    """Processes that it started and that still run."""
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, tasks.read_text().split())


def _reaped(pid: int) -> float:
    """Fields 16 and 17 of ``/proc/PID/stat``; the second field may hold blanks, so count from its end."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / _TICK
