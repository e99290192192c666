"""What the values of a condition mean: folded texts, decimal numbers, grams, spans of time. Faults name the member."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from server.domain.rule_fields import FIELDS, NEGATIVE, STATUSES, ValueKind
from server.domain.rules import MAX_VALUES, Condition, RuleOperator
from server.domain.traits import folded, number_in, taxonomy_id
from server.domain.weights import Weight

Span = tuple[datetime, datetime]
"""From a moment up to, and without, another; a single moment lasts a microsecond, as rows keep it."""

_O = RuleOperator
_WITHOUT = frozenset({_O.EXISTS, _O.NOT_EXISTS})
_SEVERAL = frozenset({_O.IN, _O.BETWEEN})
_SPANS = frozenset({_O.BETWEEN, _O.GREATER, _O.LESS})
_KEY = re.compile(r"[\w$:-]{1,255}\.[\w-]{1,64}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_YEARS = range(1900, 9999)


@dataclass(frozen=True, slots=True)
class Operand:
    """The values of one condition, in the form that fits its field; the others are empty."""

    texts: tuple[str, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class BadCondition:
    """What is wrong with a condition, and in which of its members."""

    member: str
    message: str


@lru_cache(maxsize=4096)
def understood(condition: Condition) -> Operand | BadCondition:
    """What the condition compares with. A condition that cannot be understood holds for no product."""
    rule = FIELDS[condition.field]
    if condition.operator not in rule.operators:
        allowed = ", ".join(one for one in RuleOperator if one in rule.operators)
        return BadCondition("operator", f"{condition.field} takes one of {allowed}.")
    if fault := _stray(condition, rule.kind) or _amount(condition):
        return fault
    several = condition.operator in _SEVERAL
    raws = condition.values if several else () if condition.operator in _WITHOUT else (condition.value,)
    try:
        operand = _READERS[rule.kind](condition, raws)
    except ValueError as error:
        return BadCondition("values" if several else "value", str(error))
    if condition.operator is _O.BETWEEN and not _rises(operand):
        return BadCondition("values", "The first value is the lowest, the second the highest.")
    return operand


def _stray(condition: Condition, kind: ValueKind) -> BadCondition | None:
    """A key belongs to metafields, a unit to weights that are compared; both are needed there."""
    if kind is ValueKind.METAFIELD:
        if condition.key is None or not _KEY.fullmatch(condition.key):
            return BadCondition("key", "Name the metafield as namespace.key.")
    elif condition.key is not None:
        return BadCondition("key", "Only METAFIELD has a key.")
    weighs = kind is ValueKind.WEIGHT and condition.operator not in _WITHOUT
    if weighs and condition.unit is None:
        return BadCondition("unit", "Name the unit of the weight.")
    if not weighs and condition.unit is not None:
        return BadCondition("unit", "Only the value of a WEIGHT has a unit.")
    return None


def _amount(condition: Condition) -> BadCondition | None:
    operator = condition.operator
    if operator in _SEVERAL:
        if condition.value:
            return BadCondition("value", f"{operator} takes `values`.")
        if operator is _O.BETWEEN and len(condition.values) != 2:
            return BadCondition("values", "Give two values: the lowest and the highest.")
        if not 1 <= len(condition.values) <= MAX_VALUES:
            return BadCondition("values", f"Give 1 to {MAX_VALUES} values.")
        return None
    if condition.values:
        return BadCondition("values", f"{operator} takes no list of values.")
    if operator in _WITHOUT:
        return BadCondition("value", f"{operator} takes no value.") if condition.value else None
    return None if condition.value else BadCondition("value", "This is required.")


def _rises(operand: Operand) -> bool:
    if operand.spans:
        return operand.spans[0][0] <= operand.spans[1][0]
    return operand.numbers[0] <= operand.numbers[1]


def _texts(_condition: Condition, raws: tuple[str, ...]) -> Operand:
    texts = tuple(dict.fromkeys(folded(raw) for raw in raws))
    if not all(texts):
        raise ValueError("This must be more than blanks.")
    return Operand(texts=texts)


def _categories(_condition: Condition, raws: tuple[str, ...]) -> Operand:
    found = tuple(dict.fromkeys(taxonomy_id(raw) for raw in raws))
    if not all(found):
        raise ValueError("This must be the id of a category of Shopify's taxonomy, such as aa-1-2.")
    return Operand(texts=tuple(one for one in found if one))


def _statuses(_condition: Condition, raws: tuple[str, ...]) -> Operand:
    if not all(raw.strip().upper() in STATUSES for raw in raws):
        raise ValueError(f"This must be one of {', '.join(sorted(STATUSES))}.")
    return Operand(texts=tuple(dict.fromkeys(folded(raw) for raw in raws)))


def _numbers(_condition: Condition, raws: tuple[str, ...]) -> Operand:
    return Operand(numbers=tuple(_number(raw) for raw in raws))


def _number(raw: str) -> Decimal:
    found = number_in(raw.strip())
    if found is None:
        raise ValueError("This must be a number.")
    return found


def _weights(condition: Condition, raws: tuple[str, ...]) -> Operand:
    unit = condition.unit
    return Operand(numbers=tuple(Weight(_number(raw), unit).grams for raw in raws) if unit else ())


def _moments(_condition: Condition, raws: tuple[str, ...]) -> Operand:
    return Operand(spans=tuple(_span(raw.strip()) for raw in raws))


def _span(raw: str) -> Span:
    """A day, or a moment; between years that leave room for any offset."""
    found = _parsed(raw) if _DAY.fullmatch(raw) or _MOMENT.fullmatch(raw) else None
    if found is None or found.year not in _YEARS:
        raise ValueError("This must be a day such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z.")
    start = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return start, start + (timedelta(days=1) if _DAY.fullmatch(raw) else timedelta(microseconds=1))


def _parsed(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _metafields(condition: Condition, raws: tuple[str, ...]) -> Operand:
    """Numbers for what is larger or smaller; for what is equal, texts, and numbers where all values are."""
    if condition.operator in _SPANS:
        return _numbers(condition, raws)
    texts = _texts(condition, raws).texts
    plain = NEGATIVE.get(condition.operator, condition.operator)
    numbers = [number_in(text) for text in texts] if plain in (_O.EQUALS, _O.IN) else []
    return Operand(texts=texts, numbers=tuple(one for one in numbers if one is not None))


_READERS: Mapping[ValueKind, Callable[[Condition, tuple[str, ...]], Operand]] = {
    ValueKind.TEXT: _texts,
    ValueKind.NUMBER: _numbers,
    ValueKind.WEIGHT: _weights,
    ValueKind.MOMENT: _moments,
    ValueKind.CATEGORY: _categories,
    ValueKind.STATUS: _statuses,
    ValueKind.METAFIELD: _metafields,
}
