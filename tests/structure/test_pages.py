"""Pages name files that exist."""

import re

from tests.structure.source import ROOMS, ROOT

NAMED = re.compile(rf"(?<![\w/.-])((?:{'|'.join((*ROOMS, 'frontend-contract', 'docs'))})/[\w/{{}},.*-]*[\w/}}*])")
"""A path from the root, as `server/store/{tasks,slices}.py`, `server/domain/recommender` or with stars."""
BRACES = re.compile(r"\{([^}]*)\}")


def spelled_out(path: str) -> list[str]:
    """`a/{b,c}.py`: a/b.py, a/c.py."""
    found = BRACES.search(path)
    if found is None:
        return [path]
    return [path[: found.start()] + one + path[found.end() :] for one in found.group(1).split(",")]


def test_every_file_that_a_page_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = [
        (page.relative_to(ROOT).as_posix(), path)
        for page in pages
        for found in NAMED.findall(page.read_text("utf-8"))
        for path in spelled_out(found)
    ]
    assert len(named) > 200
    assert [one for one in named if not [*ROOT.glob(one[1]), *ROOT.glob(one[1] + ".py")]] == []


BARE = re.compile(r"`([a-z_0-9]+\.py)`")
"""A module named without its folder."""


def test_every_module_that_a_page_names_without_its_folder_is_somewhere() -> None:
    there = {path.name for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = [(page.name, name) for page in pages for name in BARE.findall(page.read_text("utf-8"))]
    assert named
    assert [one for one in named if one[1] not in there] == []
