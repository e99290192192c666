"""What changed between two states of a template, as lines that people can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class TemplateAction(StrEnum):
    """What was done to a template."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed; a part that was not there before, or is not any more, is None on that side."""

    path: tuple[str, ...]
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """The form kept in rows."""
        return {"path": list(self.path), "before": self.before, "after": self.after}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Difference":
        """Read back what ``to_json`` wrote."""
        return cls(tuple(data["path"]), data["before"], data["after"])


def revised(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The values that differ, objects walked in the order of their names; lists are compared as a whole.

    Applying them to ``before`` gives ``after``, where null is as good as absent: nothing is left out or told twice.
    """
    return list(_walk((), before, after))


def _walk(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _walk((*path, name), before.get(name), after.get(name))
    elif before != after:
        yield Difference(path, before, after)
