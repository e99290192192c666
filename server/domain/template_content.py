"""What a category template says about listings, apart from its category."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from server.domain.rules import RuleGroup
from server.domain.weights import Dimensions, Weight


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
    rules: RuleGroup = field(default_factory=RuleGroup)
