"""The log of every call received: the last 50,000 in full, the counters without end."""

import itertools
import re
from collections import Counter, deque
from contextvars import ContextVar
from dataclasses import dataclass, field

KEPT = 50_000
KEPT_BODY = 1_000
PLACE = re.compile(r"\[\d+\]")  # `skus[17].colour` counts as `skus[].colour`


@dataclass(slots=True)
class Call:
    """One call. Routes may fill `operation`, `shop`, `code` and `unknown_fields`; the door fills the rest.

    `request_id` is made before the routes run, the same for the same seed and order of calls: answer with it.
    `unknown_fields` are JSON paths such as `skus[0].colour` that the server was sent but does not know.
    """

    n: int
    at: float
    method: str
    path: str
    query: str = ""
    operation: str = ""
    status: int = 0
    code: int | None = None
    request_id: str = ""
    shop: str = ""
    ms: float = 0.0
    unknown_fields: list[str] = field(default_factory=list)
    body: bytes = b""
    fault: str = ""


_current: ContextVar[Call] = ContextVar("sandbox_call")


def current() -> Call:
    """The call being answered; a throw-away one outside of any (so that rules can be tested alone)."""
    call = _current.get(None)
    return call if call is not None else Call(0, 0.0, "", "")


def begin(call: Call) -> None:
    """Make `call` the current one for this request's task."""
    _current.set(call)


def report_unknown(*paths: str) -> None:
    """Say which fields of the current call's body or query the server did not know."""
    current().unknown_fields.extend(paths)


class CallLog:
    """Calls in the order they came, and counters for each operation."""

    def __init__(self) -> None:
        self.entries: deque[Call] = deque(maxlen=KEPT)
        self.by_operation: Counter[str] = Counter()
        self.by_code: Counter[tuple[str, int, int]] = Counter()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._numbers = itertools.count(1)

    @property
    def total(self) -> int:
        """How many calls were answered since the start or the last clearing."""
        return self.by_operation.total()

    def open(self, at: float, method: str, path: str) -> Call:
        """A numbered entry for a call that has just come in; it is listed once closed."""
        return Call(next(self._numbers), at, method, path)

    def close(self, call: Call) -> None:
        """List the answered call and count it; of its body only the beginning is kept, and of uploads nothing."""
        call.body = call.body[:KEPT_BODY] if call.body[:1] in (b"{", b"[") else b""
        self.entries.append(call)
        name = call.operation or _group(call)
        self.by_operation[name] += 1
        self.by_code[name, call.status, call.code if call.code is not None else -1] += 1
        for path in call.unknown_fields:
            self.unknown[name, PLACE.sub("[]", path)] += 1

    def clear(self) -> None:
        """Forget everything; number from 1 again."""
        self.entries.clear()
        for counter in (self.by_operation, self.by_code, self.unknown):
            counter.clear()
        self._numbers = itertools.count(1)


def _group(call: Call) -> str:
    """How a call without a name is counted: by method and the first two parts of its path, so that groups stay few."""
    return f"{call.method} {'/'.join(call.path.split('/')[:3])}"
