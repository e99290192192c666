"""Peaks of memory: the running interpreter's own, and other processes' (Linux)."""

import contextlib
import resource
import sys
from pathlib import Path

from benchmarks.processor import children


def peak_mb() -> float:
    """In MiB. ``ru_maxrss`` only where there is nothing better: Linux hands a child the peak of its parent."""
    with contextlib.suppress(OSError):
        if peak := _peak("self"):
            return peak
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def tree_peak_mb(pid: int) -> float:
    """The highest among a process and its children, in MiB."""
    peaks = [_peak(str(pid))]
    for child in children(pid):
        with contextlib.suppress(OSError):  # it has just ended
            peaks.append(tree_peak_mb(child))
    return max(peaks)


def _peak(process: str) -> float:
    with Path(f"/proc/{process}/status").open() as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
