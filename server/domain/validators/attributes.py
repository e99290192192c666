"""The attributes that describe a product: required ones present, values the leaf offers, nothing uncalled for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.comparing import positive_number
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.layers import Layer
from server.domain.leaves import LeafAttribute
from server.domain.market_rules import MAX_ATTRIBUTE_TEXT
from server.domain.origins import Origin
from server.domain.problems import Problem, Remedy
from server.domain.provenance import Provenance, Refused
from server.domain.requirements import demand
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.value_matching import Matcher
from server.domain.value_sources import look, origin_of


@dataclass(frozen=True, slots=True)
class Offered:
    """A leaf's attributes, made ready once for all products that go there."""

    attributes: tuple[LeafAttribute, ...]
    by_id: Mapping[str, LeafAttribute]
    matchers: Mapping[str, Matcher]

    @classmethod
    def of(cls, offered: Sequence[LeafAttribute]) -> "Offered":
        """Those of a leaf; variant axes are none of ours."""
        described = tuple(one for one in offered if not one.is_sales)
        matchers = {one.id: Matcher(one.values) for one in described}
        return cls(described, {one.id: one for one in described}, matchers)


@dataclass(slots=True)
class _Filled:
    """One attribute on its way: its values, where they came from, and what is wrong with them."""

    values: tuple[ValueChoice, ...] = ()
    origin: Origin = Origin.FIXED
    detail: str = ""
    refused: tuple[Refused, ...] = ()
    found: Findings = field(default_factory=Findings)


def attributes(
    choices: Sequence[AttributeChoice],
    offered: Offered,
    found: Findings,
    *,
    facts: ProductFacts | None = None,
    layers: Mapping[str, Layer] | None = None,
) -> tuple[tuple[AttributeChoice, ...], tuple[Provenance, ...]]:
    """The choices as they are sent: values matched to the platform's ids, what must not be sent left out.

    Without ``facts`` nothing is taken from the store: sources count as empty.
    """
    filled: dict[str, _Filled] = {}
    for choice in choices:
        if choice.id in offered.by_id:
            filled[choice.id] = _fill(choice, offered, facts)
        else:
            _unknown(choice, found)
    matched = {name: AttributeChoice(name, one.values) for name, one in filled.items() if one.values}
    chosen = {one.id: frozenset(value.id for value in one.values if value.id) for one in matched.values()}
    solved = demand(offered.attributes, chosen)
    for name, one in filled.items():
        if name not in solved.surplus:
            found.extend(one.found.problems)
    for name in sorted(solved.surplus):
        found.warning(
            "ATTRIBUTE_NOT_CALLED_FOR",
            ("attributes", name),
            f"“{offered.by_id[name].name}” must stay empty because of another answer, so it was left out.",
            Remedy.FIX_TEMPLATE,
        )
    for name in solved.missing(chosen):
        because = "; ".join((solved.required[name], *_reasons(filled.get(name))))
        found.error(
            "ATTRIBUTE_REQUIRED",
            ("attributes", name),
            f"“{offered.by_id[name].name}” is required: {because}. Set it in the template.",
            Remedy.FIX_TEMPLATE,
        )
    sent = tuple(one for one in matched.values() if one.id not in solved.surplus)
    return sent, tuple(_told(one.id, filled[one.id], layers or {}) for one in sent)


def _reasons(one: _Filled | None) -> tuple[str, ...]:
    return tuple(refused.why for refused in one.refused) if one is not None else ()


def _told(name: str, one: _Filled, layers: Mapping[str, Layer]) -> Provenance:
    return Provenance(f"attributes.{name}", layers.get(name, Layer.TEMPLATE), one.origin, one.detail, one.refused)


def _unknown(choice: AttributeChoice, found: Findings) -> None:
    found.warning(
        "ATTRIBUTE_UNKNOWN",
        ("attributes", choice.id),
        f"The category has no attribute {choice.id}, so it was left out. Remove it from the template.",
        Remedy.FIX_TEMPLATE,
    )


