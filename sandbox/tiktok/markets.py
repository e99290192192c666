"""What differs by market, as data (fact sheet 3.10.1); the price ranges are ours, the platform publishes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

SEA = frozenset({"ID", "MY", "PH", "SG", "TH", "VN"})
EU = frozenset({"DE", "ES", "FR", "IE", "IT"})
COD = frozenset({"ID", "MY", "PH", "SA", "TH", "VN"})
DELIVERY_OPTIONS = frozenset({"ID", "MX", "MY", "PH", "SG", "TH", "VN"})
DIMENSIONS_OPTIONAL = frozenset({"ID", "TH", "VN"})
PROHIBITED_SHOWN = frozenset({"BR", "MX"}) | EU | SEA

# Digits after the point that each weight unit may have.
WEIGHT_DECIMALS: Mapping[str, int] = {"KILOGRAM": 3, "POUND": 2, "GRAM": 0}
METRIC = frozenset({"KILOGRAM", "GRAM", "CENTIMETER"})


@dataclass(frozen=True, slots=True)
class Market:
    """One country: its money, lengths, units and default locale."""

    region: str
    currency: str
    locale: str
    price_min: Decimal
    price_max: Decimal
    decimals: int = 2
    title_min: int = 1
    title_max: int = 255
    sku_max: int = 300
    weight_units: frozenset[str] = frozenset({"KILOGRAM"})
    dimension_units: frozenset[str] = frozenset({"CENTIMETER"})


def _sea(region: str, currency: str, locale: str, top: int, low: str = "0.01", decimals: int = 2) -> Market:
    least, most = Decimal(low), Decimal(top)
    return Market(region, currency, locale, least, most, decimals=decimals, title_min=25, sku_max=100)


def _eu(region: str, locale: str) -> Market:
    return Market(region, "EUR", locale, Decimal("0.01"), Decimal(7600))


_GRAM = frozenset({"KILOGRAM", "GRAM"})
_CENT = Decimal("0.01")

MARKETS: Mapping[str, Market] = {
    row.region: row
    for row in (
        Market(
            "US",
            "USD",
            "en-US",
            _CENT,
            Decimal(7600),
            weight_units=frozenset({"KILOGRAM", "POUND"}),
            dimension_units=frozenset({"CENTIMETER", "INCH"}),
        ),
        Market("GB", "GBP", "en-GB", _CENT, Decimal(5600)),
        _eu("DE", "de-DE"),
        _eu("ES", "es-ES"),
        _eu("FR", "fr-FR"),
        _eu("IE", "en-IE"),
        _eu("IT", "it-IT"),
        Market("JP", "JPY", "ja-JP", Decimal(1), Decimal(1_000_000), decimals=0, weight_units=_GRAM),
        Market("BR", "BRL", "pt-BR", _CENT, Decimal(40_000), title_max=300, weight_units=_GRAM),
        Market("MX", "MXN", "es-MX", _CENT, Decimal(150_000), title_max=300, weight_units=_GRAM),
        _sea("ID", "IDR", "id-ID", 100_000_000, low="99", decimals=0),
        _sea("MY", "MYR", "ms-MY", 40_000),
        _sea("PH", "PHP", "en-US", 500_000),
        _sea("SG", "SGD", "en-US", 10_000),
        _sea("TH", "THB", "th-TH", 300_000),
        _sea("VN", "VND", "vi-VN", 200_000_000, low="1000", decimals=0),
    )
}
