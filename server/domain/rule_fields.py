"""The fields of rules: which operators each allows, what its values are, and what it means for a whole product."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.domain.rules import RuleField, RuleOperator

_O = RuleOperator
_THERE = frozenset({_O.EXISTS, _O.NOT_EXISTS})
_SAME = frozenset({_O.EQUALS, _O.NOT_EQUALS})
_TEXT = _THERE | _SAME | {_O.CONTAINS, _O.NOT_CONTAINS, _O.STARTS_WITH, _O.ENDS_WITH, _O.IN}
_SPAN = frozenset({_O.BETWEEN, _O.GREATER, _O.LESS})
_NUMBER = _THERE | _SAME | _SPAN | {_O.IN}

NEGATIVE: Final[Mapping[RuleOperator, RuleOperator]] = {
    _O.NOT_EQUALS: _O.EQUALS,
    _O.NOT_CONTAINS: _O.CONTAINS,
    _O.NOT_EXISTS: _O.EXISTS,
}
"""A negative operator and the plain one that must not hold, for none of the product's values."""


class ValueKind(StrEnum):
    """What the values of a field are.

    Text is compared trimmed, in Unicode's composed form (NFC), without case. Numbers are decimal, weights are compared
    in grams. A moment is ISO 8601: a day (``2026-11-21``, the whole day in UTC) or a time; without an offset it is UTC.
    """

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    WEIGHT = "WEIGHT"
    MOMENT = "MOMENT"
    CATEGORY = "CATEGORY"
    STATUS = "STATUS"
    METAFIELD = "METAFIELD"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What may be asked about a field; ``meaning`` is for merchants."""

    kind: ValueKind
    operators: frozenset[RuleOperator]
    meaning: str


_K = ValueKind

FIELDS: Final[Mapping[RuleField, FieldRule]] = {
    RuleField.TITLE: FieldRule(_K.TEXT, _TEXT, "The product's title."),
    RuleField.VENDOR: FieldRule(_K.TEXT, _TEXT, "The vendor."),
    RuleField.PRODUCT_TYPE: FieldRule(_K.TEXT, _TEXT, "The product type."),
    RuleField.TAG: FieldRule(_K.TEXT, _TEXT, "Any one of the tags."),
    RuleField.COLLECTION: FieldRule(
        _K.TEXT, _TEXT, "Any one of the collections, by title; EQUALS and IN take Shopify's id (gid://...) too."
    ),
    RuleField.SHOPIFY_CATEGORY: FieldRule(
        _K.CATEGORY,
        _THERE | _SAME | {_O.IN, _O.IS_OR_BELOW},
        "The category of Shopify's taxonomy, by id (aa-1-2, or gid://shopify/TaxonomyCategory/aa-1-2).",
    ),
    RuleField.PRICE: FieldRule(_K.NUMBER, _NUMBER, "The price of any one variant, in the store's currency."),
    RuleField.COMPARE_AT_PRICE: FieldRule(_K.NUMBER, _NUMBER, "The price before, of any one variant that has one."),
    RuleField.STOCK: FieldRule(
        _K.NUMBER, _NUMBER, "The stock of all variants together whose stock the store counts; none: it does not exist."
    ),
    RuleField.WEIGHT: FieldRule(_K.WEIGHT, _NUMBER, "The weight of any one variant; the value has a unit."),
    RuleField.SKU: FieldRule(_K.TEXT, _TEXT, "The SKU of any one variant."),
    RuleField.BARCODE: FieldRule(_K.TEXT, _TEXT, "The barcode of any one variant."),
    RuleField.STATUS: FieldRule(_K.STATUS, _SAME | {_O.IN}, "ACTIVE, DRAFT, ARCHIVED or UNLISTED, as Shopify has it."),
    RuleField.CREATED: FieldRule(_K.MOMENT, _THERE | _SAME | _SPAN, "When the product was made in the store."),
    RuleField.UPDATED: FieldRule(_K.MOMENT, _THERE | _SAME | _SPAN, "When it was last changed in the store."),
    RuleField.METAFIELD: FieldRule(
        _K.METAFIELD,
        _TEXT | _SPAN,
        "A metafield by key (namespace.key); any one entry of a list. Numbers are compared as numbers.",
    ),
}
"""Every field. Where a product has several values it is enough that one fits; a negative wants that none fits."""

STATUSES = frozenset({"ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED"})
"""Shopify fact sheet 3.3."""
