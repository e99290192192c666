"""Rules: which products a category template takes, as groups of conditions that may stand in one another.

What each field means for a product with several variants, tags or collections stands in ``rule_fields``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from server.domain.weights import WeightUnit

MAX_DEPTH = 5
"""Groups within groups, the outermost one counted."""

MAX_CONDITIONS = 200
"""Conditions of one template, all groups together; as many groups."""

MAX_VALUES = 250
"""Values of one IN."""


class RuleField(StrEnum):
    """What of a product a condition looks at."""

    TITLE = "TITLE"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    TAG = "TAG"
    COLLECTION = "COLLECTION"
    SHOPIFY_CATEGORY = "SHOPIFY_CATEGORY"
    PRICE = "PRICE"
    COMPARE_AT_PRICE = "COMPARE_AT_PRICE"
    STOCK = "STOCK"
    WEIGHT = "WEIGHT"
    SKU = "SKU"
    BARCODE = "BARCODE"
    STATUS = "STATUS"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    METAFIELD = "METAFIELD"


class RuleOperator(StrEnum):
    """How it looks; upper and lower case are the same. A negative operator holds where the plain one does not."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    CONTAINS = "CONTAINS"
    NOT_CONTAINS = "NOT_CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"
    IN = "IN"
    BETWEEN = "BETWEEN"
    GREATER = "GREATER"
    LESS = "LESS"
    EXISTS = "EXISTS"
    NOT_EXISTS = "NOT_EXISTS"
    IS_OR_BELOW = "IS_OR_BELOW"


class RuleMatch(StrEnum):
    """Whether every condition must hold or one is enough."""

    ALL = "ALL"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, as a merchant wrote it; ``rule_values.understood`` reads the values.

    ``value`` for most operators, ``values`` for IN and BETWEEN (the lowest and the highest), none for EXISTS and
    NOT_EXISTS. ``key`` is a metafield's ``namespace.key``; ``unit`` that of a weight.
    """

    field: RuleField
    operator: RuleOperator
    value: str = ""
    values: tuple[str, ...] = ()
    key: str | None = None
    unit: WeightUnit | None = None


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Conditions and groups, and how they combine. An empty group takes nothing: only the default takes the rest."""

    match: RuleMatch = RuleMatch.ALL
    conditions: tuple[Condition, ...] = ()
    groups: tuple["RuleGroup", ...] = ()

    @property
    def is_empty(self) -> bool:
        """It holds for no product."""
        return not self.conditions and not self.groups

    def every_condition(self) -> Iterator[Condition]:
        """Those of the groups inside too."""
        yield from self.conditions
        for group in self.groups:
            yield from group.every_condition()
