"""Reads the fields of a control request's JSON object; whatever cannot be used is refused with its field's name."""

from collections.abc import Collection, Mapping

from sandbox.actions import BadControl
from sandbox.ripening import BadRule, parse


class Asked:
    """One JSON object; each reader takes its field out, and `finish` refuses what nobody took.

    Every reader answers None (or the given default) when the field is absent or null.
    """

    def __init__(self, given: object, under: str = "") -> None:
        if not isinstance(given, Mapping):
            raise BadControl("Send a JSON object.", under or None)
        self._left: dict[str, object] = {str(key): value for key, value in given.items()}
        self._under = f"{under}." if under else ""

    def text(self, name: str) -> str | None:
        """A non-empty string."""
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.wrong(name, "must be a non-empty text")

    def must_text(self, name: str) -> str:
        """A string that has to be there."""
        value = self.text(name)
        if value is None:
            raise self.wrong(name, "is required")
        return value

    def digits_or_text(self, name: str) -> str | None:
        """A string, or a whole number taken as its digits (`Retry-After` is either)."""
        value = self._left.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            del self._left[name]
            return str(value)
        return self.text(name)

    def number_or_text(self, name: str) -> float | str | None:
        """A number, or a string."""
        return self.text(name) if isinstance(self._left.get(name), str) else self.number(name)

    def number(self, name: str, least: float | None = None, most: float | None = None) -> float | None:
        """A number within the bounds."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(name, "must be a number")
        if (least is not None and value < least) or (most is not None and value > most):
            bounds = " and ".join(
                f"{word} {bound:g}" for word, bound in (("at least", least), ("at most", most)) if bound is not None
            )
            raise self.wrong(name, f"must be {bounds}")
        return float(value)

    def whole(self, name: str, least: int | None = None, most: int | None = None) -> int | None:
        """A whole number within the bounds."""
        value = self.number(name, least, most)
        if value is not None and value != int(value):
            raise self.wrong(name, "must be a whole number")
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self._left.pop(name, None)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(name, "must be true or false")

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """One of a closed set."""
        value = self.text(name)
        if value is not None and value not in allowed:
            raise self.wrong(name, f"is {value!r}; it must be one of {', '.join(allowed)}")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of strings; whole numbers are taken as their digits (webhook types)."""
        value = self._left.pop(name, None)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
            raise self.wrong(name, "must be a list of texts")
        return [str(one) for one in value]

    def mapping(self, name: str) -> dict[str, object]:
        """An object; absent is empty."""
        value = self._left.pop(name, None)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(name, "must be an object")
        return value

    def rule(self, name: str) -> str | None:
        """A ripening rule (`immediate`, `after 3 looks`, `after 90s`, `never`)."""
        value = self.text(name)
        if value is not None:
            try:
                parse(value)
            except BadRule as bad:
                raise BadControl(str(bad), self._under + name) from None
        return value

    def rest(self) -> dict[str, object]:
        """Everything nobody took yet."""
        left, self._left = self._left, {}
        return left

    def finish(self) -> None:
        """Refuse unknown fields by name."""
        for name in self._left:
            raise self.wrong(name, "is not known here")

    def wrong(self, name: str, what: str) -> BadControl:
        """The refusal of one field."""
        return BadControl(f"The field {self._under}{name} {what}.", self._under + name)
