"""When a failed call is repeated right away, and how long to wait before: never a write that may have worked."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import anyio

from server.clients.errors import Upstream, UpstreamKind

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


class Effect(StrEnum):
    """What a second copy of the same call would do."""

    READ = "READ"
    REPEATABLE = "REPEATABLE"
    """A write that ends the same however often it is sent: price, inventory, deactivate, uploads."""
    ONCE = "ONCE"
    """A write that must not be sent again before asking whether it worked."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits of ``base * 2**n`` seconds plus up to a quarter of jitter (TikTok fact sheet 5.5), within ``patience``.

    ``patience`` is the longest single wait a caller's slot is held; longer ones go back with ``retry_after`` set.
    """

    attempts: int = 4
    base: float = 0.5
    patience: float = 8.0
    sleep: Sleep = anyio.sleep

    def wait(self, error: Upstream, effect: Effect, attempt: int) -> float | None:
        """Seconds before the next attempt (the first is 1), or nothing when it is not ours to repeat."""
        if attempt >= self.attempts or error.kind is not UpstreamKind.RETRYABLE:
            return None
        if error.outcome_unknown and effect is Effect.ONCE:
            return None
        backoff = self.base * 2 ** (attempt - 1)
        wait = max(backoff, error.retry_after or 0.0) + random.uniform(0, backoff / 4)  # noqa: S311 - jitter, no secret
        return wait if wait <= self.patience else None


async def repeated(policy: RetryPolicy, effect: Effect, once: Callable[[], Awaitable[T]]) -> T:
    """``once``, again and again while the policy allows; then its last ``Upstream``."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return await once()
        except Upstream as error:
            wait = policy.wait(error, effect, attempt)
            if wait is None:
                raise
        await policy.sleep(wait)


NO_RETRY = RetryPolicy(attempts=1)
