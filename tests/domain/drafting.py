"""Short words for the tests of drafts."""

from dataclasses import replace
from typing import Any

from server.domain.drafts import Built
from server.domain.facts import VariantFacts
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.template_content import Shipping, TemplateContent
from tests.domain.factories import kilograms, variant

BACKUP = Shipping(weight=kilograms("0.5"))


def codes(built: Built) -> list[str]:
    assert all(problem.code in PROBLEM_CODES and problem.message[-1] in ".”" for problem in built.problems)
    assert all("{" not in problem.message for problem in built.problems)
    return [problem.code for problem in built.problems]


def content(**changes: Any) -> TemplateContent:
    return replace(TemplateContent(shipping=BACKUP), **changes)


def shirt(*rows: tuple[str, str, str | None]) -> list[VariantFacts]:
    return [
        variant(f"{color} / {size}", position=at, options=(("Colour", color), ("Size", size)), picture_url=picture)
        for at, (color, size, picture) in enumerate(rows)
    ]
