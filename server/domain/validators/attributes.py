"""The attributes that describe a product: required ones present, values the leaf offers, nothing uncalled for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.comparing import key_of, positive_number
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.layers import Layer
from server.domain.leaves import LeafAttribute
from server.domain.market_rules import MAX_ATTRIBUTE_TEXT
from server.domain.origins import Origin
from server.domain.problems import Remedy
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
    places = {choice.id: _place(choice.id, layers) for choice in choices}
    for choice in choices:
        if choice.id in offered.by_id:
            filled[choice.id] = _fill(choice, offered, facts, places[choice.id])
        else:
            _unknown(choice, places[choice.id], found)
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
            f"“{offered.by_id[name].name}” must stay empty because of another answer, so it was left out. "
            f"Remove it from {places[name]}.",
            Remedy.FIX_TEMPLATE,
        )
    for name in solved.missing(chosen):
        because = "; ".join((solved.required[name], *_reasons(filled.get(name))))
        found.error(
            "ATTRIBUTE_REQUIRED",
            ("attributes", name),
            f"“{offered.by_id[name].name}” is required: {because}. "
            f"Set it in {places.get(name, Layer.TEMPLATE.called)}.",
            Remedy.FIX_TEMPLATE,
        )
    sent = tuple(one for one in matched.values() if one.id not in solved.surplus)
    return sent, tuple(_told(one.id, filled[one.id], layers or {}) for one in sent)


def _place(attribute_id: str, layers: Mapping[str, Layer] | None) -> str:
    """Who says it, in words; without layers the values are somebody's answers to a question."""
    if layers is None:
        return "the answers"
    return layers.get(attribute_id, Layer.TEMPLATE).called


def _reasons(one: _Filled | None) -> tuple[str, ...]:
    return tuple(refused.why for refused in one.refused) if one is not None else ()


def _told(name: str, one: _Filled, layers: Mapping[str, Layer]) -> Provenance:
    return Provenance(f"attributes.{name}", layers.get(name, Layer.TEMPLATE), one.origin, one.detail, one.refused)


def _unknown(choice: AttributeChoice, place: str, found: Findings) -> None:
    found.warning(
        "ATTRIBUTE_UNKNOWN",
        ("attributes", choice.id),
        f"The category has no attribute {choice.id}, so it was left out. Remove it from {place}.",
        Remedy.FIX_TEMPLATE,
    )


def _fill(choice: AttributeChoice, offered: Offered, facts: ProductFacts | None, place: str) -> _Filled:
    """From the source where it has something that can be sent; else the choice's own values, as they are."""
    attribute, matcher = offered.by_id[choice.id], offered.matchers[choice.id]
    one = _Filled()
    if choice.source is None:
        _fix(one, choice.values, attribute, matcher, place)
        return one
    origin = origin_of(choice.source)
    taken = _from_store(choice, attribute, matcher, facts)
    if taken.values:
        one.values, one.origin, one.detail = taken.values, origin, choice.source.key or choice.source.field.value
        return one
    one.refused = (Refused(origin, taken.why),)
    one.origin = Origin.BACKUP
    _fix(one, choice.values, attribute, matcher, place)
    if not choice.values and not taken.was_empty:
        one.found.warning(
            taken.code,
            ("attributes", attribute.id),
            f"“{attribute.name}” was left out: {taken.why}. "
            f"Enter another value in the store, or a fallback in {place}.",
        )
    return one


@dataclass(frozen=True, slots=True)
class _Taken:
    """Values of the store that can be sent, or why there are none and whether the store has nothing at all there."""

    values: tuple[ValueChoice, ...] = ()
    why: str = ""
    was_empty: bool = False
    code: str = "ATTRIBUTE_VALUE_UNKNOWN"


