"""Typed reading of a JSON object. It remembers which names were asked for, so the rest can be reported as unknown."""

import re
from collections.abc import Mapping

import orjson

from sandbox.tiktok.envelope import Refusal, bad_parameter

WHOLE = re.compile(r"-?\d{1,19}")
BODY_FORMAT = 36009022


class Fields:
    """One JSON object of a request. Absent and null are the same; a wrong type is 36009004."""

    __slots__ = ("_asked", "_children", "path", "raw")

    def __init__(self, raw: Mapping[str, object], path: str = "") -> None:
        self.raw = raw
        self.path = path
        self._asked: set[str] = set()
        self._children: list[Fields] = []

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None

    def value(self, name: str) -> object:
        """The value as it came, or None."""
        self._asked.add(name)
        return self.raw.get(name)

    def text(self, name: str) -> str | None:
        """A string; numbers are taken as their digits, as the platform's decoder does."""
        found = self.value(name)
        if found is None or isinstance(found, str):
            return found
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
        raise self._wrong(name, "string")

    def whole(self, name: str) -> int | None:
        """An integer, or a string of digits."""
        found = self.value(name)
        if found is None or (isinstance(found, int) and not isinstance(found, bool)):
            return found
        if isinstance(found, str) and WHOLE.fullmatch(found):
            return int(found)
        if isinstance(found, float) and found.is_integer():
            return int(found)
        raise self._wrong(name, "int")

    def flag(self, name: str) -> bool | None:
        """A boolean, or its text."""
        found = self.value(name)
        if found is None or isinstance(found, bool):
            return found
        if found in ("true", "false"):
            return found == "true"
        raise self._wrong(name, "bool")

    def texts(self, name: str) -> list[str] | None:
        """A list of strings."""
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, list) or not all(isinstance(one, str | int) and one is not True for one in found):
            raise self._wrong(name, "string array")
        return [str(one) for one in found]

    def child(self, name: str) -> "Fields | None":
        """A nested object."""
        found = self.value(name)
        return None if found is None else self._nested(found, name, f"{self.path}{name}.")

    def children(self, name: str) -> "list[Fields] | None":
        """A list of nested objects."""
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, list):
            raise self._wrong(name, "array")
        return [self._nested(one, name, f"{self.path}{name}[].") for one in found]

    def unknown(self) -> list[str]:
        """Every path that nobody asked for, once, sorted: `skus[].colour`."""
        mine = {self.path + name for name in self.raw if name not in self._asked}
        return sorted(mine.union(*(child.unknown() for child in self._children)))

    def _nested(self, found: object, name: str, path: str) -> "Fields":
        if not isinstance(found, dict):
            raise self._wrong(name, "object")
        child = Fields(found, path)
        self._children.append(child)
        return child

    def _wrong(self, name: str, wanted: str) -> Refusal:
        return bad_parameter(f"Invalid parameter: {self.path}{name} must be of type {wanted}")


def parse(raw: bytes) -> Fields:
    """A request body; no body is an empty object; anything but an object is 36009022."""
    if not raw.strip():
        return Fields({})
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refusal(BODY_FORMAT, f"Invalid request body format: {error}") from None
    if not isinstance(found, dict):
        raise Refusal(BODY_FORMAT, "Invalid request body format: a JSON object is required")
    return Fields(found)
