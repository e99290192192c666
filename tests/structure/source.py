"""The project's own Python files, as text and as trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("server", "graphql_schema", "workers", "migrations", "sandbox", "cli", "benchmarks", "tests")


@cache
def modules(*rooms: str) -> tuple[Path, ...]:
    """Every module of these rooms; migrations' generated versions are no prose of ours."""
    found = (path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(path for path in found if "versions" not in path.parts)


def name_of(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text("utf-8"), str(path))
