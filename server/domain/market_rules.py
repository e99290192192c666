"""What differs by market when a product is listed, as rows that name their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.domain.markets import EU, Market, SellerType
from server.domain.weights import LengthUnit, WeightUnit

MAX_IMAGES = 9
MAX_DESCRIPTION = 10_000
MAX_DESCRIPTION_IMAGES = 30
MAX_DESCRIPTION_SIDE = 3999
"""Pixels: pictures in descriptions are under 4000 on each side."""
MAX_AXES = 3
MAX_AXIS_NAME = 20
MAX_AXIS_VALUE = 50
MAX_SELLER_SKU = 50
MAX_QUANTITY = 99_999
MAX_REPEATED = 9
MAX_CERTIFICATIONS = 10
MAX_ATTRIBUTE_TEXT = 2_000
MAX_EXTERNAL_ID = 999


@dataclass(frozen=True, slots=True)
class MarketRules:
    """Money, lengths, units and limits of one market.

    ``price_step`` is the least price and the smallest difference between prices. The platform publishes no price
    ranges (TikTok fact sheet 9), so a range of ours would refuse what may be sold: its own answer 12052570 decides.
    """

    market: Market
    currency: str
    source: str
    price_step: Decimal = Decimal("0.01")
    title_min: int = 1
    title_max: int = 255
    max_skus: int = 300
    weight_units: tuple[WeightUnit, ...] = (WeightUnit.KILOGRAM,)
    length_units: tuple[LengthUnit, ...] = (LengthUnit.CENTIMETER,)
    list_price_max: Decimal | None = None
    invite_only_may_wait: bool = False
    """A local seller may create in an invite-only category: the product waits for the permission (fact sheet 3.7)."""
    dimensions_optional: bool = False
    """Local sellers need tell no package size, whatever the leaf says (fact sheet 3.10.1)."""

    def demands_dimensions(self, seller: SellerType, leaf_says: bool | None) -> bool:
        """Always of cross-border sellers, of whom leaves say nothing (fact sheet 3.8); else by the leaf."""
        if seller is SellerType.CROSS_BORDER:
            return True
        return bool(leaf_says) and not self.dimensions_optional


_SHEET = "TikTok fact sheet 3.10.1"
_CENT, _WHOLE = Decimal("0.01"), Decimal(1)
_WITH_GRAMS = (WeightUnit.KILOGRAM, WeightUnit.GRAM)


def _southeast_asia(
    market: Market, currency: str, step: Decimal = _CENT, *, dimensions_optional: bool = False
) -> MarketRules:
    return MarketRules(
        market,
        currency,
        _SHEET,
        price_step=step,
        title_min=25,
        max_skus=100,
        dimensions_optional=dimensions_optional,
    )


_ROWS = (
    MarketRules(
        Market.US,
        "USD",
        f"{_SHEET}; list price 0.01-7600; invite-only 3.7",
        weight_units=(WeightUnit.KILOGRAM, WeightUnit.POUND),
        length_units=(LengthUnit.CENTIMETER, LengthUnit.INCH),
        list_price_max=Decimal(7600),
        invite_only_may_wait=True,
    ),
    MarketRules(Market.GB, "GBP", _SHEET),
    *(MarketRules(market, "EUR", _SHEET) for market in sorted(EU)),
    MarketRules(Market.JP, "JPY", _SHEET, price_step=_WHOLE, weight_units=_WITH_GRAMS),
    MarketRules(Market.BR, "BRL", _SHEET, title_max=300, weight_units=_WITH_GRAMS),
    MarketRules(Market.MX, "MXN", _SHEET, title_max=300, weight_units=_WITH_GRAMS),
    _southeast_asia(Market.ID, "IDR", _WHOLE, dimensions_optional=True),
    _southeast_asia(Market.MY, "MYR"),
    _southeast_asia(Market.PH, "PHP"),
    _southeast_asia(Market.SG, "SGD"),
    _southeast_asia(Market.TH, "THB", dimensions_optional=True),
    _southeast_asia(Market.VN, "VND", _WHOLE, dimensions_optional=True),
)

MARKET_RULES: Mapping[Market, MarketRules] = {row.market: row for row in _ROWS}
"""One row for each market; a test holds that none is missing."""
