"""Faults by rule: which call is hit by what. The door (`door.py`) carries them out."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from random import Random

from sandbox.actions import BadControl
from sandbox.asked import Asked
from sandbox.calls import Call
from sandbox.occasions import Occasion

HANG_SECONDS = 60.0


class FaultKind(StrEnum):
    """What a hit call meets."""

    HTTP = "http"  # an HTTP status, with `retry_after` and `body` if given
    TIKTOK = "tiktok"  # a TikTok envelope with `code` (36009002, 36009003, ...)
    THROTTLED = "throttled"  # Shopify's GraphQL answer THROTTLED
    TIMEOUT = "timeout"  # no answer for `hang_s` seconds, then the connection is dropped
    RESET = "reset"  # the connection is reset
    BROKEN_JSON = "broken_json"  # a complete HTTP answer whose body stops in the middle
    TRUNCATED = "truncated"  # the connection closes in the middle of the body
    SLOW = "slow"  # the right answer, `ms` milliseconds later


@dataclass(slots=True)
class Fault:
    """One rule. A call must fit every condition given; then `occasion` decides whether it strikes this time.

    `path` is a beginning, `pattern` a regular expression searched in the path, `operation` the call log's name.
    With `after_effect` the call really happens and only its answer is lost or replaced.
    """

    id: int
    kind: FaultKind
    path: str | None = None
    pattern: str | None = None
    operation: str | None = None
    method: str | None = None
    contains: str | None = None
    after_effect: bool = False
    status: int = 500
    code: int = 36009003
    message: str | None = None
    body: str | None = None
    retry_after: str | None = None
    ms: int = 0
    hang_s: float = HANG_SECONDS
    occasion: Occasion = field(default_factory=Occasion)

    def fits(self, call: Call) -> bool:
        """Whether the call is of the kind this rule is about."""
        return (
            (self.method is None or self.method == call.method)
            and (self.path is None or call.path.startswith(self.path))
            and (self.operation is None or self.operation == call.operation)
            and (self.pattern is None or re.search(self.pattern, call.path) is not None)
            and (self.contains is None or self.contains.encode() in call.body)
        )


def read_occasion(asked: Asked, now: float) -> Occasion:
    """The fields `first`, `every`, `skip`, `chance`, `for_s` (seconds from now) of a rule."""
    lasting = asked.number("for_s", least=0)
    return Occasion(
        first=asked.whole("first", least=1),
        every=asked.whole("every", least=1),
        skip=asked.whole("skip", least=0) or 0,
        chance=asked.number("chance", least=0, most=1),
        until=None if lasting is None else now + lasting,
    )


def read_fault(given: object, now: float) -> Fault:
    """A rule as the control API is sent it; raises BadControl naming the wrong field."""
    asked = Asked(given)
    kind = asked.choice("kind", [kind.value for kind in FaultKind])
    if kind is None:
        raise asked.wrong("kind", "is required")
    fault = Fault(0, FaultKind(kind), occasion=read_occasion(asked, now))
    for name in ("path", "operation", "contains", "message", "body"):
        setattr(fault, name, asked.text(name))
    fault.pattern = _regular_expression(asked)
    method = asked.text("method")
    fault.method = None if method is None else method.upper()
    fault.after_effect = asked.flag("after_effect")
    fault.code = asked.whole("code") or fault.code
    fault.status = asked.whole("status", least=200, most=599) or _usual_status(fault)
    fault.retry_after = asked.digits_or_text("retry_after")
    fault.ms = asked.whole("ms", least=0) or 0
    hang = asked.number("hang_s", least=0)
    fault.hang_s = HANG_SECONDS if hang is None else hang
    asked.finish()
    return fault


class Faults:
    """The rules in force; the first that fits and strikes decides."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._numbers = itertools.count(1)
        self.rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a rule in force, behind the others; gives it its id."""
        fault.id = next(self._numbers)
        self._seat(fault)
        return fault

    def remove(self, number: int) -> bool:
        """Take one rule out of force; False if there is none with this id."""
        before = len(self.rules)
        self.rules = [rule for rule in self.rules if rule.id != number]
        return len(self.rules) < before

    def choose(self, call: Call, now: float) -> Fault | None:
        """The rule that strikes this call, if any."""
        for rule in self.rules:
            if rule.fits(call) and rule.occasion.strikes(now):
                return rule
        return None

    def clear(self, seed: int | None = None) -> None:
        """No rules; numbers from 1; with another seed if given."""
        self._seed = self._seed if seed is None else seed
        self._numbers = itertools.count(1)
        self.rules = []

    def dump(self) -> list[dict[str, object]]:
        """For the state file and the control API."""
        return [shown(rule) for rule in self.rules]

    def load(self, dumped: Iterable[Mapping[str, object]]) -> None:
        """From the state file; chance goes on where it stood."""
        self.clear()
        for one in dumped:
            values = dict(one)
            occasion = Occasion(**values.pop("occasion"))  # type: ignore[arg-type]  # as `shown` wrote it
            rule = Fault(**values, occasion=occasion)  # type: ignore[arg-type]  # as `shown` wrote it
            rule.kind = FaultKind(rule.kind)
            self._seat(rule)
        self._numbers = itertools.count(max((rule.id for rule in self.rules), default=0) + 1)

    def _seat(self, fault: Fault) -> None:
        occasion = fault.occasion
        occasion.rng = Random(f"{self._seed}/fault/{fault.id}")  # noqa: S311  # repeatable runs, not secrets
        for _ in range(occasion.seen if occasion.chance is not None else 0):
            occasion.rng.random()
        self.rules.append(fault)


def shown(fault: Fault) -> dict[str, object]:
    """The rule as JSON, with how often it was seen and struck."""
    values = asdict(fault)
    del values["occasion"]["rng"]
    return values


def _usual_status(fault: Fault) -> int:
    """429 for the throttling code, 503 for plain HTTP faults, 200 for other codes (TikTok fact sheet 5.2)."""
    if fault.kind is FaultKind.TIKTOK:
        return 429 if fault.code in (36009002, 36009037) else 200
    return 503


def _regular_expression(asked: Asked) -> str | None:
    text = asked.text("pattern")
    try:
        re.compile(text or "")
    except re.error as bad:
        raise BadControl(f"The field pattern is not a regular expression: {bad}.", "pattern") from None
    return text
