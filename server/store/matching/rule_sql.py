"""Rules as SQL over rows of ``product_traits``, called ``t``: what ``domain.rule_tests`` says, for whole catalogues.

A text of its own for each shape of rules, values bound. No expression is NULL where that would make a difference: what
is unknown counts as false, and a negative operator holds where the plain one is not true.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from server.domain.rule_fields import NEGATIVE
from server.domain.rule_tests import is_collection_id
from server.domain.rule_values import BadCondition, Operand, understood
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.store.matching.bound_values import BoundValues

_O = RuleOperator
NEVER = "false"
_SEPARATOR = "\x1f"
_JOINED = "array_to_string({column}, E'\\x1f')"

_TEXTS: Mapping[RuleField, str] = {
    RuleField.TITLE: "t.title",
    RuleField.VENDOR: "t.vendor",
    RuleField.PRODUCT_TYPE: "t.product_type",
    RuleField.STATUS: "t.status",
}
_LISTS: Mapping[RuleField, str] = {
    RuleField.TAG: "t.tags",
    RuleField.COLLECTION: "t.collections",
    RuleField.SKU: "t.skus",
    RuleField.BARCODE: "t.barcodes",
}
_NUMBERS: Mapping[RuleField, str] = {
    RuleField.PRICE: "t.prices",
    RuleField.COMPARE_AT_PRICE: "t.compare_at_prices",
    RuleField.WEIGHT: "t.weights",
}
_MOMENTS: Mapping[RuleField, str] = {RuleField.CREATED: "t.created", RuleField.UPDATED: "t.updated"}


def group_sql(group: RuleGroup, values: BoundValues) -> str:
    """True for the products that the group takes."""
    parts = [_condition(one, values) for one in sorted(group.conditions, key=_cost)]
    parts += [group_sql(inner, values) for inner in group.groups]
    if not parts:
        return NEVER
    word = " AND " if group.match is RuleMatch.ALL else " OR "
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"


def _cost(condition: Condition) -> int:
    """What is looked at first: comparing two values costs a fifth of searching a list (2 and 10 ms a 100,000)."""
    if condition.field in _TEXTS or condition.field in _MOMENTS or condition.field is RuleField.STOCK:
        return 0 if condition.operator in (_O.EQUALS, _O.IN, _O.GREATER, _O.LESS) else 1
    return 3 if condition.field is RuleField.METAFIELD else 2


def _condition(condition: Condition, values: BoundValues) -> str:
    """True for the products for which the condition holds."""
    operand = understood(condition)
    if isinstance(operand, BadCondition):
        return NEVER
    plain = NEGATIVE.get(condition.operator)
    found = _plain(condition, plain or condition.operator, operand, values)
    return found if plain is None else f"({found}) IS NOT TRUE"


def _plain(condition: Condition, operator: RuleOperator, operand: Operand, values: BoundValues) -> str:
    field = condition.field
    if field in _TEXTS:
        return _text(_TEXTS[field], operator, operand.texts, values)
    if field is RuleField.COLLECTION:
        return _collection(operator, operand.texts, values)
    if field in _LISTS:
        return _list(_LISTS[field], operator, operand.texts, values)
    if field in _NUMBERS:
        return _number_list(_NUMBERS[field], operator, operand.numbers, values)
    if field is RuleField.STOCK:
        return _stock(operator, operand.numbers, values)
    if field in _MOMENTS:
        return _moment(_MOMENTS[field], operator, operand, values)
    if field is RuleField.SHOPIFY_CATEGORY:
        return _category(operator, operand.texts, values)
    return _metafield(condition.key or "", operator, operand, values)


def like(text: str, *, starts: bool = False, ends: bool = False) -> str:
    """A pattern that finds the text literally: anywhere, or only where a value starts or ends."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{'' if starts else '%'}{escaped}{'' if ends else '%'}"


def _text(column: str, operator: RuleOperator, texts: tuple[str, ...], values: BoundValues) -> str:
    match operator:
        case _O.EXISTS:
            return f"{column} <> ''"
        case _O.EQUALS:
            return f"{column} = {values.text(texts[0])}"
        case _O.IN:
            return f"{column} = ANY({values.texts(texts)})"
        case _O.STARTS_WITH:
            return f"{column} LIKE {values.text(like(texts[0], starts=True))}"
        case _O.ENDS_WITH:
            return f"{column} LIKE {values.text(like(texts[0], ends=True))}"
        case _:
            return f"{column} LIKE {values.text(like(texts[0]))}"


def _list(column: str, operator: RuleOperator, texts: tuple[str, ...], values: BoundValues) -> str:
    """Entries joined are searched at once; only where that finds something is each looked at, if need be."""
    match operator:
        case _O.EXISTS:
            return f"cardinality({column}) > 0"
        case _O.EQUALS:
            return f"{values.text(texts[0])} = ANY({column})"
        case _O.IN:
            return f"{column} && {values.texts(texts)}"
    joined = f"{_JOINED.format(column=column)} LIKE {values.text(like(texts[0]))}"
    if operator is _O.CONTAINS and _SEPARATOR not in texts[0]:
        return joined
    each = _text("entry", operator, texts, values)
    return f"({joined} AND EXISTS (SELECT FROM unnest({column}) AS entry WHERE {each}))"


