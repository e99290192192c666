"""Weights and sizes with their units, one spelling for both platforms."""

from decimal import Decimal

import strawberry

from graphql_schema.enums import publish
from server.domain.weights import LengthUnit, WeightUnit

publish(
    WeightUnit,
    "A unit of weight.",
    {
        WeightUnit.GRAM: "Grams.",
        WeightUnit.KILOGRAM: "Kilograms.",
        WeightUnit.OUNCE: "Ounces (28.349523125 g).",
        WeightUnit.POUND: "Pounds (453.59237 g).",
    },
)
publish(
    LengthUnit,
    "A unit of length.",
    {LengthUnit.CENTIMETER: "Centimetres.", LengthUnit.INCH: "Inches (2.54 cm)."},
)


@strawberry.type
class Weight:
    """A weight and its unit."""

    value: Decimal = strawberry.field(description="How much.")
    unit: WeightUnit = strawberry.field(description="Of what.")


@strawberry.type
class Dimensions:
    """The size of a package."""

    length: Decimal = strawberry.field(description="The longest side.")
    width: Decimal = strawberry.field(description="The side across.")
    height: Decimal = strawberry.field(description="The side upwards.")
    unit: LengthUnit = strawberry.field(description="The unit of all three.")


@strawberry.input
class DimensionsInput:
    """The size of a package."""

    length: Decimal = strawberry.field(description="The longest side; more than 0.")
    width: Decimal = strawberry.field(description="The side across; more than 0.")
    height: Decimal = strawberry.field(description="The side upwards; more than 0.")
    unit: LengthUnit = strawberry.field(description="The unit of all three. Must be of one system with the weight.")
