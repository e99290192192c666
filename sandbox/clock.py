"""The sandbox's time: the only module that asks the real clock, so that every test can hold it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Unix seconds; runs beside the real time with an offset, or stands still.

    `listen` registers a call for every jump, so that whoever waits for a moment looks again.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen_at: float | None = None
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """Unix seconds, with fraction."""
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def unix(self) -> int:
        """Unix seconds, whole, as the platforms write them."""
        return int(self.now())

    def datetime(self) -> datetime:
        """The same moment with its time zone (UTC)."""
        return datetime.fromtimestamp(self.now(), UTC)

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Jump ahead (or back, with a negative number)."""
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds
        self._tell()

    def set(self, unix: float) -> None:
        """Jump to a moment; a frozen clock stays frozen there."""
        self.advance(unix - self.now())

    def freeze(self) -> None:
        """Stand still at the present moment."""
        self._frozen_at = self.now()
        self._tell()

    def run(self) -> None:
        """Go on from the present moment."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None
            self._tell()

    def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` after every jump, freeze and run."""
        self._listeners.append(changed)

    def dump(self) -> dict[str, object]:
        """For the state file."""
        return {"offset": self._offset, "frozen_at": self._frozen_at}

    def load(self, dumped: dict[str, object]) -> None:
        """From the state file."""
        offset, frozen = dumped.get("offset"), dumped.get("frozen_at")
        self._offset = float(offset) if isinstance(offset, int | float) else 0.0
        self._frozen_at = float(frozen) if isinstance(frozen, int | float) else None
        self._tell()

    def reset(self) -> None:
        """Back to the real time, running."""
        self.load({})

    def _tell(self) -> None:
        for changed in self._listeners:
            changed()


def real_seconds() -> float:
    """A steady real-time counter, for measuring how long an answer took."""
    return time.perf_counter()