def _from_store(
    choice: AttributeChoice, attribute: LeafAttribute, matcher: Matcher, facts: ProductFacts | None
) -> _Taken:
    """Of several texts those that fit are sent, where several may be."""
    if facts is None or choice.source is None:
        return _Taken(why="the store was not read", was_empty=True)
    looked = look(choice.source, facts)
    if not looked.texts:
        return _Taken(why=looked.refused, was_empty=True)
    tried = [_matched(ValueChoice(None, text), attribute, matcher) for text in looked.texts]
    values = _distinct(one for one in tried if isinstance(one, ValueChoice))
    misfit = next((one for one in tried if isinstance(one, _Misfit)), None)
    if not attribute.is_multiple and (len(values) > 1 or (misfit is not None and len(tried) > 1)):
        return _Taken(why=f"{choice.source} has {len(looked.texts)} values and one is taken")
    return _Taken(values, misfit.because, code=misfit.code) if misfit is not None else _Taken(values)


def _distinct(values: Iterable[ValueChoice]) -> tuple[ValueChoice, ...]:
    """Each value once, by id or by text: the same one twice is refused (code 12052253)."""
    found: dict[tuple[str | None, str], ValueChoice] = {}
    for one in values:
        found.setdefault((one.id, "" if one.id else key_of(one.name)), one)
    return tuple(found.values())


def _fix(one: _Filled, values: Sequence[ValueChoice], attribute: LeafAttribute, matcher: Matcher, place: str) -> None:
    path = ("attributes", attribute.id)
    kept = []
    for value in values:
        fit = _matched(value, attribute, matcher)
        if isinstance(fit, _Misfit):
            one.found.error(fit.code, path, f"In {place}: {fit.because}. {fit.advice}", Remedy.FIX_TEMPLATE)
            fit = ValueChoice(None, value.name)
        kept.append(fit)
    one.values = _distinct(kept)
    if len(one.values) > 1 and not attribute.is_multiple:
        one.found.error(
            "ATTRIBUTE_TOO_MANY_VALUES",
            path,
            f"“{attribute.name}” takes one value, and {len(one.values)} stand in {place}. Keep one.",
            Remedy.FIX_TEMPLATE,
        )


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A value that cannot be sent: why, in words that a sentence goes on from, and what to do."""

    code: str
    because: str
    advice: str


def _matched(value: ValueChoice, attribute: LeafAttribute, matcher: Matcher) -> ValueChoice | _Misfit:
    """By id; by name, also nearly the same where nothing else can be meant; as own text where that is taken (X9)."""
    if value.id is not None and value.id in matcher.ids:
        return value
    match = matcher.match(value.name) if value.name else None
    if match is not None and match.value is not None and match.is_certain:
        return ValueChoice(match.value.id, match.value.name)
    if attribute.is_number and not positive_number(value.name):
        said = f"“{attribute.name}” takes a positive number, not “{value.name[:100]}”"
        return _Misfit("ATTRIBUTE_NOT_A_NUMBER", said, "Enter digits, with a point before decimals.")
    if attribute.takes_text and len(value.name) > MAX_ATTRIBUTE_TEXT:
        said = f"“{attribute.name}” takes texts of {MAX_ATTRIBUTE_TEXT:,} characters, not of {len(value.name):,}"
        return _Misfit("ATTRIBUTE_TEXT_TOO_LONG", said, "Shorten it.")
    if attribute.takes_text and value.name:
        return ValueChoice(None, value.name)
    said = f"“{attribute.name}” does not offer “{value.name[:100] or value.id}”"
    if match is not None and match.value is not None:
        return _Misfit("ATTRIBUTE_VALUE_UNKNOWN", said, f"Did you mean “{match.value.name}”?")
    if not attribute.values:
        return _Misfit("ATTRIBUTE_VALUE_UNKNOWN", said, "Enter a text.")
    some = ", ".join(offer.name for offer in attribute.values[:5])
    return _Misfit("ATTRIBUTE_VALUE_UNKNOWN", said, f"Choose one it offers, such as {some}.")
