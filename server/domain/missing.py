"""The smallest set of answers still missing, given partial ones, and why each is required (N12)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.domain.leaves import LeafAttribute, LeafValue
from server.domain.requirements import Chosen, demand

_MOST_LOOKS = 5_000
"""Leaves whose every answer calls for more answers are searched so far; beyond, the best found counts."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An attribute to be answered. ``options`` are those of its values that call for the fewest further answers.

    No options: a text of one's own does.
    """

    attribute: LeafAttribute
    because: str
    options: tuple[LeafValue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """One way to answer an attribute: a value, or (none) a text of one's own, which calls for nothing."""

    attribute_id: str
    value_id: str | None

    def added(self, chosen: Chosen) -> dict[str, frozenset[str]]:
        return {**chosen, self.attribute_id: frozenset({self.value_id} if self.value_id else ())}


def missing(attributes: Sequence[LeafAttribute], chosen: Chosen) -> tuple[Missing, ...]:
    """The least number of answers that completes ``chosen``, in the order in which they come to be required.

    Answers already given are not taken back; those that nothing calls for do not count (``Demand.surplus``).
    """
    solver = _Solver(attributes)
    first = set(demand(solver.attributes, chosen).missing(chosen))
    found, answered = [], dict(chosen)
    for answer in solver.best(chosen):
        attribute = solver.by_id[answer.attribute_id]
        reason = demand(solver.attributes, answered).required[attribute.id]
        if attribute.id not in first:
            reason = f"every answer above calls for more, and {reason} calls for the least"
        found.append(Missing(attribute, reason, solver.options(attribute, answered)))
        answered = answer.added(answered)
    return tuple(found)


class _Solver:
    """Tries the answers of one leaf that differ in what they call for."""

    def __init__(self, attributes: Iterable[LeafAttribute]) -> None:
        self.attributes = tuple(one for one in attributes if not one.is_sales)
        self.by_id = {one.id: one for one in self.attributes}
        self._calls: dict[tuple[str, str], frozenset[str]] = {}
        for one in self.attributes:
            for condition in one.conditions:
                key = (condition.attribute_id, condition.value_id)
                self._calls[key] = self._calls.get(key, frozenset()) | {one.id}
        self._known: dict[frozenset[tuple[str, frozenset[str]]], tuple[_Answer, ...]] = {}

    def best(self, chosen: Chosen) -> tuple[_Answer, ...]:
        """The shortest list of answers that leaves nothing missing."""
        key = frozenset(chosen.items())
        if key not in self._known:
            self._known[key] = self._search(chosen)
        return self._known[key]

    def _search(self, chosen: Chosen) -> tuple[_Answer, ...]:
        """What is missing now is missing in every completion, since answers only ever call for more."""
        open_ids = demand(self.attributes, chosen).missing(chosen)
        if not open_ids:
            return ()
        ways = self._ways(self.by_id[open_ids[0]])
        shortest: tuple[_Answer, ...] | None = None
        for way in ways if len(self._known) < _MOST_LOOKS else ways[:1]:
            rest = (way, *self.best(way.added(chosen)))
            if shortest is None or len(rest) < len(shortest):
                shortest = rest
            if len(shortest) == len(open_ids):
                break
        return shortest or ()

    def _ways(self, attribute: LeafAttribute) -> list[_Answer]:
        """Answers that differ: one that calls for all that another does, and more, is not worth trying."""
        ways: dict[frozenset[str], _Answer] = {}
        for value in attribute.values:
            ways.setdefault(self._called(attribute, value), _Answer(attribute.id, value.id))
        if attribute.takes_text:
            ways.setdefault(frozenset(), _Answer(attribute.id, None))
        least = sorted(ways, key=len)
        return [ways[called] for called in least if not any(other < called for other in least)]

    def options(self, attribute: LeafAttribute, chosen: Chosen) -> tuple[LeafValue, ...]:
        """Values after which the fewest answers remain."""
        rests = {
            called: len(self.best(_Answer(attribute.id, value.id).added(chosen)))
            for called, value in self._by_calls(attribute).items()
        }
        own = [len(self.best(_Answer(attribute.id, None).added(chosen)))] if attribute.takes_text else []
        least = min([*rests.values(), *own], default=0)
        return tuple(value for value in attribute.values if rests[self._called(attribute, value)] == least)

    def _by_calls(self, attribute: LeafAttribute) -> Mapping[frozenset[str], LeafValue]:
        return {self._called(attribute, value): value for value in attribute.values}

    def _called(self, attribute: LeafAttribute, value: LeafValue) -> frozenset[str]:
        return self._calls.get((attribute.id, value.id), frozenset())
