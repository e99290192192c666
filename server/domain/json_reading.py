"""Reads JSON that people or programs sent, keeping going after a fault so that all are told with their paths."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
Faults = list[tuple[tuple[str, ...], str]]

_LONGEST = 255
_MOST_ENTRIES = 500
_DIGITS = 12


class Reading:
    """One JSON object at its path. A faulty field is noted in ``faults`` and read as its default."""

    def __init__(self, data: object, path: tuple[str, ...], faults: Faults) -> None:
        self._path = path
        self._faults = faults
        self._data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self._seen: set[str] = set()
        if not isinstance(data, Mapping):
            faults.append((path, "This must be an object."))

    def fault(self, name: str, message: str, *, within: tuple[str, ...] = ()) -> None:
        """Note what is wrong with one field, or with one ``within`` a part of this object."""
        self._faults.append(((*self._path, *within, name), message))

    @property
    def faults_so_far(self) -> int:
        """How many faults were noted up to now, here and elsewhere."""
        return len(self._faults)

    def refuse_unknown(self) -> None:
        """Call when all fields were read: what is left over is a mistake of the sender."""
        for name in self._data.keys() - self._seen:
            self.fault(str(name), "There is no such field.")

    def child(self, name: str) -> "Reading":
        """An object; absent or null means an empty one."""
        value = self._take(name)
        return Reading({} if value is None else value, (*self._path, name), self._faults)

    def optional_child(self, name: str) -> "Reading | None":
        """An object, or nothing."""
        value = self._take(name)
        return None if value is None else Reading(value, (*self._path, name), self._faults)

    def children(self, name: str) -> list["Reading"]:
        """A list of objects; absent means none."""
        return [Reading(one, (*self._path, name, str(at)), self._faults) for at, one in enumerate(self._list(name))]

    def texts(self, name: str, *, longest: int = _LONGEST) -> tuple[str, ...]:
        """A list of short texts; absent means none."""
        found = self._list(name)
        if all(isinstance(one, str) and 0 < len(one) <= longest and "\0" not in one for one in found):
            return tuple(found)
        self.fault(name, f"This must be a list of texts of 1 to {longest} characters.")
        return ()

    def text(self, name: str, *, longest: int = _LONGEST) -> str:
        """A text that must be there."""
        found = self.optional_text(name, longest=longest)
        if found is None and not self._is_faulty(name):
            self.fault(name, "This is required.")
        return found or ""

    def optional_text(self, name: str, *, longest: int = _LONGEST) -> str | None:
        """A text or nothing; an empty one counts as nothing."""
        value = self._take(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and len(value) <= longest and "\0" not in value:
            return value
        self.fault(name, f"This must be a text of at most {longest} characters.")
        return None

    def flag(self, name: str) -> bool:
        """True or false; absent means false."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(name, "This must be true or false.")
        return False

    def choice(self, name: str, kind: type[Choice], default: Choice | None) -> Choice:
        """One of a closed set; without a default it must be there."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            self.fault(name, f"This must be one of {', '.join(kind)}.")
            return default or next(iter(kind))

    def number(
        self,
        name: str,
        *,
        default: int | None = None,
        above: int | None = None,
        least: int | None = None,
        most: int | None = None,
    ) -> Decimal:
        """A decimal number, as text or as a JSON number; without a default it must be there."""
        found = self.optional_number(name, above=above, least=least, most=most)
        if found is None and default is None and not self._is_faulty(name):
            self.fault(name, "This is required.")
        return Decimal(default or 0) if found is None else found

    def optional_number(
        self, name: str, *, above: int | None = None, least: int | None = None, most: int | None = None
    ) -> Decimal | None:
        """A decimal number or nothing."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = Decimal(str(value)) if not isinstance(value, bool) else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or found.adjusted() > _DIGITS or found.adjusted() < -_DIGITS:
            self.fault(name, "This must be a number.")
            return None
        if (above is not None and found <= above) or (least is not None and found < least):
            self.fault(name, f"This must be more than {above}." if above is not None else f"At least {least}.")
            return None
        if most is not None and found > most:
            self.fault(name, f"This must be at most {most}.")
            return None
        return found

    def whole(self, name: str, *, default: int, least: int, most: int = 10**9) -> int:
        """A whole number; absent means the default."""
        found = self.optional_whole(name, least=least, most=most)
        return default if found is None else found

    def optional_whole(self, name: str, *, least: int, most: int = 10**12) -> int | None:
        """A whole number or nothing."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(name, f"This must be a whole number from {least} to {most}.")
        return None

    def _take(self, name: str) -> Any:
        self._seen.add(name)
        return self._data.get(name)

    def _list(self, name: str) -> list[Any]:
        value = self._take(name)
        if value is None:
            return []
        if isinstance(value, list) and len(value) <= _MOST_ENTRIES:
            return value
        self.fault(name, f"This must be a list of at most {_MOST_ENTRIES} entries.")
        return []

    def _is_faulty(self, name: str) -> bool:
        return any(path == (*self._path, name) for path, _ in self._faults)
