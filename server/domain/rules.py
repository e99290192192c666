"""Rules: which products a category template takes."""

from dataclasses import dataclass
from enum import StrEnum


class RuleField(StrEnum):
    """What of a product a condition looks at."""

    TITLE = "TITLE"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    TAG = "TAG"


class RuleOperator(StrEnum):
    """How it looks; upper and lower case are the same."""

    EQUALS = "EQUALS"
    CONTAINS = "CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"


class RuleMatch(StrEnum):
    """Whether every condition must hold or one is enough."""

    ALL = "ALL"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; of several tags it is enough that one fits."""

    field: RuleField
    operator: RuleOperator
    value: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Conditions and how they combine. A group without conditions takes nothing: only the default takes the rest."""

    match: RuleMatch = RuleMatch.ALL
    conditions: tuple[Condition, ...] = ()
