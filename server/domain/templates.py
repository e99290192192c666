"""Category templates, and which one a product is listed with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.facts import ProductFacts
from server.domain.rules import RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.template_content import TemplateContent


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the rules of listing see it. Lower ``rank`` goes first; the default comes last."""

    id: UUID
    name: str
    category: CategoryRef
    is_default: bool = False
    is_active: bool = False
    rank: int = 0
    revision: int = 1
    content: TemplateContent = field(default_factory=TemplateContent)


@dataclass(frozen=True, slots=True)
class Match:
    """The one template that takes a product, and why."""

    template: Template
    because: str


_TESTS: Mapping[RuleOperator, Callable[[str, str], bool]] = {
    RuleOperator.EQUALS: str.__eq__,
    RuleOperator.CONTAINS: str.__contains__,
    RuleOperator.STARTS_WITH: str.startswith,
    RuleOperator.ENDS_WITH: str.endswith,
}
_WORDS: Mapping[RuleOperator, str] = {
    RuleOperator.EQUALS: "is",
    RuleOperator.CONTAINS: "contains",
    RuleOperator.STARTS_WITH: "starts with",
    RuleOperator.ENDS_WITH: "ends with",
}


@dataclass(frozen=True, slots=True)
class Traits:
    """The few things rules look at, so that a match needs no whole product."""

    title: str
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: ProductFacts) -> "Traits":
        """Those of a product."""
        return cls(facts.title, facts.vendor, facts.product_type, facts.tags)


def ordered(templates: Iterable[Template]) -> list[Template]:
    """In the order in which they are asked: by rank, then by age (ids are time-ordered); the default last."""
    return sorted(templates, key=lambda template: (template.is_default, template.rank, template.id))


def choose(traits: Traits, templates: Iterable[Template]) -> Match | None:
    """The first template in order whose rules hold; else the default; else nothing. Never two."""
    texts = _texts(traits)
    for template in ordered(templates):
        if template.is_default:
            return Match(template, "no other template takes it, and this is the default")
        if because := _holds(template.content.rules, texts):
            return Match(template, because)
    return None


def _texts(traits: Traits) -> Mapping[RuleField, tuple[str, ...]]:
    return {
        RuleField.TITLE: (traits.title.casefold(),),
        RuleField.VENDOR: (traits.vendor.casefold(),),
        RuleField.PRODUCT_TYPE: (traits.product_type.casefold(),),
        RuleField.TAG: tuple(tag.casefold() for tag in traits.tags),
    }


def _holds(rules: RuleGroup, texts: Mapping[RuleField, tuple[str, ...]]) -> str:
    """Why the group takes the product, or nothing."""
    held = [
        one
        for one in rules.conditions
        if any(_TESTS[one.operator](text, one.value.casefold()) for text in texts[one.field])
    ]
    if not held or (rules.match is RuleMatch.ALL and len(held) < len(rules.conditions)):
        return ""
    return " and ".join(f"{one.field.lower().replace('_', ' ')} {_WORDS[one.operator]} “{one.value}”" for one in held)
