"""Package weight and dimensions: units and digits by market, one system of measures."""

import re
from collections.abc import Iterator
from decimal import Decimal

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content, Dimensions, Weight
from sandbox.tiktok.markets import DIMENSIONS_OPTIONAL, METRIC, WEIGHT_DECIMALS

NUMBER = re.compile(r"\d{1,9}(?:\.\d+)?")
WHOLE = re.compile(r"[1-9]\d{0,4}")
# Ours: the platform publishes no largest weight; what one parcel can bear.
MAX_WEIGHT = {"KILOGRAM": Decimal(100), "POUND": Decimal(220), "GRAM": Decimal(100_000)}
VIRTUAL = "virtual"  # the family of leaves without a parcel
SIDE_CODES = {"length": 12052003, "width": 12052004, "height": 12052005}


def check_weight(content: Content, ground: Ground) -> Iterator[Fault]:
    """The weight is mandatory except in virtual categories."""
    weight = content.package_weight
    if weight is None:
        if ground.leaf.category.family != VIRTUAL:
            yield Fault(12052181, "The package weight is required")
    elif weight.unit not in ground.market.weight_units:
        yield Fault(12019061, f"The weight unit {weight.unit or '(empty)'} is not for this market")
    else:
        yield from _weight_faults(weight)


def _weight_faults(weight: Weight) -> Iterator[Fault]:
    decimals = WEIGHT_DECIMALS[weight.unit]
    if not NUMBER.fullmatch(weight.value) or len(weight.value.partition(".")[2]) > decimals:
        yield Fault(12019011, f"The package weight must be a number with at most {decimals} decimals")
    elif not 0 < Decimal(weight.value) <= MAX_WEIGHT[weight.unit]:
        yield Fault(12052006, "The package weight is out of range")


def check_dimensions(content: Content, ground: Ground) -> Iterator[Fault]:
    """Positive whole numbers; mandatory by rule, and always for cross-border sellers."""
    dimensions = content.package_dimensions
    if dimensions is None:
        if _are_mandatory(ground):
            yield Fault(12052116, "The package dimensions are required")
        return
    if dimensions.unit not in ground.market.dimension_units:
        yield Fault(12052916, f"The dimension unit {dimensions.unit or '(empty)'} is not for this market")
    yield from _side_faults(dimensions)
    weight = content.package_weight
    if weight is not None and (weight.unit in METRIC) != (dimensions.unit in METRIC):
        yield Fault(12052915, "Package weight and dimensions must use the same system of measures")


def _are_mandatory(ground: Ground) -> bool:
    demanded = ground.leaf.rules.package_dimension
    if ground.leaf.category.family == VIRTUAL:
        return False
    if demanded is None:
        return True
    return demanded and ground.market.region not in DIMENSIONS_OPTIONAL


def _side_faults(dimensions: Dimensions) -> Iterator[Fault]:
    sides = {"length": dimensions.length, "width": dimensions.width, "height": dimensions.height}
    if not all(sides.values()):
        yield Fault(12019012, "Package dimensions need length, width and height")
        return
    for side, value in sides.items():
        if not WHOLE.fullmatch(value):
            yield Fault(SIDE_CODES[side], f"The package {side} must be a positive whole number")
