"""`leafmark test`: every stage runs, each says one line, and the first failure decides."""

import subprocess
import sys

import pytest
import typer

from cli import test as checks


def stage(name: str, code: str) -> checks.Stage:
    return checks.Stage(name, (sys.executable, "-c", code))


def test_stages_in_order_and_the_first_failure_decides(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = (stage("good", "print('unseen')"), stage("bad", "print('why'); raise SystemExit(3)"), stage("fine", ""))
    monkeypatch.setattr(checks, "STAGES", stages)
    monkeypatch.setattr(checks, "run_pytest", lambda _arguments: 1)
    with pytest.raises(typer.Exit) as ended:
        checks.command(None)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" (")[0] for line in said if line] == ["good: ok", "why", "bad: FAILED", "fine: ok"]
    assert ended.value.exit_code == 3


def test_with_arguments_only_the_tests_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(checks, "check", lambda one: pytest.fail(f"{one} ran"))

    def run_pytest(arguments: list[str]) -> int:
        asked.append(arguments)
        return 0

    monkeypatch.setattr(checks, "run_pytest", run_pytest)
    with pytest.raises(typer.Exit) as ended:
        checks.command(["tests/cli", "-q"])
    assert asked == [["tests/cli", "-q"]]
    assert ended.value.exit_code == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [([], ["-q", "-n", "auto"]), (["tests/domain", "-k", "policy"], ["tests/domain", "-k", "policy"])],
)
def test_all_tests_run_side_by_side_and_chosen_ones_as_told(
    monkeypatch: pytest.MonkeyPatch, asked: list[str], words: list[str]
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_options: object) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 5)

    monkeypatch.setattr(subprocess, "run", run)
    assert checks.run_pytest(asked) == 5
    assert ran == [[sys.executable, "-P", "-m", "pytest", *words]]