def _collection(operator: RuleOperator, texts: tuple[str, ...], values: BoundValues) -> str:
    if operator is _O.EXISTS:
        return "(cardinality(t.collections) > 0 OR cardinality(t.collection_ids) > 0)"
    if operator not in (_O.EQUALS, _O.IN):
        return _list("t.collections", operator, texts, values)
    ids = tuple(one for one in texts if is_collection_id(one))
    titles = tuple(one for one in texts if not is_collection_id(one))
    parts = [_list("t.collection_ids", _few(ids), ids, values)] if ids else []
    parts += [_list("t.collections", _few(titles), titles, values)] if titles else []
    return f"({' OR '.join(parts)})"


def _few(texts: tuple[str, ...]) -> RuleOperator:
    return _O.EQUALS if len(texts) == 1 else _O.IN


def _category(operator: RuleOperator, texts: tuple[str, ...], values: BoundValues) -> str:
    match operator:
        case _O.EXISTS:
            return "t.category IS NOT NULL"
        case _O.IS_OR_BELOW:
            below = f"t.category LIKE {values.text(like(f'{texts[0]}-', starts=True))}"
            return f"(t.category = {values.text(texts[0])} OR {below})"
        case _:
            return _text("t.category", operator, texts, values)


def _figure(number: Decimal, values: BoundValues) -> str:
    return values.whole_number(int(number)) if number == number.to_integral_value() else values.number(number)


def _stock(operator: RuleOperator, numbers: tuple[Decimal, ...], values: BoundValues) -> str:
    """Whole numbers are compared as such, which is four times as fast."""
    if operator is _O.EXISTS:
        return "t.stock IS NOT NULL"
    if operator is _O.IN:
        return f"t.stock = ANY({values.numbers(numbers)})"
    low, high = (_figure(one, values) for one in (numbers[0], numbers[-1]))
    match operator:
        case _O.BETWEEN:
            return f"t.stock BETWEEN {low} AND {high}"
        case _O.GREATER:
            return f"t.stock > {low}"
        case _O.LESS:
            return f"t.stock < {low}"
        case _:
            return f"t.stock = {low}"


def _number_list(column: str, operator: RuleOperator, numbers: tuple[Decimal, ...], values: BoundValues) -> str:
    """The column is sorted: one of its numbers lies between two when more of them are below the higher."""
    match operator:
        case _O.EXISTS:
            return f"cardinality({column}) > 0"
        case _O.BETWEEN:
            low, high = (values.number(one) for one in numbers)
            return f"(width_bucket({high}, {column}) > width_bucket({low}, {column}) OR {low} = ANY({column}))"
        case _O.GREATER:
            return f"{values.number(numbers[0])} < ANY({column})"
        case _O.LESS:
            return f"{values.number(numbers[0])} > ANY({column})"
        case _O.IN:
            return f"{column} && {values.numbers(numbers)}"
        case _:
            return f"{values.number(numbers[0])} = ANY({column})"


def _moment(column: str, operator: RuleOperator, operand: Operand, values: BoundValues) -> str:
    spans = operand.spans
    match operator:
        case _O.EXISTS:
            return f"{column} IS NOT NULL"
        case _O.BETWEEN:
            return f"({column} >= {values.moment(spans[0][0])} AND {column} < {values.moment(spans[1][1])})"
        case _O.GREATER:
            return f"{column} >= {values.moment(spans[0][1])}"
        case _O.LESS:
            return f"{column} < {values.moment(spans[0][0])}"
        case _:
            return f"({column} >= {values.moment(spans[0][0])} AND {column} < {values.moment(spans[0][1])})"


_COMPARE: Mapping[RuleOperator, Callable[[tuple[Decimal, ...]], str]] = {
    _O.BETWEEN: lambda of: f"$[*] ? (@ >= {of[0]:f} && @ <= {of[1]:f})",
    _O.GREATER: lambda of: f"$[*] ? (@ > {of[0]:f})",
    _O.LESS: lambda of: f"$[*] ? (@ < {of[0]:f})",
}


def _metafield(key: str, operator: RuleOperator, operand: Operand, values: BoundValues) -> str:
    """One key of the metafields: an array of texts, in which each number stands as a number too."""
    said = f"(t.metafields -> {values.text(key)})"
    if operator is _O.EXISTS:
        return f"t.metafields ? {values.text(key)}"
    if operator in _COMPARE:
        path = values.text(_COMPARE[operator](operand.numbers))
        return f"jsonb_path_exists({said}, CAST({path} AS jsonpath))"
    if operator in (_O.EQUALS, _O.IN):
        equal = [f"{said} ?| {values.texts(operand.texts)}"]
        equal += [f"{said} @> CAST({values.text(f'{number:f}')} AS jsonb)" for number in operand.numbers]
        return f"({' OR '.join(equal)})"
    each = _text("(entry #>> '{}')", operator, operand.texts, values)
    entries = f"jsonb_array_elements({said}) AS entry"
    return f"EXISTS (SELECT FROM {entries} WHERE jsonb_typeof(entry) = 'string' AND {each})"
