"""Whether rules hold for a product, and why. ``store.matching.rule_sql`` says the same in SQL; a test holds them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from server.domain.rule_fields import FIELDS, NEGATIVE, ValueKind
from server.domain.rule_values import BadCondition, Operand, Span, understood
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.traits import Traits, number_in

_O = RuleOperator

_TEXTS: Mapping[RuleField, Callable[[Traits], tuple[str, ...]]] = {
    RuleField.TITLE: lambda of: (of.title,) if of.title else (),
    RuleField.VENDOR: lambda of: (of.vendor,) if of.vendor else (),
    RuleField.PRODUCT_TYPE: lambda of: (of.product_type,) if of.product_type else (),
    RuleField.TAG: lambda of: of.tags,
    RuleField.SHOPIFY_CATEGORY: lambda of: (of.category,) if of.category else (),
    RuleField.SKU: lambda of: of.skus,
    RuleField.BARCODE: lambda of: of.barcodes,
    RuleField.STATUS: lambda of: (of.status,),
}
_NUMBERS: Mapping[RuleField, Callable[[Traits], tuple[Decimal, ...]]] = {
    RuleField.PRICE: lambda of: of.prices,
    RuleField.COMPARE_AT_PRICE: lambda of: of.compare_at_prices,
    RuleField.STOCK: lambda of: () if of.stock is None else (Decimal(of.stock),),
    RuleField.WEIGHT: lambda of: of.weights,
}
_COLLECTION_ID = "gid://shopify/collection/"
_SPANS = frozenset({_O.BETWEEN, _O.GREATER, _O.LESS})


def holds(group: RuleGroup, traits: Traits) -> str | None:
    """Why the group takes the product, or nothing."""
    reasons: list[str] = [wording(one) for one in group.conditions if condition_holds(one, traits)]
    inside = (holds(inner, traits) for inner in group.groups)
    reasons += [f"({because})" if " and " in because else because for because in inside if because]
    whole = len(group.conditions) + len(group.groups)
    if not reasons or (group.match is RuleMatch.ALL and len(reasons) < whole):
        return None
    return " and ".join(reasons)


def failing(group: RuleGroup, traits: Traits) -> str:
    """Why the group does not take the product: its first condition that does not hold, or that none does."""
    if group.is_empty:
        return "it has no rules"
    if group.match is RuleMatch.ANY:
        return "none of its conditions holds"
    for one in group.conditions:
        if not condition_holds(one, traits):
            return f"it is not so that {wording(one)}"
    return next((failing(inner, traits) for inner in group.groups if holds(inner, traits) is None), "")


def condition_holds(condition: Condition, traits: Traits) -> bool:
    """One condition; what cannot be understood holds for nothing."""
    operand = understood(condition)
    if isinstance(operand, BadCondition):
        return False
    positive = NEGATIVE.get(condition.operator)
    found = _found(condition, positive or condition.operator, operand, traits)
    return found if positive is None else not found


def _found(condition: Condition, operator: RuleOperator, operand: Operand, traits: Traits) -> bool:
    match FIELDS[condition.field].kind:
        case ValueKind.NUMBER | ValueKind.WEIGHT:
            return any(_number_fits(operator, one, operand.numbers) for one in _NUMBERS[condition.field](traits))
        case ValueKind.MOMENT:
            at = traits.created if condition.field is RuleField.CREATED else traits.updated
            return at is not None and _moment_fits(operator, at, operand.spans)
        case ValueKind.METAFIELD:
            return _metafield_fits(operator, traits.metafields.get(condition.key or "", ()), operand)
        case _ if condition.field is RuleField.COLLECTION:
            return _collection_fits(operator, operand.texts, traits)
        case _:
            return any(_text_fits(operator, one, operand.texts) for one in _TEXTS[condition.field](traits))


def _collection_fits(operator: RuleOperator, texts: tuple[str, ...], traits: Traits) -> bool:
    """Ids are only compared whole; titles in every way."""
    if operator is _O.EXISTS:
        return bool(traits.collections or traits.collection_ids)
    if operator in (_O.EQUALS, _O.IN):
        return any(one in (traits.collection_ids if is_collection_id(one) else traits.collections) for one in texts)
    return any(_text_fits(operator, title, texts) for title in traits.collections)


def is_collection_id(text: str) -> bool:
    """Whether a folded value is Shopify's id of a collection; anything else is a title."""
    return text.startswith(_COLLECTION_ID)