def _fill(choice: AttributeChoice, offered: Offered, facts: ProductFacts | None) -> _Filled:
    """From the source where it has something that can be sent; else the choice's own values, as they are."""
    attribute, matcher = offered.by_id[choice.id], offered.matchers[choice.id]
    one = _Filled()
    if choice.source is None:
        _fix(one, choice.values, attribute, matcher)
        return one
    origin = origin_of(choice.source)
    values, why, was_empty = _from_store(choice, attribute, matcher, facts)
    if values:
        one.values, one.origin, one.detail = values, origin, choice.source.key or choice.source.field.value
        return one
    one.refused = (Refused(origin, why),)
    one.origin = Origin.BACKUP
    _fix(one, choice.values, attribute, matcher)
    if not choice.values and not was_empty:
        one.found.warning(
            "ATTRIBUTE_VALUE_UNKNOWN",
            ("attributes", attribute.id),
            f"“{attribute.name}” was left out: {why}. Enter another value in the store, or a fallback in the template.",
        )
    return one


def _from_store(
    choice: AttributeChoice, attribute: LeafAttribute, matcher: Matcher, facts: ProductFacts | None
) -> tuple[tuple[ValueChoice, ...], str, bool]:
    """Values that can be sent, or why there are none and whether the store has nothing at all there.

    Of several texts those that fit are sent, where several may be.
    """
    if facts is None or choice.source is None:
        return (), "the store was not read", True
    looked = look(choice.source, facts)
    if not looked.texts:
        return (), looked.refused, True
    if len(looked.texts) > 1 and not attribute.is_multiple:
        return (), f"{choice.source} has {len(looked.texts)} values and one is taken", False
    tried = [_matched(ValueChoice(None, text), attribute, matcher) for text in looked.texts]
    values = tuple(dict.fromkeys(one for one in tried if isinstance(one, ValueChoice)))
    return values, next((one.because for one in tried if isinstance(one, _Misfit)), ""), False


def _fix(one: _Filled, values: Sequence[ValueChoice], attribute: LeafAttribute, matcher: Matcher) -> None:
    path = ("attributes", attribute.id)
    if len(values) > 1 and not attribute.is_multiple:
        one.found.error(
            "ATTRIBUTE_TOO_MANY_VALUES",
            path,
            f"“{attribute.name}” takes one value, the template has {len(values)}. Keep one.",
            Remedy.FIX_TEMPLATE,
        )
    kept = []
    for value in values:
        fit = _matched(value, attribute, matcher)
        if isinstance(fit, _Misfit):
            one.found.extend([fit.problem])
            fit = ValueChoice(None, value.name)
        kept.append(fit)
    one.values = tuple(dict.fromkeys(kept))


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A value that cannot be sent, told to whoever edits a template and in short."""

    problem: Problem
    because: str


def _matched(value: ValueChoice, attribute: LeafAttribute, matcher: Matcher) -> ValueChoice | _Misfit:
    """By id; by name, also nearly the same where nothing else can be meant; as own text where that is taken (X9)."""
    path = ("attributes", attribute.id)
    if value.id is not None and value.id in matcher.ids:
        return value
    match = matcher.match(value.name) if value.name else None
    if match is not None and match.value is not None and match.is_certain:
        return ValueChoice(match.value.id, match.value.name)
    if attribute.is_number and not positive_number(value.name):
        text = f"“{attribute.name}” takes a positive number, not “{value.name}”"
        return _Misfit(Problem("ATTRIBUTE_NOT_A_NUMBER", path, f"{text}.", remedy=Remedy.FIX_TEMPLATE), text)
    free = attribute.is_customizable or attribute.is_number
    if free and value.name and len(value.name) <= MAX_ATTRIBUTE_TEXT:
        return ValueChoice(None, value.name)
    said = f"“{attribute.name}” does not offer “{value.name[:100] or value.id}”"
    if match is not None and match.value is not None:
        advice = f"Did you mean “{match.value.name}”?"
    else:
        advice = f"Choose one it offers, such as {', '.join(offer.name for offer in attribute.values[:5])}."
    return _Misfit(Problem("ATTRIBUTE_VALUE_UNKNOWN", path, f"{said}. {advice}", remedy=Remedy.FIX_TEMPLATE), said)
