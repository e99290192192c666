"""The one place that asks what time it is; everything else is told."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present moment, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's time, aware and in UTC."""
    return datetime.now(UTC)


def from_unix(seconds: int | float | str) -> datetime:
    """Unix seconds, as both platforms send them, as an aware UTC moment."""
    return datetime.fromtimestamp(float(seconds), UTC)
