"""Short words for the tests of drafts."""

from dataclasses import replace
from typing import Any

from server.domain.drafts import Built, Picture, PictureNeed
from server.domain.facts import VariantFacts
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.problems import Problem
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


def broken(url: str) -> Problem:
    return Problem("IMAGE_DAMAGED", ("images",), f"{url} is damaged.")


def shelf(built: Built, *lost: str) -> dict[PictureNeed, Picture | Problem]:
    """Every need uploaded but those that are ``lost``."""
    return {
        need: broken(need.url)
        if need.url in lost
        else Picture(f"uri-{need.url}", f"https://tt/{need.url}?a=1&b=2", 640, 480)
        for need in built.needs
    }
