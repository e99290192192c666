"""A catalogue and templates as shops have them; the same seed gives the same every time.

A few hundred vendors and types, tags that many share, one to three conditions a template.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.template_content import TemplateContent
from server.domain.templates import Template, Traits
from server.domain.weights import WeightUnit

F, Op = RuleField, RuleOperator
_ADJECTIVES = [
    "linen",
    "ceramic",
    "walnut",
    "vegan",
    "travel",
    "mini",
    "classic",
    "organic",
    "matte",
    "glass",
    "cotton",
    "steel",
    "garden",
    "velvet",
]
_THINGS = [
    "mug",
    "lamp",
    "shirt",
    "candle",
    "serum",
    "pan",
    "blanket",
    "poster",
    "kettle",
    "sandal",
    "backpack",
    "clock",
    "towel",
    "bowl",
    "vase",
    "ring",
]
_STARTS, _ENDS = ["ka", "lo", "mi", "su", "re", "ta", "no", "vi"], ["ran", "sel", "dor", "pin", "mat", "lux"]
_MORE = [f"{a}{b}" for a in _STARTS for b in _ENDS]
_START = datetime(2024, 1, 1, tzinfo=UTC)
VENDORS = [f"{word.title()} & Co" for word in _MORE] + [f"{word} studio" for word in _THINGS]
TYPES = [f"{a} {b}".title() for a in _ADJECTIVES for b in _THINGS]
TAGS = [*_ADJECTIVES, *_THINGS, *_MORE, "sale", "new", "gift", "summer", "winter"]
COLLECTIONS = [f"{word} edit" for word in [*_ADJECTIVES, *_MORE]]
CATEGORIES = [f"{top}-{a}-{b}-{c}" for top in ("aa", "hg", "hb") for a in range(6) for b in range(6) for c in range(4)]


def products(amount: int, seed: int = 1) -> Iterator[Traits]:
    """Products with one to four variants."""
    random = Random(seed)
    for number in range(amount):
        kind = random.choice(TYPES)
        price = Decimal(random.randrange(300, 25_000)) / 100
        variants = random.choice((1, 1, 1, 2, 3, 4))
        yield Traits(
            title=f"{random.choice(_MORE)} {kind} {random.choice(_ADJECTIVES)} No. {number}",
            vendor=random.choice(VENDORS),
            product_type=kind,
            tags=tuple(random.sample(TAGS, random.randrange(1, 7))),
            collections=tuple(random.sample(COLLECTIONS, random.randrange(0, 4))),
            category=random.choice(CATEGORIES),
            prices=tuple(price + step for step in range(variants)),
            stock=random.randrange(-3, 400),
            weights=(Decimal(random.randrange(20, 9_000)),),
            skus=tuple(f"SKU-{number}-{step}" for step in range(variants)),
            created=_START + timedelta(minutes=7 * number),
            updated=_START + timedelta(days=400, minutes=number),
            metafields={"custom.material": (random.choice(_ADJECTIVES),)},
        )


def templates(amount: int, seed: int = 2) -> list[Template]:
    """So many templates, the last of them the default."""
    random = Random(seed)
    made = [
        Template(
            UUID(int=number), f"Template {number}", None, rank=number, content=TemplateContent(rules=_rules(random))
        )
        for number in range(1, amount)
    ]
    return [*made, Template(UUID(int=amount), "The rest", None, is_default=True)]


def _rules(random: Random) -> RuleGroup:
    """The kinds in the shares that merchants' rules have: most name a type, a vendor, a tag, a category."""
    low = random.randrange(5, 200)
    price = Condition(F.PRICE, Op.BETWEEN, values=(str(low), str(low + 25)))
    kind = Condition(F.PRODUCT_TYPE, Op.EQUALS, random.choice(TYPES))
    vendor = Condition(F.VENDOR, Op.EQUALS, random.choice(VENDORS))
    tags = tuple(Condition(F.TAG, Op.EQUALS, tag) for tag in random.sample(TAGS, 2))
    title = Condition(F.TITLE, Op.CONTAINS, random.choice([*_MORE, *_THINGS]))
    stocked = Condition(F.STOCK, Op.GREATER, "0")
    choices: tuple[tuple[int, RuleGroup], ...] = (
        (30, RuleGroup(RuleMatch.ALL, (kind,))),
        (15, RuleGroup(RuleMatch.ALL, (vendor, price))),
        (15, RuleGroup(RuleMatch.ALL, (*tags, stocked))),
        (10, RuleGroup(RuleMatch.ANY, (kind, *tags[:1]))),
        (8, RuleGroup(RuleMatch.ALL, (Condition(F.SHOPIFY_CATEGORY, Op.IS_OR_BELOW, random.choice(CATEGORIES)[:6]),))),
        (7, RuleGroup(RuleMatch.ALL, (Condition(F.COLLECTION, Op.EQUALS, random.choice(COLLECTIONS)), price))),
        (8, RuleGroup(RuleMatch.ALL, (title, price))),
        (4, RuleGroup(RuleMatch.ALL, (stocked,), (RuleGroup(RuleMatch.ANY, (vendor, *tags)),))),
        (2, RuleGroup(RuleMatch.ALL, (price, Condition(F.WEIGHT, Op.LESS, "0.5", unit=WeightUnit.KILOGRAM)))),
        (1, RuleGroup(RuleMatch.ALL, (Condition(F.METAFIELD, Op.EQUALS, "vegan", key="custom.material"),))),
    )
    return random.choices([rules for _, rules in choices], [weight for weight, _ in choices])[0]
