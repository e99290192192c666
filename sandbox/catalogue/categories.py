"""Reads the category trees: the built-in pair beside this file, or a big one from `--categories FILE`."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sandbox.catalogue.families import family_of_root
from sandbox.catalogue.tree import EVERYWHERE, ROOT, Category, Permission, Restriction, Tree, Trees

__all__ = ["CategoryFileError", "load_trees"]

DATA = Path(__file__).parent / "data"
MAX_LEVEL = 7
V1_LEVELS = 3
COLUMNS = ("id", "parent_id", "name")


class CategoryFileError(ValueError):
    """A category file cannot be used; the message names the file, the line and what to change."""


@dataclass(slots=True)
class Row:
    """One line of a category file."""

    line: int
    id: str
    parent_id: str
    name: str
    family: str = ""
    restrictions: str = ""
    becomes: str = ""


def load_trees(path: Path | None = None, v1_path: Path | None = None) -> Trees:
    """The built-in trees; or `path` as `v2`, with `v1` from `v1_path` or else from the first three levels of `path`.

    Raises CategoryFileError for a file that cannot be read, a duplicate or empty id, an unknown parent, a circle,
    or more than seven levels.
    """
    if path is None:
        return _built_in()
    names = _names()
    v2_rows = _rows(path)
    v2 = _tree("v2", v2_rows, names, str(path))
    if v1_path is None:
        kept = [row for row in v2_rows if _level(v2, row) <= V1_LEVELS]
        v1 = _tree("v1", kept, names, str(path))
    else:
        v1 = _tree("v1", _rows(v1_path), names, str(v1_path))
    becomes = {
        leaf.id: tuple(found.id for found in v2.leaves(leaf.id)) if leaf.id in v2 else () for leaf in v1.leaves()
    }
    return Trees.of(v1, v2, becomes)


@cache
def _built_in() -> Trees:
    names = _names()
    v2 = _tree("v2", _rows(DATA / "v2.tsv"), names, "v2.tsv")
    v1_rows = _rows(DATA / "v1.tsv")
    becomes = {row.id: tuple(filter(None, row.becomes.split(","))) for row in v1_rows if row.becomes != "-"}
    v1 = _tree("v1", v1_rows, names, "v1.tsv")
    restricted = [_inherit(category, becomes.get(category.id, ()), v2) for category in v1]
    return Trees.of(Tree("v1", restricted, names), v2, becomes)


def _inherit(category: Category, targets: tuple[str, ...], v2: Tree) -> Category:
    """A v1 leaf is restricted as its targets are, when all of them agree."""
    inherited = {tuple(r for node in v2.path(target) for r in node.restrictions) for target in targets}
    return replace(category, restrictions=inherited.pop()) if len(inherited) == 1 else category


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    with (DATA / "names.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {language: {row["en"]: row[language] for row in rows} for language in rows[0] if language != "en"}


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CategoryFileError(f"Cannot read the category file {path}: {error}. Give UTF-8 CSV or TSV.") from error


def _rows(path: Path) -> list[Row]:
    text = _text(path)
    source = io.StringIO(text, newline="")
    tabs = csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
    reader = tabs if "\t" in text.split("\n", 1)[0] else csv.reader(source)
    cells = ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
    try:
        return list(_parsed(cells, path))
    except csv.Error as error:
        raise CategoryFileError(f"{path}, line {reader.line_num}: {error}.") from error


def _parsed(cells: Iterable[tuple[int, list[str]]], path: Path) -> Iterator[Row]:
    header: list[str] = list(COLUMNS)
    for number, (line, row) in enumerate(cells):
        if number == 0 and row[0].strip().lower() == "id":
            header = [cell.strip().lower() for cell in row]
            if missing := [column for column in COLUMNS if column not in header]:
                raise CategoryFileError(f"{path}, line {line}: the header lacks {', '.join(missing)}.")
            continue
        if len(row) < len(COLUMNS):
            raise CategoryFileError(f"{path}, line {line}: expected id, parent_id and name, found {len(row)} cells.")
        values = dict(zip(header, (cell.strip() for cell in row), strict=False))
        extra = {key: values.get(key, "") for key in ("family", "restrictions", "becomes")}
        yield Row(line, values["id"], values["parent_id"] or ROOT, values["name"], **extra)


def _tree(version: str, rows: list[Row], names: Mapping[str, Mapping[str, str]], source: str) -> Tree:
    by_id = _checked(rows, source)
    parents = {row.parent_id for row in rows}
    levels = {ROOT: 0}
    categories = []
    for row in rows:
        chain = _chain(row, by_id, levels, source)
        root = chain[-1]
        categories.append(
            Category(
                id=row.id,
                parent_id=row.parent_id,
                name=row.name,
                level=levels[row.id],
                is_leaf=row.id not in parents,
                family=row.family or root.family or family_of_root(root.name),
                restrictions=_restrictions(row.restrictions),
            )
        )
    return Tree(version, categories, names)


def _checked(rows: list[Row], source: str) -> dict[str, Row]:
    """Rows by id; every id new, every name given, every parent known."""
    if not rows:
        raise CategoryFileError(f"{source} holds no categories.")
    by_id: dict[str, Row] = {}
    for row in rows:
        if not row.id.isdigit() or row.id == ROOT:
            raise CategoryFileError(f"{source}, line {row.line}: the id {row.id!r} is not a positive whole number.")
        if not row.name:
            raise CategoryFileError(f"{source}, line {row.line}: category {row.id} has no name.")
        if row.id in by_id:
            raise CategoryFileError(f"{source}, line {row.line}: id {row.id} stands on line {by_id[row.id].line} too.")
        by_id[row.id] = row
    for row in rows:
        if row.parent_id != ROOT and row.parent_id not in by_id:
            raise CategoryFileError(
                f"{source}, line {row.line}: parent {row.parent_id} of {row.id} is not in the file."
            )
    return by_id


def _chain(row: Row, by_id: Mapping[str, Row], levels: dict[str, int], source: str) -> list[Row]:
    """The row and its ancestors up to the root, filling in `levels`; refuses circles and depth."""
    chain = [row]
    while chain[-1].parent_id != ROOT:
        chain.append(by_id[chain[-1].parent_id])
        if len(chain) > MAX_LEVEL:
            circle = len({step.id for step in chain}) < len(chain)
            reason = "is its own ancestor" if circle else f"is deeper than {MAX_LEVEL} levels"
            raise CategoryFileError(f"{source}, line {row.line}: category {row.id} {reason}.")
    levels[row.id] = len(chain)
    return chain


def _level(tree: Tree, row: Row) -> int:
    category = tree.get(row.id)
    return category.level if category else 0


def _restrictions(text: str) -> tuple[Restriction, ...]:
    """`INVITE_ONLY:US,GB;PROHIBITED:*` as values."""
    found = []
    for part in filter(None, text.split(";")):
        permission, _, markets = part.partition(":")
        found.append(Restriction(Permission(permission), frozenset((markets or EVERYWHERE).split(","))))
    return tuple(found)
