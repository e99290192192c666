"""Odd products and odd rules for properties: texts that LIKE, case and Unicode treat specially, numbers at the edge."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as some

from server.domain.rule_fields import FIELDS
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.traits import Traits
from server.domain.weights import WeightUnit

_TEXTS = (
    *(
        "a",
        "A",
        "ab",
        "b%",
        "%",
        "_",
        "a_b",
        "\\",
        "\\%",
        "ß",
        "SS",
        "ẞ",
        "é",
        "e\u0301",
        "É",
        "İ",
        "ı",
        "Σς",
        "σσ",
        "ﬁ",
    ),
    *("", "  a ", "a b", "A-1", "a-1", "ab-1", "'", '"', "🙂", "a\x1fb", "\x1f", "ΐ", "ᾳ", "12", "12.50", "-3", "1e5"),
)
_IDS = tuple(f"gid://shopify/Collection/{n}" for n in (1, 2))
_CATEGORIES = ("gid://shopify/TaxonomyCategory/aa-1-2", "aa-1", "aa-11", "AA-1", "na", "hg")
_NUMBERS = ("0", "-3", "12", "12.50", "12.5", "99999999999999.9999", "0.0001", "453.59237", "1", "000", "-.5")
_DAYS = ("2026-02-28", "2026-03-01", "2026-02-28T23:30:00-01:00", "2026-03-01T00:00:00.000001Z", "2026-03-01T00:00")
_KEYS = ("custom.material", "custom.size")
_START = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
_MOMENTS = (None, *(_START + timedelta(microseconds=n) for n in (-(10**11), 0, 1, 2, 10**11)))

texts = some.sampled_from(_TEXTS)


def odd_product(random: Random) -> Traits:
    """One product; drawn without hypothesis, which takes a hundred times as long for it."""

    def few(choices: Sequence[str], most: int = 3) -> tuple[str, ...]:
        return tuple(random.choices(choices, k=random.randrange(most + 1)))

    def numbers() -> tuple[Decimal, ...]:
        return tuple(Decimal(one) for one in few(_NUMBERS))

    return Traits(
        title=random.choice(_TEXTS),
        vendor=random.choice(_TEXTS),
        product_type=random.choice(_TEXTS),
        tags=few(_TEXTS),
        collections=few(_TEXTS),
        collection_ids=few(_IDS),
        category=random.choice((None, *_CATEGORIES)),
        prices=numbers(),
        compare_at_prices=numbers(),
        stock=random.choice((None, -5, -3, 0, 1, 12, 10**12)),
        weights=numbers(),
        skus=few(_TEXTS),
        barcodes=few(_TEXTS),
        status=random.choice(("ACTIVE", "DRAFT", "ARCHIVED")),
        created=random.choice(_MOMENTS),
        updated=random.choice(_MOMENTS),
        metafields={key: few(_TEXTS + _NUMBERS) for key in few(_KEYS)},
    )


_VALUES = {
    RuleField.COLLECTION: texts | some.sampled_from(_IDS),
    RuleField.SHOPIFY_CATEGORY: some.sampled_from(_CATEGORIES),
    RuleField.STATUS: some.sampled_from(["active", "DRAFT"]),
    RuleField.CREATED: some.sampled_from(_DAYS),
    RuleField.UPDATED: some.sampled_from(_DAYS),
    RuleField.METAFIELD: texts | some.sampled_from(_NUMBERS),
} | dict.fromkeys(
    (RuleField.PRICE, RuleField.COMPARE_AT_PRICE, RuleField.STOCK, RuleField.WEIGHT), some.sampled_from(_NUMBERS)
)


@some.composite
def conditions(draw: some.DrawFn) -> Condition:
    """Mostly sound; some cannot be understood and hold for nothing."""
    field = draw(some.sampled_from(RuleField))
    operator = draw(some.sampled_from(sorted(FIELDS[field].operators)))
    values = _VALUES.get(field, texts)
    key = draw(some.sampled_from(_KEYS)) if field is RuleField.METAFIELD else None
    with_unit = field is RuleField.WEIGHT and operator not in (RuleOperator.EXISTS, RuleOperator.NOT_EXISTS)
    unit = draw(some.sampled_from(WeightUnit)) if with_unit else None
    match operator:
        case RuleOperator.EXISTS | RuleOperator.NOT_EXISTS:
            return Condition(field, operator, key=key, unit=unit)
        case RuleOperator.IN:
            return Condition(field, operator, "", tuple(draw(some.lists(values, min_size=1, max_size=3))), key, unit)
        case RuleOperator.BETWEEN:
            return Condition(field, operator, "", (draw(values), draw(values)), key, unit)
        case _:
            return Condition(field, operator, draw(values), (), key, unit)


def _group(conditions_of: some.SearchStrategy[list[Condition]]) -> some.SearchStrategy[RuleGroup]:
    return some.builds(RuleGroup, some.sampled_from(RuleMatch), conditions_of.map(tuple))


rules = some.recursive(
    _group(some.lists(conditions(), max_size=2)),
    lambda inner: some.builds(
        RuleGroup,
        some.sampled_from(RuleMatch),
        some.lists(conditions(), max_size=2).map(tuple),
        some.lists(inner, max_size=2).map(tuple),
    ),
    max_leaves=4,
)
