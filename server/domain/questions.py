"""A leaf's questions to a merchant who has answered some of them: what is open, required, refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.findings import Findings
from server.domain.leaves import Leaf, LeafAttribute
from server.domain.missing import Missing, missing
from server.domain.problems import Problem
from server.domain.requirements import demand
from server.domain.template_content import AttributeChoice
from server.domain.validators.attributes import Offered, attributes

_TOLD_APART = frozenset({"ATTRIBUTE_REQUIRED", "ATTRIBUTE_NOT_CALLED_FOR"})


@dataclass(frozen=True, slots=True)
class Questions:
    """``required`` are all that must be answered with their reasons, answered or not; ``missing`` the fewest to add.

    ``forbidden`` were answered and must stay empty; ``problems`` are what is wrong with the answers themselves.
    ``matched`` are the answers as they would be sent.
    """

    required: Mapping[str, str]
    missing: tuple[Missing, ...]
    forbidden: tuple[LeafAttribute, ...]
    problems: tuple[Problem, ...]
    matched: tuple[AttributeChoice, ...]


def questions(leaf: Leaf, answers: Sequence[AttributeChoice]) -> Questions:
    """Answers may be the platform's values by id or typed texts, which are matched; sources count as answered."""
    offered, found = Offered.of(leaf.attributes), Findings()
    from_store = [one for one in answers if one.source is not None]
    sent, _ = attributes([one for one in answers if one.source is None], offered, found)
    given = {one.id: frozenset(value.id for value in one.values if value.id) for one in _known(answers, offered, sent)}
    given |= {one.id: frozenset[str]() for one in from_store if one.id in offered.by_id and one.id not in given}
    solved = demand(offered.attributes, given)
    return Questions(
        required=solved.required,
        missing=missing(offered.attributes, given),
        forbidden=tuple(one for one in offered.attributes if one.id in solved.surplus),
        problems=tuple(one for one in found.problems if one.code not in _TOLD_APART),
        matched=sent,
    )


def _known(
    answers: Sequence[AttributeChoice], offered: Offered, sent: Sequence[AttributeChoice]
) -> Sequence[AttributeChoice]:
    """As they are sent; what was left out for being uncalled for still counts as answered."""
    there = {one.id for one in sent}
    left_out = [one for one in answers if one.id in offered.by_id and one.id not in there and one.source is None]
    return [*sent, *left_out]