def _text_fits(operator: RuleOperator, text: str, wanted: tuple[str, ...]) -> bool:
    match operator:
        case _O.EXISTS:
            return True
        case _O.EQUALS | _O.IN:
            return text in wanted
        case _O.CONTAINS:
            return wanted[0] in text
        case _O.STARTS_WITH:
            return text.startswith(wanted[0])
        case _O.ENDS_WITH:
            return text.endswith(wanted[0])
        case _:
            return text == wanted[0] or text.startswith(f"{wanted[0]}-")


def _number_fits(operator: RuleOperator, number: Decimal, wanted: tuple[Decimal, ...]) -> bool:
    match operator:
        case _O.EXISTS:
            return True
        case _O.BETWEEN:
            return wanted[0] <= number <= wanted[1]
        case _O.GREATER:
            return number > wanted[0]
        case _O.LESS:
            return number < wanted[0]
        case _:
            return number in wanted


def _moment_fits(operator: RuleOperator, at: datetime, spans: tuple[Span, ...]) -> bool:
    """A day is compared as a whole: GREATER is after it has ended, BETWEEN takes both days in."""
    match operator:
        case _O.EXISTS:
            return True
        case _O.BETWEEN:
            return spans[0][0] <= at < spans[1][1]
        case _O.GREATER:
            return at >= spans[0][1]
        case _O.LESS:
            return at < spans[0][0]
        case _:
            return spans[0][0] <= at < spans[0][1]


def _metafield_fits(operator: RuleOperator, texts: tuple[str, ...], operand: Operand) -> bool:
    numbers = [number for text in texts if (number := number_in(text)) is not None]
    if any(_number_fits(operator, number, operand.numbers) for number in numbers if operand.numbers):
        return True
    return operator not in _SPANS and any(_text_fits(operator, text, operand.texts) for text in texts)


_WORDS: Mapping[RuleOperator, str] = {
    _O.EQUALS: "is",
    _O.NOT_EQUALS: "is not",
    _O.CONTAINS: "contains",
    _O.NOT_CONTAINS: "does not contain",
    _O.STARTS_WITH: "starts with",
    _O.ENDS_WITH: "ends with",
    _O.IN: "is one of",
    _O.BETWEEN: "is between",
    _O.GREATER: "is more than",
    _O.LESS: "is less than",
    _O.EXISTS: "exists",
    _O.NOT_EXISTS: "does not exist",
    _O.IS_OR_BELOW: "is or is below",
}
_TIMES: Mapping[RuleOperator, str] = {_O.GREATER: "is after", _O.LESS: "is before"}
_SHOWN = 5


def wording(condition: Condition) -> str:
    """The condition in words, with the values as they were written: ``vendor is “Acme”``."""
    name = "SKU" if condition.field is RuleField.SKU else condition.field.lower().replace("_", " ")
    if condition.key is not None:
        name = f"{name} {condition.key}"
    is_time = FIELDS[condition.field].kind is ValueKind.MOMENT
    word = (_TIMES if is_time else {}).get(condition.operator, _WORDS[condition.operator])
    return " ".join(part for part in (name, word, _values(condition)) if part)


def _values(condition: Condition) -> str:
    """Long lists are cut short."""
    raws = condition.values or ((condition.value,) if condition.value else ())
    shown = [f"“{raw}{f' {condition.unit.sign}' if condition.unit else ''}”" for raw in raws[:_SHOWN]]
    if len(raws) > _SHOWN:
        shown.append(f"{len(raws) - _SHOWN} more")
    return " and ".join(shown) if condition.operator is _O.BETWEEN else ", ".join(shown)
