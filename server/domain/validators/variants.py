"""Variants and their options as the platform's sales attributes (TikTok fact sheet 3.10.1, codes 12052520-12052560)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.comparing import key_of
from server.domain.drafts import Axis
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.findings import Findings, VariantFault
from server.domain.leaves import LeafAttribute
from server.domain.market_rules import MAX_AXES, MAX_AXIS_NAME, MAX_AXIS_VALUE, MarketRules
from server.domain.validators.variant_pictures import Carrier

_PATH = ("variants",)
_SAME = {"colour": "color"}
_NAMED = 5


@dataclass(frozen=True, slots=True)
class AxisPlan:
    """How one option of a product is sent: as the leaf's own axis with the ids of its values, or as a custom one.

    ``misfits`` are the values that the leaf's axis does not take where no custom axis can stand in.
    """

    attribute: LeafAttribute | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    misfits: tuple[str, ...] = ()

    def axis(self, name: str, value: str, picture: str | None) -> Axis:
        """One variant's place on it."""
        if self.attribute is None:
            return Axis(name, value, picture=picture)
        return Axis(self.attribute.name, value, self.attribute.id, self.values.get(key_of(value)), picture)

    def is_too_long(self, name: str, value: str) -> bool:
        """The limits are those of the merchant's own names; what goes by its id has none (TikTok fact sheet 3.10.1)."""
        if self.attribute is None:
            return len(name) > MAX_AXIS_NAME or len(value) > MAX_AXIS_VALUE
        return len(value) > MAX_AXIS_VALUE and key_of(value) not in self.values


_CUSTOM = AxisPlan()
AxisPlans = Mapping[str, AxisPlan]
"""By the option's name in the store, without blanks around it."""


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

    def plans(self, variants: Sequence[VariantFacts]) -> AxisPlans:
        """Each axis decided once for all variants, since all of them must have the same (code 12052550).

        An axis of the leaf's own name goes before one that only means the same ("Colour" for "Color").
        """
        values: dict[str, dict[str, None]] = {}
        for one in variants:
            for name, value in one.options:
                values.setdefault(name.strip(), {})[value.strip()] = None
        plans: dict[str, AxisPlan] = {}
        taken: set[str] = set()
        for name in sorted(values, key=lambda name: not self._is_named(name)):
            key = _axis_key(name)
            plans[name] = _CUSTOM if key in taken else self._plan(name, tuple(values[name]))
            taken.add(key)
        return plans

    def _plan(self, name: str, values: Sequence[str]) -> AxisPlan:
        """A value that the leaf's axis does not take makes the whole axis custom, if its name is not the leaf's own."""
        known = self.axes.get(_axis_key(name))
        if known is None:
            return _CUSTOM
        attribute, offered = known
        misfits = () if attribute.takes_text else tuple(one for one in values if one and key_of(one) not in offered)
        if misfits and not self._is_named(name):
            return _CUSTOM
        return AxisPlan(attribute, offered, misfits)

    def _is_named(self, name: str) -> bool:
        """Whether the leaf has an axis of this very name: a custom one of the same name would be that one again."""
        known = self.axes.get(_axis_key(name))
        return known is not None and key_of(known[0].name) == key_of(name)


def _axis_key(name: str) -> str:
    key = key_of(name)
    return _SAME.get(key, key)


def check_axes(
    facts: ProductFacts, variants: Sequence[VariantFacts], plans: AxisPlans, rules: MarketRules, found: Findings
) -> None:
    """Notes what makes the variants impossible to send: too many, uneven, doubled, or named in ways not taken."""
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
        _check_values(variants, plans, found)
        _check_offered(variants, plans, found)


def _check_values(variants: Sequence[VariantFacts], plans: AxisPlans, found: Findings) -> None:
    long, empty, twice = VariantFault("options"), VariantFault("options"), VariantFault("options")
    seen: set[tuple[str, ...]] = set()
    for one in variants:
        values = tuple(key_of(value) for _, value in one.options)
        if values in seen:
            twice.at(one)
        seen.add(values)
        if any(plans[name.strip()].is_too_long(name.strip(), value.strip()) for name, value in one.options):
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


def _check_offered(variants: Sequence[VariantFacts], plans: AxisPlans, found: Findings) -> None:
    """A value that the leaf's own axis does not take, one problem for each axis."""
    for name, plan in plans.items():
        if plan.attribute is None or not plan.misfits:
            continue
        fault = VariantFault("options")
        for one in variants:
            if any(said.strip() == name and value.strip() in plan.misfits for said, value in one.options):
                fault.at(one)
        offered = ", ".join(value.name for value in plan.attribute.values[:_NAMED])
        fault.error(
            found,
            "VARIANT_VALUE_UNKNOWN",
            f"“{name}” does not take {_quoted(plan.misfits)} in this category. "
            f"Rename them in the store to what it takes, such as {offered}, or give the option another name.",
        )


def _quoted(values: Sequence[str]) -> str:
    more = f" and {len(values) - _NAMED} more" if len(values) > _NAMED else ""
    return ", ".join(f"“{value[:MAX_AXIS_VALUE]}”" for value in values[:_NAMED]) + more


def axes_of(variant: VariantFacts, plans: AxisPlans, carrier: Carrier) -> tuple[Axis, ...]:
    """One variant's options as they are sent; the pictures stand on the axis of ``carrier``."""
    return tuple(
        plans[name.strip()].axis(name.strip(), value.strip(), carrier.picture(at, value))
        for at, (name, value) in enumerate(variant.options)
    )
