"""Child processes: how they end, with whom, and what is said about it."""

import os
import signal
import sys
from pathlib import Path

import pytest

from cli.guarded import Guarded, Program
from cli.problems import CannotRun
from tests.cli.conftest import eventually

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(helper.pid, flush=True)
time.sleep(60)
"""


def program(log: Path, code: str, *, grace: float = 5.0) -> Program:
    return Program("a program", (sys.executable, "-u", "-c", code), log, grace=grace)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "program.log"


def test_exit_status_and_last_words(log: Path) -> None:
    child = Guarded.start(program(log, "import sys; print('one'); sys.stderr.write('two'); sys.exit(3)"))
    assert child.wait() == 3
    assert child.obituary() == f"a program ended with status 3.\none\ntwo\n(log: {log})"
    assert child.stop() == 3


def test_a_signal_is_passed_on(log: Path) -> None:
    child = Guarded.start(program(log, "import time; time.sleep(60)"))
    child.signal(signal.SIGUSR1)
    assert child.wait() == 128 + signal.SIGUSR1
    child.stop()


def test_stopping_waits_for_an_orderly_end(log: Path) -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('up'); time.sleep(60)"
    )
    child = Guarded.start(program(log, code))
    eventually(lambda: log.read_text() == "up\n", log.read_text)
    assert child.stop() == 7


def test_what_ignores_its_grace_is_killed_with_its_helpers(log: Path) -> None:
    child = Guarded.start(program(log, STUBBORN, grace=0.2))
    eventually(lambda: log.read_text().strip().isdigit(), log.read_text)
    helper = int(log.read_text())
    assert child.stop() == 128 + signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(helper, 0)


def test_a_kill_takes_helpers_too(log: Path) -> None:
    child = Guarded.start(program(log, STUBBORN))
    eventually(lambda: log.read_text().strip().isdigit(), log.read_text)
    child.kill()
    assert child.status == 128 + signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text()), 0)


def test_a_missing_program_is_named(log: Path) -> None:
    with pytest.raises(CannotRun, match=r"(?s)a program could not be started\..*/nowhere/program"):
        Guarded.start(Program("a program", ("/nowhere/program",), log))


def test_readiness_gives_up_when_the_program_ends(log: Path) -> None:
    child = Guarded.start(program(log, "raise SystemExit('no port')"))
    with pytest.raises(CannotRun, match=r"a program ended with status 1\.\nno port"):
        child.wait_until(lambda: False, seconds=10)
    child.stop()


def test_readiness_gives_up_in_time(log: Path) -> None:
    child = Guarded.start(program(log, "import time; time.sleep(60)"))
    with pytest.raises(CannotRun, match=r"a program was not ready after 0\.1 s\."):
        child.wait_until(lambda: False, seconds=0.1)
    assert child.stop() == 128 + signal.SIGTERM


def test_a_mistake_of_the_user_is_told_in_the_programs_own_sentence(log: Path) -> None:
    child = Guarded.start(program(log, "import sys; print('noise'); print('leafmark: Mend it.'); sys.exit(2)"))
    child.wait()
    assert (child.failure().sentence, child.failure().status) == ("Mend it.", 2)


def test_helpers_of_a_program_that_ended_end_too(log: Path) -> None:
    child = Guarded.start(program(log, STUBBORN.removesuffix("time.sleep(60)\n")))
    assert child.wait() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text()), 0)
    child.stop()
