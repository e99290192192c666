"""One webhook on its way: what is sent where, what was answered, and when it is tried again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

# Seconds after the previous failure (TikTok fact sheet 4.1); then never again.
TIKTOK_RETRIES: Final = (120.0, 1_800.0, 10_800.0, 43_200.0)
# Eight growing gaps that add up to four hours (Shopify fact sheet 2.2 gives the number and the sum only).
SHOPIFY_RETRIES: Final = (60.0, 120.0, 300.0, 600.0, 1_200.0, 2_400.0, 4_320.0, 5_400.0)


class Platform(StrEnum):
    """Who sends it."""

    TIKTOK = "tiktok"
    SHOPIFY = "shopify"


RETRIES: Final[Mapping[Platform, tuple[float, ...]]] = {
    Platform.TIKTOK: TIKTOK_RETRIES,
    Platform.SHOPIFY: SHOPIFY_RETRIES,
}


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"  # queued, delayed, or between two attempts
    HELD = "held"  # kept back by a reorder rule until its window is full or everything is flushed
    SENDING = "sending"
    DELIVERED = "delivered"
    REFUSED = "refused"  # TikTok only: answered 401, which is an answer and ends the retries
    EXHAUSTED = "exhausted"  # the last retry failed
    DROPPED = "dropped"  # by a rule
    NO_TARGET = "no_target"  # nobody has given an address


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when (Unix), the HTTP status or the error, and how long the answer took."""

    at: float
    status: int | None
    error: str
    ms: float


@dataclass(slots=True)
class Delivery:
    """One webhook for one address. `lane` keeps the deliveries about one thing (a product) in order."""

    id: int
    platform: Platform
    topic: str
    shop: str
    url: str
    headers: dict[str, str]
    body: bytes
    lane: str
    queued_at: float
    due: float
    state: State = State.WAITING
    attempts: list[Attempt] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    subscription: str = ""
    listed: bool = False

    def answered(self, attempt: Attempt, *, retry_refused: bool) -> None:
        """Take the outcome of one attempt: an end state, or the time of the next try."""
        self.attempts.append(attempt)
        if self._is_taken(attempt.status):
            self.state = State.DELIVERED
        elif self.platform is Platform.TIKTOK and attempt.status == 401 and not retry_refused:
            self.state = State.REFUSED
        else:
            self._fail(attempt.at)

    def _is_taken(self, status: int | None) -> bool:
        """TikTok wants exactly 200, Shopify any 2xx; a redirect is a failure for both."""
        if status is None:
            return False
        return status == 200 if self.platform is Platform.TIKTOK else 200 <= status < 300

    def _fail(self, now: float) -> None:
        gaps = RETRIES[self.platform]
        failures = len(self.attempts)
        if failures > len(gaps):
            self.state = State.EXHAUSTED
        else:
            self.state = State.WAITING
            self.due = now + gaps[failures - 1]


def shown(delivery: Delivery) -> dict[str, object]:
    """As JSON for the control API and the state file; the body as text (it is UTF-8 unless a rule broke it)."""
    values = asdict(delivery)
    values["body"] = delivery.body.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
    return values


def restored(dumped: Mapping[str, object]) -> Delivery:
    """A delivery as `shown` wrote it; one that was being sent waits again."""
    values = dict(dumped)
    attempts = [Attempt(**one) for one in values.pop("attempts")]  # type: ignore[attr-defined]  # as `shown` wrote it
    delivery = Delivery(**values, attempts=attempts)  # type: ignore[arg-type]  # as `shown` wrote it
    delivery.body = str(values["body"]).encode()
    delivery.listed = False
    delivery.platform = Platform(delivery.platform)
    state = State(delivery.state)
    delivery.state = State.WAITING if state is State.SENDING else state
    return delivery
