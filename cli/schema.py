"""`leafmark schema`: the exported GraphQL schema that clients build against."""

import difflib
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from cli.problems import CannotRun
from graphql_schema.export import FILES

FOLDER = Path(__file__).resolve().parent.parent / "frontend-contract"
SHOWN_LINES = 40


def command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file differs.")] = False,
) -> None:
    """Write the generated files of frontend-contract/, or compare them with the code."""
    for name, make in FILES.items():
        file, wanted = FOLDER / name, make()
        found = file.read_text() if file.exists() else ""
        if check:
            must_agree(name, found, wanted)
            continue
        FOLDER.mkdir(exist_ok=True)
        file.write_text(wanted)
        typer.echo(f"{file} {'is unchanged' if found == wanted else 'written'}.")


def must_agree(name: str, committed: str, wanted: str) -> None:
    """Raise CannotRun with the first lines that differ."""
    if lines := list(islice(difference(committed, wanted), SHOWN_LINES)):
        raise CannotRun(f"{name} is not what the code says: run `leafmark schema`.\n" + "\n".join(lines), status=1)


def difference(found: str, wanted: str) -> list[str]:
    """A unified diff, empty when they are equal."""
    return list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), "committed", "code", lineterm="", n=2))
