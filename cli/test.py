"""`leafmark test`: every check that a change must pass, in the order of their speed."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Stage:
    """One tool and what to call it with."""

    name: str
    command: tuple[str, ...]


STAGES = (
    Stage("ruff check", (str(SCRIPTS / "ruff"), "check", "--quiet", ".")),
    Stage("ruff format", (str(SCRIPTS / "ruff"), "format", "--check", "--quiet", ".")),
    Stage("mypy", (str(SCRIPTS / "mypy"), "--no-error-summary")),
    Stage("lint-imports", (str(SCRIPTS / "lint-imports"), "--no-logo")),
)
EVERYTHING = ("-q", "-n", "auto")


def command(arguments: Annotated[list[str] | None, typer.Argument(metavar="[PYTEST ARGUMENTS]...")] = None) -> None:
    """Lint, types, import contracts, then the tests; with arguments, only pytest with those."""
    failures = [] if arguments else [status for stage in STAGES if (status := check(stage))]
    failures += [status] if (status := run_pytest(arguments or [])) else []
    raise typer.Exit(failures[0] if failures else 0)


def check(stage: Stage) -> int:
    """Run one tool; one line when it is content, all it said when not."""
    began = monotonic()
    done = subprocess.run(
        stage.command, check=False, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        typer.echo(done.stdout + done.stderr)
    typer.echo(f"{stage.name}: {'FAILED' if done.returncode else 'ok'} ({monotonic() - began:.1f} s)")
    return done.returncode


def run_pytest(arguments: Sequence[str]) -> int:
    """The tests, their output passed through, its closing line last; all of them run in several processes."""
    sys.stdout.flush()
    words = arguments or EVERYTHING
    return subprocess.run([sys.executable, "-P", "-m", "pytest", *words], check=False, cwd=ROOT).returncode
