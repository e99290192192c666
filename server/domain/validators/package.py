"""Package weight and size: from the store or the template, in the market's units, with where each came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.domain.facts import VariantFacts
from server.domain.findings import Findings
from server.domain.market_rules import MarketRules
from server.domain.problems import Remedy
from server.domain.template_content import Shipping, WeightSource
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit, least_weight

_WEIGHT = ("package", "weight")


class Source(StrEnum):
    """Where a value that was sent came from."""

    STORE = "STORE"
    TEMPLATE = "TEMPLATE"
    BACKUP = "BACKUP"


@dataclass(frozen=True, slots=True)
class PackageWeight:
    """The weight as sent. ``refused`` says why the store's own was not taken, when a backup stands in."""

    weight: Weight
    source: Source
    refused: str | None = None


def weight_unit(rules: MarketRules, dimensions: Dimensions | None, variants: Sequence[VariantFacts]) -> WeightUnit:
    """Of one system with the dimensions; without any, of the store's own system where the market takes that."""
    if dimensions is not None:
        metric = dimensions.unit is LengthUnit.CENTIMETER
    else:
        metric = all(one.weight.unit.is_metric for one in variants if one.weight is not None)
    return next((unit for unit in rules.weight_units if unit.is_metric is metric), rules.weight_units[0])


def package_weight(
    variants: Sequence[VariantFacts], shipping: Shipping, unit: WeightUnit, found: Findings
) -> PackageWeight | None:
    """The heaviest variant's weight, as the product has one package; the backup when that is empty or refused.

    A product of which nothing is shipped may go without any: only virtual categories take it so (TikTok fact sheet
    3.10.1), which no rule of theirs tells, so the platform's own answer decides (code 12052181).
    """
    if shipping.weight_source is WeightSource.CUSTOM:
        return _from_template(shipping, unit, found)
    heaviest = max((one.weight for one in variants if one.weight is not None), key=lambda one: one.grams, default=None)
    sent = heaviest.within(unit) if heaviest is not None else None
    if sent is not None:
        return PackageWeight(sent, Source.STORE)
    if heaviest is None:
        refused = "The store has no weight"
    else:
        refused = f"The store's weight of {heaviest} is under the least that can be sent, {least_weight(unit)}"
    if shipping.weight is None and variants and not any(one.requires_shipping for one in variants):
        return None
    return _from_backup(shipping, unit, refused, found)


def _from_backup(shipping: Shipping, unit: WeightUnit, refused: str, found: Findings) -> PackageWeight | None:
    backup = shipping.weight.within(unit) if shipping.weight is not None else None
    if backup is None:
        found.error(
            "WEIGHT_MISSING",
            _WEIGHT,
            f"{refused}, and the template has no backup weight that can be sent. Enter a weight in the store, or a "
            "backup in the template.",
        )
        return None
    found.warning(
        "WEIGHT_FROM_BACKUP",
        _WEIGHT,
        f"{refused}, so the template's backup of {backup} was sent. A wrong weight costs shipping money: check it.",
    )
    return PackageWeight(backup, Source.BACKUP, refused)


def _from_template(shipping: Shipping, unit: WeightUnit, found: Findings) -> PackageWeight | None:
    sent = shipping.weight.within(unit) if shipping.weight is not None else None
    if sent is not None:
        return PackageWeight(sent, Source.TEMPLATE)
    found.error(
        "WEIGHT_REFUSED",
        _WEIGHT,
        f"The template's weight is empty or under the least that can be sent, {least_weight(unit)}. Enter another.",
        Remedy.FIX_TEMPLATE,
    )
    return None


def package_dimensions(shipping: Shipping, rules: MarketRules, *, required: bool, found: Findings) -> Dimensions | None:
    """Whole numbers in a unit of the market; ``required`` by the leaf's rules, or always of cross-border sellers."""
    given = shipping.dimensions
    if given is not None:
        return given.within(given.unit if given.unit in rules.length_units else rules.length_units[0])
    if required:
        found.error(
            "DIMENSIONS_MISSING",
            ("package", "dimensions"),
            "The package dimensions are required here. Enter length, width and height in the template.",
            Remedy.FIX_TEMPLATE,
        )
    return None
