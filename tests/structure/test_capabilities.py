"""README's table of capabilities says what docs/capabilities.md says of each."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.structure.source import ROOT

ROW = re.compile(r"^\| (?P<ids>[A-Z]\d+[^|]*) \|(?P<middle>.*)\|", re.MULTILINE)
SPAN = re.compile(r"([A-Z])(\d+)(?:-([A-Z])(\d+))?")
SAID_AS = {"here": "here", "part": "part", "to come": "-", "out of scope": "-"}
"""README's word for each state."""


def listed() -> dict[str, str]:
    """Each capability's state, by its id."""
    rows = ROW.findall((ROOT / "docs" / "capabilities.md").read_text("utf-8"))
    return {ids: middle.split(" | ")[1].strip() for ids, middle in rows}


def expanded(ids: str) -> Iterator[str]:
    """`G1, G3-G5`: G1, G3, G4, G5."""
    for letter, first, other, last in SPAN.findall(ids):
        assert other in ("", letter), ids
        yield from (f"{letter}{number}" for number in range(int(first), int(last or first) + 1))


def told() -> list[tuple[str, str]]:
    """Each id of README's table with its state; a state may go on with what is there."""
    rows = ROW.findall((ROOT / "README.md").read_text("utf-8"))
    return [(one, middle.rsplit("|", 1)[1].split(":")[0].strip()) for ids, middle in rows for one in expanded(ids)]


def test_each_capability_is_listed_once() -> None:
    ids = [ids for ids, _ in ROW.findall((ROOT / "docs" / "capabilities.md").read_text("utf-8"))]
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    assert set(listed().values()) <= set(SAID_AS.values())


def test_readme_tells_each_capability_once_and_as_it_is() -> None:
    states = listed()
    assert [one for one, times in Counter(one for one, _ in told()).items() if times > 1] == []
    assert {one: SAID_AS.get(state, state) for one, state in told()} == states
