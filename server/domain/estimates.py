"""When a task will be done: its pace, the shop's daily listing limit, and what it has to wait for (capability N15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

PROBE_AFTER = timedelta(days=7)
"""A limit learned so long ago is tried once more: new shops may list more after a while (TikTok fact sheet 5.5)."""

TRUSTED_AT_ONCE = 100
"""The smallest limit the platform gives (TikTok fact sheet 3.10.2): a shop refused earlier was filled by others too."""

_LONGEST_GAP = 60.0
"""Seconds between two ends above which the task was waiting, not working."""


@dataclass(frozen=True, slots=True)
class DailyLimit:
    """``room`` products may still be listed today, ``a_day`` on each later one; None: no limit is known."""

    room: int | None = None
    a_day: int | None = None


def learned(listed: int, before: int | None) -> bool:
    """Whether a day that ended in a refusal after ``listed`` tells the shop's limit, and not what others left of it.

    A smaller number than the platform gives is believed when the refused day before told the same.
    """
    return listed >= TRUSTED_AT_ONCE or listed == before


def next_midnight(now: datetime) -> datetime:
    """The coming midnight, UTC: the platform names no zone for its days."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def pace_of(ends: Sequence[datetime]) -> float | None:
    """Items a second from the moments at which the last ones ended, waits left out; None with fewer than two."""
    moments = sorted(ends)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    busy = [gap for gap in gaps if gap <= _LONGEST_GAP]
    if not busy or sum(busy) <= 0:
        return None
    return len(busy) / sum(busy)


def finish_at(
    now: datetime, left: int, *, per_second: float, limit: DailyLimit | None = None, waits_until: datetime | None = None
) -> datetime:
    """When ``left`` items will have ended, should nothing change.

    Work goes on from ``waits_until`` if that is later; a day takes no more than its limit, then the next one begins.
    """
    begin = max(now, waits_until or now)
    if limit is None or left <= 0:
        return begin + timedelta(seconds=left / per_second)
    room, a_day = limit.room, limit.a_day
    if begin >= next_midnight(now):
        room = a_day
    if room is None or left <= room:
        return begin + timedelta(seconds=left / per_second)
    rest, tomorrow = left - room, next_midnight(begin)
    if not a_day:
        return tomorrow + timedelta(seconds=rest / per_second)
    whole_days = (rest - 1) // a_day
    return tomorrow + timedelta(days=whole_days, seconds=(rest - whole_days * a_day) / per_second)
