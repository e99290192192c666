"""What a category template says about listings, apart from its category.

Shop defaults, reusable blocks and overrides are written in the same words: ``layers`` joins them.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.domain.rules import RuleGroup
from server.domain.value_sources import ValueSource
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
    """The values of one attribute: fixed ones, or what ``source`` finds in the store with them as the fallback."""

    id: str
    values: tuple[ValueChoice, ...]
    source: ValueSource | None = None


class Rounding(StrEnum):
    """Which way an amount goes when it is brought to the currency's step or to the wanted ending."""

    NEAREST = "NEAREST"
    UP = "UP"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class PriceRule:
    """Store price times ``exchange_rate``, plus ``percent`` per cent, plus ``fixed``; then made to end on ``ending``.

    ``exchange_rate`` must be given when the store's currency is not the market's. ``rounding`` is the way to the
    ending, or to the currency's step where there is no ending.
    """

    percent: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    ending: Decimal | None = None
    exchange_rate: Decimal | None = None
    rounding: Rounding = Rounding.NEAREST


@dataclass(frozen=True, slots=True)
class StockRule:
    """``percent`` of the store's stock, nothing when below ``threshold``, never more than ``cap``.

    ``untracked`` is offered for variants whose stock the store does not count or that sell on without any.
    ``warehouse_id`` is the platform's; without one the shop's warehouse for sales takes the stock.
    """

    percent: int = 100
    threshold: int = 0
    cap: int | None = None
    untracked: int = 999
    warehouse_id: str | None = None


class TextOrigin(StrEnum):
    """Where a title or a description comes from."""

    STORE = "STORE"
    METAFIELD = "METAFIELD"
    FIXED = "FIXED"


@dataclass(frozen=True, slots=True)
class TextRule:
    """The store's own text; or the metafield ``key``, and the store's when that is empty; or always ``text``."""

    origin: TextOrigin = TextOrigin.STORE
    key: str = ""
    text: str = ""


class EmptyDescription(StrEnum):
    """What becomes of a product whose description is empty once cleaned: the platform demands one."""

    FAIL = "FAIL"
    USE_TITLE = "USE_TITLE"


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """A document by the platform's ``id``, or one of our stored files by ``file_id``, uploaded when it is needed."""

    id: str | None
    name: str
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Certification:
    """What proves one of the leaf's certifications. ``expires_at`` is in Unix seconds.

    ``image_uris`` are the platform's; ``image_file_ids`` are stored files of ours, uploaded when they are needed.
    """

    id: str
    image_uris: tuple[str, ...] = ()
    files: tuple[CertificationFile, ...] = ()
    expires_at: int | None = None
    image_file_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class SizeChart:
    """A chart made in Seller Center by ``template_id``, or a picture (the platform's uri, our stored file)."""

    template_id: str | None = None
    image_uri: str | None = None
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """Everything a template says about listings, apart from its category.

    ``said`` names the settings (``template_settings``) that were written down even where they equal the house's own
    value; it matters when layers are joined, and not for equality. ``brand_id`` is the fallback of ``brand_source``;
    ``no_brand`` sends none whatever weaker layers say.
    """

    shipping: Shipping = Shipping()
    attributes: tuple[AttributeChoice, ...] = ()
    brand_id: str | None = None
    brand_source: ValueSource | None = None
    no_brand: bool = False
    price: PriceRule = PriceRule()
    stock: StockRule = StockRule()
    title: TextRule = TextRule()
    description: TextRule = TextRule()
    empty_description: EmptyDescription = EmptyDescription.FAIL
    shorten_title: bool = False
    certifications: tuple[Certification, ...] = ()
    size_chart: SizeChart | None = None
    manufacturer_ids: tuple[str, ...] = ()
    responsible_person_ids: tuple[str, ...] = ()
    rules: RuleGroup = field(default_factory=RuleGroup)
    said: frozenset[str] = field(default=frozenset(), compare=False)
