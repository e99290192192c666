"""Category templates, and which one a product is listed with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.rule_tests import failing, holds
from server.domain.template_content import TemplateContent
from server.domain.traits import Traits

__all__ = ["Lost", "Match", "Template", "Traits", "choose", "ordered"]


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the rules of listing see it. Lower ``rank`` goes first; the default comes last.

    Without a category each product goes to the one that is decided for it; ``blocks`` are shared parts by id.
    """

    id: UUID
    name: str
    category: CategoryRef | None
    is_default: bool = False
    is_active: bool = False
    rank: int = 0
    revision: int = 1
    content: TemplateContent = field(default_factory=TemplateContent)
    blocks: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A template that does not take a product, and why. ``would``: its rules hold, but another goes first."""

    template: Template
    because: str
    would: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The one template that takes a product, and why; the others in order, each with its own reason."""

    template: Template
    because: str
    lost: tuple[Lost, ...] = ()


def ordered(templates: Iterable[Template]) -> list[Template]:
    """In the order in which they are asked: by rank, then by age (ids are time-ordered); the default last."""
    return sorted(templates, key=lambda template: (template.is_default, template.rank, template.id))


def choose(traits: Traits, templates: Iterable[Template], assigned: UUID | None = None) -> Match | None:
    """The template that was given by hand; else the first in order whose rules hold; else the default. Never two.

    A product given by hand to a template that is not among ``templates`` is taken by none of them.
    """
    asked = ordered(templates)
    reasons = {one.id: holds(one.content.rules, traits) for one in asked}
    if assigned is not None:
        winner = next((one for one in asked if one.id == assigned), None)
        because = "the product was given to it by hand"
    else:
        winner = next((one for one in asked if one.is_default or reasons[one.id]), None)
        because = (winner and reasons[winner.id]) or ""
        if winner is not None and winner.is_default:
            because = "no other template takes it, and this is the default"
    if winner is None:
        return None
    lost = (_lost(one, winner, reasons[one.id], traits, assigned) for one in asked if one is not winner)
    return Match(winner, because, tuple(lost))


def _lost(template: Template, winner: Template, held: str | None, traits: Traits, assigned: UUID | None) -> Lost:
    first = f"the product was given to “{winner.name}” by hand" if assigned else f"“{winner.name}” goes first"
    if template.is_default:
        return Lost(template, f"it takes what no other template takes, and {first}", would=True)
    if held is None:
        return Lost(template, failing(template.content.rules, traits))
    return Lost(template, f"{held}, but {first}", would=True)
