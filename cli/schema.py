"""`leafmark schema`: the exported GraphQL schema that clients build against."""

import difflib
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from cli.problems import CannotRun
from graphql_schema.export import sdl

FILE = Path(__file__).resolve().parent.parent / "frontend-contract" / "schema.graphql"
SHOWN_LINES = 40


def command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if the file differs.")] = False,
) -> None:
    """Write frontend-contract/schema.graphql, or compare it with the code."""
    wanted = sdl()
    found = FILE.read_text() if FILE.exists() else ""
    if check:
        if lines := list(islice(difference(found, wanted), SHOWN_LINES)):
            raise CannotRun(
                f"{FILE.name} is not what the code says: run `leafmark schema`.\n" + "\n".join(lines), status=1
            )
        return
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(wanted)
    typer.echo(f"{FILE} {'is unchanged' if found == wanted else 'written'}.")


def difference(found: str, wanted: str) -> list[str]:
    """A unified diff, empty when they are equal."""
    return list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), "committed", "code", lineterm="", n=2))
