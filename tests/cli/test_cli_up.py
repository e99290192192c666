"""`leafmark up`: the file it writes, and how it ends."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from cli import bootstrap, processes, up
from cli.problems import CannotRun
from cli.processes import Stack

STAND_IN = Path(__file__).with_name("stand_in.py")
KNOWN = {"graphql_url": "http://127.0.0.1:1/graphql", "sandbox_url": "http://127.0.0.1:2", "api_token": "made up"}


@pytest.fixture(autouse=True)
def _stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "python_command", lambda *words: (sys.executable, str(STAND_IN), *words))
    monkeypatch.setattr(bootstrap, "connect", lambda _stack: KNOWN)
    monkeypatch.setattr(up, "WATCH_SECONDS", 0.01)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def test_it_tells_where_everything_is_and_stops_at_a_signal(
    spaced: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[Stack] = []

    def check(stack: Stack) -> None:
        looks.append(stack)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Stack, "check", check)
    up.command(data=spaced)
    file = spaced / "dev.json"
    assert json.loads(file.read_text()) == KNOWN
    assert file.stat().st_mode & 0o777 == 0o600
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("PostgreSQL runs as")]
    assert said == [
        "GraphQL   http://127.0.0.1:1/graphql  (GraphiQL in a browser)",
        "Sandbox   http://127.0.0.1:2/_sandbox/",
        f"Keys      {file}",
        "Ctrl-C stops everything.",
        "Stopped.",
    ]
    assert all(process.status is not None for process in looks[0].processes.values())


def test_it_ends_when_a_process_does(spaced: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(stack: Stack) -> dict[str, str]:
        stack.processes["api"].kill()
        return KNOWN

    monkeypatch.setattr(bootstrap, "connect", connect)
    with pytest.raises(CannotRun, match=r"api ended with status 137\."):
        up.command(data=spaced)
