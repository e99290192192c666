"""The list of problem codes is closed: each is raised somewhere, and nothing else is."""

import re
from pathlib import Path

from server.clients.errors import PROBLEM_CODES as PLATFORM_CODES
from server.domain.problem_codes import PROBLEM_CODES

ROOT = Path(__file__).parents[2]
RAISED = re.compile(r'(?:error|warning|Problem|_problem|_needs|_Misfit)\(\s*(?:found,\s*)?"([A-Z][A-Z0-9_]+)"')
OF_THE_RUNTIME = {"INTERNAL"}


def raised() -> set[str]:
    places = [*(ROOT / "server/domain").rglob("*.py"), *(ROOT / "server/services").rglob("*.py")]
    places += (ROOT / "workers").glob("*.py")
    return {code for place in places for code in RAISED.findall(place.read_text("utf-8"))}


def test_every_code_is_raised_and_every_raised_code_is_listed() -> None:
    assert raised() - OF_THE_RUNTIME == set(PROBLEM_CODES)


def test_our_codes_and_the_platforms_are_told_apart() -> None:
    assert PROBLEM_CODES.keys() & PLATFORM_CODES.keys() == set()


def test_descriptions_are_sentences() -> None:
    assert all(text[0].isupper() and text.endswith(".") for text in PROBLEM_CODES.values())
