"""Slow transitions: what was begun comes true at once, after some looks, after some time, or only when told."""

import heapq
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import cast

from sandbox.clock import Clock

UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
LOOKS = re.compile(r"after (\d+) looks?")
TIME = re.compile(r"after (\d+(?:\.\d+)?) ?(s|m|min|h|d)")

Data = dict[str, object]
Handler = Callable[[str, Data], None]


class BadRule(ValueError):
    """A text that is no ripening rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something takes: `looks` reads, `seconds`, both 0 for at once, or never by itself."""

    looks: int = 0
    seconds: float = 0.0
    never: bool = False


def parse(text: str) -> Rule:
    """Read `immediate`, `after 3 looks`, `after 90s` (s, m, h, d) or `never`."""
    words = text.strip().lower()
    if words == "immediate":
        return Rule()
    if words == "never":
        return Rule(never=True)
    if found := LOOKS.fullmatch(words):
        return Rule(looks=int(found[1]))
    if found := TIME.fullmatch(words):
        return Rule(seconds=float(found[1]) * UNITS[found[2]])
    raise BadRule(f"{text!r} is not `immediate`, `after N looks`, `after 90s` (s, m, h, d) or `never`.")


@dataclass(slots=True)
class Entry:
    """One thing that ripens; `due` is a Unix time, `looks` counts down, both unset: only `fire` brings it about."""

    number: int
    kind: str
    key: str
    data: Data = field(default_factory=dict)
    due: float | None = None
    looks: int | None = None


class Ripening:
    """Everything that is still on its way. A second `schedule` of the same kind and key replaces the first.

    Owners register `on(kind, handler)` once at start; the handler is called as `handler(key, data)`. `immediate` comes
    true at the next `tick`, which the door calls after each answer has been made (and before each request), so an
    answer still shows the state before it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._handlers: dict[str, Handler] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self._heap: list[tuple[float, int, tuple[str, str]]] = []
        self._ready: deque[tuple[int, tuple[str, str]]] = deque()
        self.fired = 0

    def on(self, kind: str, handler: Handler) -> None:
        """Say what happens when something of `kind` is ripe."""
        self._handlers[kind] = handler

    def schedule(self, kind: str, key: str, rule: str, data: Data | None = None) -> None:
        """Begin a transition; `data` must be JSON-serializable, since the state file keeps it."""
        taken = parse(rule)
        entry = Entry(next(self._numbers), kind, key, data or {})
        if taken.looks:
            entry.looks = taken.looks
        elif not taken.never:
            entry.due = self._clock.now() + taken.seconds
        self._put(entry, at_once=not (taken.looks or taken.seconds or taken.never))

    def look(self, kind: str, key: str) -> None:
        """A read has looked at it; the look that completes the count sees it ripe already."""
        entry = self._entries.get((kind, key))
        if entry is None or entry.looks is None:
            return
        entry.looks -= 1
        if entry.looks <= 0:
            self._fire(entry)

    def fire(self, kind: str, key: str) -> bool:
        """Bring it about now, whatever its rule; False if nothing was on its way."""
        entry = self._entries.get((kind, key))
        if entry is not None:
            self._fire(entry)
        return entry is not None

    def cancel(self, kind: str, key: str) -> bool:
        """Forget it; False if nothing was on its way."""
        return self._entries.pop((kind, key), None) is not None

    def pending(self, kind: str, key: str) -> bool:
        """Whether it is still on its way."""
        return (kind, key) in self._entries

    def count(self, kind: str) -> int:
        """How many of a kind are on their way."""
        return sum(1 for of, _ in self._entries if of == kind)

    def tick(self) -> None:
        """Bring about everything that is ripe by now, oldest first."""
        while self._ready:
            number, name = self._ready.popleft()
            self._fire_if_same(number, name)
        if not self._heap:
            return
        now = self._clock.now()
        while self._heap and self._heap[0][0] <= now:
            _, number, name = heapq.heappop(self._heap)
            self._fire_if_same(number, name)

    def next_due(self) -> float | None:
        """The Unix time of the next transition by time, if any."""
        return self._heap[0][0] if self._heap else None

    def clear(self) -> None:
        """Forget everything on its way; handlers stay."""
        self._entries.clear()
        self._heap.clear()
        self._ready.clear()

    def dump(self) -> list[Data]:
        """For the state file."""
        return [asdict(entry) for entry in self._entries.values()]

    def load(self, dumped: Iterable[Mapping[str, object]]) -> None:
        """From the state file; numbers are given anew in the same order."""
        self.clear()
        for one in dumped:
            entry = Entry(next(self._numbers), str(one["kind"]), str(one["key"]), cast("Data", one["data"]))
            entry.due = cast("float | None", one["due"])
            entry.looks = cast("int | None", one["looks"])
            self._put(entry)

    def _put(self, entry: Entry, *, at_once: bool = False) -> None:
        name = (entry.kind, entry.key)
        self._entries[name] = entry
        if at_once:
            self._ready.append((entry.number, name))
        elif entry.due is not None:
            heapq.heappush(self._heap, (entry.due, entry.number, name))

    def _fire_if_same(self, number: int, name: tuple[str, str]) -> None:
        """Old queue places of replaced or cancelled entries are passed over."""
        entry = self._entries.get(name)
        if entry is not None and entry.number == number:
            self._fire(entry)

    def _fire(self, entry: Entry) -> None:
        del self._entries[entry.kind, entry.key]
        self.fired += 1
        handler = self._handlers.get(entry.kind)
        if handler is not None:
            handler(entry.key, entry.data)
