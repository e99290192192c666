"""Category templates: how a merchant describes listings, and which one a product is listed with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.facts import ProductFacts
from server.domain.weights import Dimensions, Weight


class RuleField(StrEnum):
    """What of a product a condition looks at."""

    TITLE = "TITLE"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    TAG = "TAG"


class RuleOperator(StrEnum):
    """How it looks; upper and lower case are the same."""

    EQUALS = "EQUALS"
    CONTAINS = "CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"


class RuleMatch(StrEnum):
    """Whether every condition must hold or one is enough."""

    ALL = "ALL"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; of several tags it is enough that one fits."""

    field: RuleField
    operator: RuleOperator
    value: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Conditions and how they combine. A group without conditions takes nothing: only the default takes the rest."""

    match: RuleMatch = RuleMatch.ALL
    conditions: tuple[Condition, ...] = ()


class WeightSource(StrEnum):
    """Where the package weight comes from (seed page "Package weight")."""

    FROM_STORE = "FROM_STORE"
    CUSTOM = "CUSTOM"


@dataclass(frozen=True, slots=True)
class Shipping:
    """``weight`` is the backup for FROM_STORE, used when the store's is empty or refused, and the figure for CUSTOM."""

    weight_source: WeightSource = WeightSource.FROM_STORE
    weight: Weight | None = None
    dimensions: Dimensions | None = None


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """One value of an attribute: the platform's own by ``id``, or text of the merchant's."""

    id: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class AttributeChoice:
    """The values chosen for one attribute."""

    id: str
    values: tuple[ValueChoice, ...]


@dataclass(frozen=True, slots=True)
class PriceRule:
    """Store price times ``exchange_rate``, plus ``percent`` per cent, plus ``fixed``; then made to end on ``ending``.

    ``exchange_rate`` must be given when the store's currency is not the market's.
    """

    percent: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    ending: Decimal | None = None
    exchange_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StockRule:
    """``percent`` of the store's stock, nothing when below ``threshold``, never more than ``cap``.

    ``untracked`` is offered for variants whose stock the store does not count or that sell on without any.
    """

    percent: int = 100
    threshold: int = 0
    cap: int | None = None
    untracked: int = 999


class EmptyDescription(StrEnum):
    """What becomes of a product whose description is empty once cleaned: the platform demands one."""

    FAIL = "FAIL"
    USE_TITLE = "USE_TITLE"


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """A document uploaded to the platform before."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Certification:
    """What proves one of the leaf's certifications. ``expires_at`` is in Unix seconds."""

    id: str
    image_uris: tuple[str, ...] = ()
    files: tuple[CertificationFile, ...] = ()
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class SizeChart:
    """A chart made in Seller Center by ``template_id``, or an uploaded picture; the template wins."""

    template_id: str | None = None
    image_uri: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """Everything a template says about listings, apart from its category."""

    shipping: Shipping = Shipping()
    attributes: tuple[AttributeChoice, ...] = ()
    brand_id: str | None = None
    price: PriceRule = PriceRule()
    stock: StockRule = StockRule()
    empty_description: EmptyDescription = EmptyDescription.FAIL
    shorten_title: bool = False
    certifications: tuple[Certification, ...] = ()
    size_chart: SizeChart | None = None
    manufacturer_ids: tuple[str, ...] = ()
    responsible_person_ids: tuple[str, ...] = ()
    rules: RuleGroup = RuleGroup()


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
