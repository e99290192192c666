"""The worker's keeper: starts again what ended, stops when told, leaves nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli import worker
from cli.problems import CannotRun
from tests.cli.conftest import eventually

KEEPER = """
import asyncio, sys
from cli.worker import supervise
asyncio.run(supervise(int(sys.argv[1]), tuple(sys.argv[2:])))
"""
WORKER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


def started(record: Path) -> list[int]:
    return [int(line) for line in record.read_text().split()] if record.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def keep(record: Path, *, workers: int) -> "subprocess.Popen[bytes]":
    command = (sys.executable, "-c", WORKER, str(record))
    return subprocess.Popen([sys.executable, "-c", KEEPER, str(workers), *command], stderr=subprocess.PIPE)


def test_a_worker_that_ended_is_started_again(tmp_path: Path) -> None:
    record = tmp_path / "started"
    with keep(record, workers=1) as keeper:
        eventually(lambda: len(started(record)) == 1, lambda: started(record))
        os.kill(started(record)[0], signal.SIGKILL)
        eventually(lambda: len(started(record)) == 2, lambda: started(record))
        keeper.send_signal(signal.SIGTERM)
        _, said = keeper.communicate(timeout=30)
    assert keeper.returncode == 0
    assert said.startswith(b"A worker ended with status 137; another starts in 0.4 s.")
    assert not any(map(is_alive, started(record)))


def test_workers_that_cannot_start_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.01)
    record = tmp_path / "started"
    command = (sys.executable, "-S", "-c", WORKER.replace("time.sleep(60)", "sys.exit(1)"), str(record))
    with pytest.raises(CannotRun, match="A worker ended 5 times right after its start"):
        asyncio.run(worker.supervise(1, command))
    assert len(started(record)) == 5


@pytest.mark.parametrize(("status", "ours"), [(0, False), (1, True), (2, False), (127, True), (137, False)])
def test_whose_fault_an_end_is(status: int, ours: bool) -> None:
    assert worker.is_our_fault(status) is ours


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_no_worker_outlives_a_killed_keeper(tmp_path: Path) -> None:
    record = tmp_path / "started"
    with keep(record, workers=2) as keeper:
        eventually(lambda: len(started(record)) == 2, lambda: started(record))
        keeper.kill()
        keeper.communicate(timeout=30)
    eventually(lambda: not any(map(is_alive, started(record))), lambda: started(record))
