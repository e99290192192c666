"""Points that callers may spend: a bucket a caller that refills by the second."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

MAXIMUM = 20_000
"""Points of a full bucket."""

RESTORE_RATE = 1_000
"""Points that come back each second."""

_MOST_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    available: float
    at: datetime


@dataclass(frozen=True, slots=True)
class ThrottleStatus:
    """What ``extensions.cost.throttleStatus`` says."""

    currently_available: int

    def to_json(self) -> dict[str, int]:
        """As Shopify spells it."""
        return {
            "maximumAvailable": MAXIMUM,
            "currentlyAvailable": self.currently_available,
            "restoreRate": RESTORE_RATE,
        }


class Buckets:
    """The buckets of one API process: the limits protect each process, so asking costs no round trip.

    The callers seen longest ago are forgotten first, which only ever gives them a full bucket.
    """

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def spend(self, caller: str, points: int, now: datetime) -> bool:
        """Take points out; false, and nothing taken, when there are too few."""
        bucket = self._filled(caller, now)
        if bucket.available < points:
            return False
        bucket.available -= points
        return True

    def give_back(self, caller: str, points: int, now: datetime) -> ThrottleStatus:
        """Put back what was reserved and not used."""
        bucket = self._filled(caller, now)
        bucket.available = min(MAXIMUM, bucket.available + points)
        return ThrottleStatus(int(bucket.available))

    def _filled(self, caller: str, now: datetime) -> _Bucket:
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = _Bucket(MAXIMUM, now)
            if len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(caller)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.available = min(MAXIMUM, bucket.available + passed * RESTORE_RATE)
        bucket.at = max(bucket.at, now)
        return bucket
