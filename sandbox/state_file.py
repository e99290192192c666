"""`--state FILE`: the whole world, saved a moment after a change and loaded at the next start."""

import gzip
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import orjson

from sandbox.clock import real_seconds
from sandbox.config import BadConfig

FORMAT = 1
DEBOUNCE = 0.5
SHARE = 20  # saving may take at most one twentieth of the time
State = dict[str, object]


class Keeper:
    """Saves what `dump` answers into `path`, atomically, at most every half second and never for long."""

    def __init__(self, path: Path, dump: Callable[[], State]) -> None:
        self._path = path
        self._dump = dump
        self._changed_at: float | None = None
        self._pause = DEBOUNCE

    def touch(self) -> None:
        """Something has changed."""
        if self._changed_at is None:
            self._changed_at = real_seconds()

    def wait(self) -> float | None:
        """Real seconds until the next save is due; None if nothing changed."""
        return None if self._changed_at is None else self._changed_at + self._pause - real_seconds()

    def save_if_due(self) -> None:
        """Save, if something changed long enough ago."""
        wait = self.wait()
        if wait is not None and wait <= 0:
            self.save_now()

    def save_now(self) -> None:
        """Save, if something changed; a crash in the middle leaves the old file whole."""
        if self._changed_at is None:
            return
        started = real_seconds()
        beside = self._path.with_name(self._path.name + ".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as out:
            out.write(orjson.dumps({"format": FORMAT, **self._dump()}, option=orjson.OPT_NON_STR_KEYS))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._path)
        self._changed_at = None
        self._pause = max(DEBOUNCE, (real_seconds() - started) * SHARE)


def read_state(path: Path) -> State | None:
    """What was saved, or None if there is no file yet; raises BadConfig for a file that is none of ours."""
    if not path.exists():
        return None
    raw = path.read_bytes()
    try:
        found = orjson.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except (orjson.JSONDecodeError, OSError, EOFError):
        raise BadConfig(f"The state file {path} cannot be read. Move it away to start anew.") from None
    if not isinstance(found, Mapping) or found.get("format") != FORMAT:
        raise BadConfig(f"The state file {path} is of another version. Move it away to start anew.")
    return cast("State", found)
