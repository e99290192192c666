"""Package weights and sizes: units, exact conversion, and the figures a market accepts."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum


class WeightUnit(StrEnum):
    """Units of both platforms in one spelling; TikTok takes no ounces (TikTok fact sheet 3.10.1)."""

    GRAM = "GRAM"
    KILOGRAM = "KILOGRAM"
    OUNCE = "OUNCE"
    POUND = "POUND"

    @property
    def is_metric(self) -> bool:
        """Weight and size of a package must be of one system (code 12052915)."""
        return self in (WeightUnit.GRAM, WeightUnit.KILOGRAM)

    @property
    def sign(self) -> str:
        """As people write it: ``kg``."""
        return _SIGNS[self]


class LengthUnit(StrEnum):
    """Units of package dimensions (TikTok fact sheet 3.10.1)."""

    CENTIMETER = "CENTIMETER"
    INCH = "INCH"


_GRAMS = {
    WeightUnit.GRAM: Decimal(1),
    WeightUnit.KILOGRAM: Decimal(1000),
    WeightUnit.OUNCE: Decimal("28.349523125"),
    WeightUnit.POUND: Decimal("453.59237"),
}
_DECIMALS = {WeightUnit.GRAM: 0, WeightUnit.KILOGRAM: 3, WeightUnit.POUND: 2, WeightUnit.OUNCE: 2}
_STEPS = {unit: Decimal(1).scaleb(-digits) for unit, digits in _DECIMALS.items()}
_INCH = Decimal("2.54")
_TOO_HEAVY = Decimal(10) ** 12
_SHOPIFY_UNITS = {f"{unit}S": unit for unit in WeightUnit}
_SIGNS = {WeightUnit.GRAM: "g", WeightUnit.KILOGRAM: "kg", WeightUnit.OUNCE: "oz", WeightUnit.POUND: "lb"}


def plain(number: Decimal) -> str:
    """The number without exponent and trailing zeros, as the wire wants it."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Weight:
    """A figure with its unit."""

    value: Decimal
    unit: WeightUnit

    @property
    def grams(self) -> Decimal:
        """The same weight in grams, exactly."""
        return self.value * _GRAMS[self.unit]

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit.sign}"

    def within(self, unit: WeightUnit) -> "Weight | None":
        """The same in ``unit``, with as many decimals as the platform takes; nothing when that rounds to zero."""
        value = (self.grams / _GRAMS[unit]).quantize(_STEPS[unit], ROUND_HALF_UP)
        return Weight(value, unit) if value > 0 else None


def least_weight(unit: WeightUnit) -> Weight:
    """The smallest weight that can be said in this unit."""
    return Weight(_STEPS[unit], unit)


def shopify_weight(value: float | Decimal | None, unit: str | None) -> Weight | None:
    """The store's figure (unit ``GRAMS``, ``KILOGRAMS``, ``OUNCES``, ``POUNDS``); nothing when it is no weight at all.

    Zero is kept: it is refused later, with the reason said. A million tons and more is none.
    """
    known = _SHOPIFY_UNITS.get(unit or "")
    if value is None or known is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return Weight(number, known) if number.is_finite() and 0 <= number < _TOO_HEAVY else None


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Length, width and height of the package."""

    length: Decimal
    width: Decimal
    height: Decimal
    unit: LengthUnit

    @property
    def sides(self) -> tuple[Decimal, Decimal, Decimal]:
        """All three."""
        return self.length, self.width, self.height

    def within(self, unit: LengthUnit) -> "Dimensions":
        """In ``unit``, each side rounded up: the platform takes positive whole numbers only."""
        factor = Decimal(1)
        if unit is not self.unit:
            factor = _INCH if unit is LengthUnit.CENTIMETER else 1 / _INCH
        length, width, height = ((side * factor).to_integral_value(ROUND_CEILING) for side in self.sides)
        return Dimensions(length, width, height, unit)
