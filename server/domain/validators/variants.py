"""Variants and their options as the platform's sales attributes (TikTok fact sheet 3.10.1, codes 12052520-12052560)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.comparing import key_of
from server.domain.drafts import Axis
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.findings import Findings, VariantFault
from server.domain.leaves import LeafAttribute
from server.domain.market_rules import MAX_AXES, MAX_AXIS_NAME, MAX_AXIS_VALUE, MarketRules

_PATH = ("variants",)
_SAME = {"colour": "color"}


@dataclass(frozen=True, slots=True)
class SalesAttributes:
    """A leaf's variant axes and their values by comparable name; made once for a whole task."""

    axes: Mapping[str, tuple[LeafAttribute, Mapping[str, str]]]

    @classmethod
    def of(cls, offered: Sequence[LeafAttribute]) -> "SalesAttributes":
        """Those of a leaf."""
        sales = [attribute for attribute in offered if attribute.is_sales]
        return cls(
            {_axis_key(one.name): (one, {key_of(value.name): value.id for value in one.values}) for one in sales}
        )

    def axis(self, name: str, value: str, picture: str | None) -> Axis:
        """With the platform's ids where the names match; a name of the merchant's own otherwise."""
        known = self.axes.get(_axis_key(name))
        if known is None:
            return Axis(name, value, picture=picture)
        attribute, values = known
        value_id = values.get(key_of(value))
        if value_id is None and not attribute.is_customizable and values:
            return Axis(name, value, picture=picture)
        return Axis(attribute.name, value, attribute.id, value_id, picture)


def _axis_key(name: str) -> str:
    key = key_of(name)
    return _SAME.get(key, key)


def check_axes(facts: ProductFacts, variants: Sequence[VariantFacts], rules: MarketRules, found: Findings) -> None:
    """Notes what makes the variants impossible to send: too many, uneven, doubled, or named too long."""
    if not facts.variants:
        found.error("VARIANTS_MISSING", _PATH, "The product has no variant. Import it again, or add one in the store.")
        return
    if len(variants) > rules.max_skus:
        found.error(
            "VARIANTS_TOO_MANY",
            _PATH,
            f"The product has {len(variants)} variants; TikTok Shop {rules.market} takes {rules.max_skus}. "
            "Split it into several products.",
        )
    names = [tuple(name for name, _ in one.options) for one in variants]
    if any(len(one) > MAX_AXES for one in names):
        most = max(len(one) for one in names)
        found.error(
            "VARIANTS_TOO_MANY_AXES",
            _PATH,
            f"The product has {most} options; TikTok Shop takes {MAX_AXES}. Split it into several products.",
        )
    if len(set(names)) > 1:
        found.error("VARIANT_OPTIONS_UNEVEN", _PATH, "Not all variants have the same options. Mend them in the store.")
    if not facts.has_one_plain_variant:
        _check_values(variants, found)


def _check_values(variants: Sequence[VariantFacts], found: Findings) -> None:
    long, empty, twice = VariantFault("options"), VariantFault("options"), VariantFault("options")
    seen: set[tuple[str, ...]] = set()
    for one in variants:
        values = tuple(key_of(value) for _, value in one.options)
        if values in seen:
            twice.at(one)
        seen.add(values)
        if any(len(name) > MAX_AXIS_NAME or len(value) > MAX_AXIS_VALUE for name, value in one.options):
            long.at(one)
        if not all(values):
            empty.at(one)
    twice.error(found, "VARIANTS_DUPLICATE", "{variants} has the same options as another variant. Change or delete it.")
    long.error(
        found,
        "VARIANT_NAME_TOO_LONG",
        f"Option names may have {MAX_AXIS_NAME} and values {MAX_AXIS_VALUE} characters. Shorten those of {{variants}}.",
    )
    empty.error(found, "VARIANT_VALUE_EMPTY", "An option of {variants} has no value. Enter one in the store.")


def picture_axis(variants: Sequence[VariantFacts]) -> int | None:
    """The axis that can carry pictures: each of its values has one, the same in all its variants; the first such."""
    if not variants or any(one.picture_url is None for one in variants):
        return None
    for axis in range(len(variants[0].options)):
        by_value: dict[str, set[str | None]] = {}
        for one in variants:
            by_value.setdefault(one.options[axis][1], set()).add(one.picture_url)
        if all(len(urls) == 1 for urls in by_value.values()):
            return axis
    return None


def axes_of(variant: VariantFacts, sales: SalesAttributes, carrier: int | None) -> tuple[Axis, ...]:
    """One variant's options as they are sent; the picture stands on the axis ``carrier``."""
    return tuple(
        sales.axis(name.strip(), value.strip(), variant.picture_url if carrier == at else None)
        for at, (name, value) in enumerate(variant.options)
    )
