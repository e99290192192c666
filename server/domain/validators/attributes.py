"""The attributes that describe a product: required ones present, values the leaf offers, nothing uncalled for."""

from collections.abc import Mapping, Sequence

from server.domain.comparing import key_of, positive_number
from server.domain.findings import Findings
from server.domain.leaves import LeafAttribute
from server.domain.market_rules import MAX_ATTRIBUTE_TEXT
from server.domain.problems import Remedy
from server.domain.requirements import demand
from server.domain.template_content import AttributeChoice, ValueChoice


def attributes(
    choices: Sequence[AttributeChoice], offered: Sequence[LeafAttribute], found: Findings
) -> tuple[AttributeChoice, ...]:
    """The choices as they are sent: values matched to the platform's ids; what must not be sent left out."""
    by_id = {attribute.id: attribute for attribute in offered if not attribute.is_sales}
    faults: dict[str, Findings] = {}
    matched: dict[str, AttributeChoice] = {}
    for choice in choices:
        if _is_known(choice, by_id, found):
            own = faults[choice.id] = Findings()
            matched[choice.id] = AttributeChoice(choice.id, _values(choice, by_id[choice.id], own))
    chosen = {one.id: frozenset(value.id for value in one.values if value.id) for one in matched.values()}
    solved = demand(offered, chosen)
    for attribute_id in (one for one in matched if one not in solved.surplus):
        found.extend(faults[attribute_id].problems)
    for attribute_id in sorted(solved.surplus):
        found.warning(
            "ATTRIBUTE_NOT_CALLED_FOR",
            ("attributes", attribute_id),
            f"“{by_id[attribute_id].name}” must stay empty because of another answer, so it was left out.",
            Remedy.FIX_TEMPLATE,
        )
    for attribute_id in solved.missing(chosen):
        found.error(
            "ATTRIBUTE_REQUIRED",
            ("attributes", attribute_id),
            f"“{by_id[attribute_id].name}” is required: {solved.required[attribute_id]}. Set it in the template.",
            Remedy.FIX_TEMPLATE,
        )
    return tuple(one for one in matched.values() if one.id not in solved.surplus)


def _is_known(choice: AttributeChoice, by_id: Mapping[str, LeafAttribute], found: Findings) -> bool:
    if choice.id in by_id:
        return True
    found.warning(
        "ATTRIBUTE_UNKNOWN",
        ("attributes", choice.id),
        f"The category has no attribute {choice.id}, so it was left out. Remove it from the template.",
        Remedy.FIX_TEMPLATE,
    )
    return False


def _values(choice: AttributeChoice, attribute: LeafAttribute, found: Findings) -> tuple[ValueChoice, ...]:
    path = ("attributes", attribute.id)
    if len(choice.values) > 1 and not attribute.is_multiple:
        found.error(
            "ATTRIBUTE_TOO_MANY_VALUES",
            path,
            f"“{attribute.name}” takes one value, the template has {len(choice.values)}. Keep one.",
            Remedy.FIX_TEMPLATE,
        )
    return tuple(_value(value, attribute, path, found) for value in choice.values)


def _value(value: ValueChoice, attribute: LeafAttribute, path: tuple[str, ...], found: Findings) -> ValueChoice:
    """By id, else by name without regard to case and spaces, else as own text where the attribute takes that."""
    if value.id is not None and any(offer.id == value.id for offer in attribute.values):
        return value
    wanted = key_of(value.name)
    named = next((offer for offer in attribute.values if wanted and key_of(offer.name) == wanted), None)
    if named is not None:
        return ValueChoice(named.id, named.name)
    if attribute.is_number and not positive_number(value.name):
        found.error(
            "ATTRIBUTE_NOT_A_NUMBER",
            path,
            f"“{attribute.name}” takes a positive number, not “{value.name}”.",
            Remedy.FIX_TEMPLATE,
        )
    elif (
        not value.name or len(value.name) > MAX_ATTRIBUTE_TEXT or not (attribute.is_customizable or attribute.is_number)
    ):
        offers = ", ".join(offer.name for offer in attribute.values[:5])
        found.error(
            "ATTRIBUTE_VALUE_UNKNOWN",
            path,
            f"“{attribute.name}” does not offer “{value.name or value.id}”. Choose one it offers, such as {offers}.",
            Remedy.FIX_TEMPLATE,
        )
    return ValueChoice(None, value.name)
