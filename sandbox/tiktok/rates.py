"""The two limits of the gateway: requests per second by app and shop, and the hourly quota of development shops."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field

from sandbox.clock import real_seconds
from sandbox.settings import Settings
from sandbox.tiktok.envelope import Refusal

HOUR = 3600


@dataclass(slots=True)
class Bucket:
    """Tokens left, and when they were counted (real seconds, so that a frozen clock does not starve callers)."""

    tokens: float
    counted: float


@dataclass(slots=True)
class Rates:
    """What each app and shop used."""

    buckets: MutableMapping[str, Bucket] = field(default_factory=dict)
    hours: MutableMapping[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, settings: Settings, who: str, now: int) -> None:
        """Count one call, or refuse it with 36009002 / 36009037 and `Retry-After`."""
        if settings.tiktok_qps is not None:
            self._take_token(settings.tiktok_qps, who)
        if settings.tiktok_hourly_quota is not None:
            self._take_quota(settings.tiktok_hourly_quota, who, now)

    def _take_token(self, per_second: float, who: str) -> None:
        moment = real_seconds()
        full = max(1.0, per_second)
        bucket = self.buckets.setdefault(who, Bucket(full, moment))
        bucket.tokens = min(full, bucket.tokens + (moment - bucket.counted) * per_second)
        bucket.counted = moment
        if bucket.tokens < 1:
            wait = max(1, round((1 - bucket.tokens) / per_second)) if per_second > 0 else 60
            raise Refusal(36009002, "Too many requests, please retry later", {"retry-after": str(wait)})
        bucket.tokens -= 1

    def _take_quota(self, quota: int, who: str, now: int) -> None:
        hour = now // HOUR
        at, used = self.hours.get(who, (hour, 0))
        used = used if at == hour else 0
        if used >= quota:
            wait = str(HOUR - now % HOUR)
            raise Refusal(36009037, f"Sandbox quota of {quota} requests per hour used up", {"retry-after": wait})
        self.hours[who] = (hour, used + 1)
