"""What the embedded PostgreSQL and Redis have in common: one server per folder, restarted, killed, stopped, wiped."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from cli.embedded import places
from cli.guarded import Guarded


@dataclass(slots=True)
class EmbeddedServer(ABC):
    """One server and its data folder. A subclass says how it starts."""

    NAME: ClassVar[str]
    LEFTOVER: ClassVar[Sequence[tuple[signal.Signals, float]]]
    """How a leftover of a killed run is ended: signals and the seconds each is given."""

    folder: Path
    log: Path
    temporary: bool = field(default=False, kw_only=True)
    sockets: Path | None = field(default=None, kw_only=True)
    _running: Guarded | None = field(default=None, repr=False, kw_only=True)
    _lock: IO[str] | None = field(default=None, repr=False, kw_only=True)

    @abstractmethod
    def start(self) -> None:
        """Make what is missing, end a leftover of a killed run, start, wait until it answers. Raises CannotRun."""

    @abstractmethod
    def _serve(self) -> None:
        """Run the server in its folder and wait until it answers."""

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process().pid

    def restart(self) -> None:
        """Stop and serve the same data at the same address."""
        self._process().stop()
        self._serve()

    def kill(self) -> None:
        """SIGKILL to all of its processes, as a crash would; `restart` brings it back with what it had kept."""
        self._process().kill()
        places.end_processes_in(self.folder, ((signal.SIGKILL, 10.0),))

    def stop(self) -> None:
        """Stop in order and free the socket folder; data stays unless `temporary`. May be called twice."""
        if self._running is not None:
            self._running.stop()
            self._running = None
        if self.sockets is not None:
            places.remove(self.sockets)
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self.temporary:
            places.remove(self.folder.parent)

    def wipe(self) -> None:
        """Remove the data of a stopped server, after ending a leftover."""
        with self._held():
            places.end_processes_in(self.folder, self.LEFTOVER)
            places.remove(self.folder)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _hold(self) -> None:
        """Keep others off the folder until `stop`."""
        self._lock = self._held()

    def _held(self) -> IO[str]:
        sentence = f"Another Leafmark is running on {self.folder}: stop it, or choose another folder with --data."
        return places.hold(self.folder.with_suffix(".lock"), sentence)

    def _process(self) -> Guarded:
        if self._running is None:
            raise RuntimeError(f"{self.NAME} has not been started")
        return self._running
