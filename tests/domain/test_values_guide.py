"""The guide's example says what really happens."""

import doctest
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "values.md"


def test_the_example_of_the_guide() -> None:
    text = GUIDE.read_text("utf-8").replace("```", "")
    flags = doctest.NORMALIZE_WHITESPACE
    example = doctest.DocTestParser().get_doctest(text, {}, GUIDE.name, str(GUIDE), 0)
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert found.attempted > 15
    assert found.failed == 0, "".join(said)
