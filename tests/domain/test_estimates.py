"""When a task will be done: pace, daily limit and waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.estimates import DailyLimit, finish_at, next_midnight, pace_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "limit", "waits", "expected"),
    [
        (0, None, None, NOON),
        (10, None, None, NOON + 5 * SECOND),
        (10, None, NOON + DAY, NOON + DAY + 5 * SECOND),
        (10, DailyLimit(), None, NOON + 5 * SECOND),
        (10, DailyLimit(10, 100), None, NOON + 5 * SECOND),
        (11, DailyLimit(10, 100), None, MIDNIGHT + SECOND / 2),
        (110, DailyLimit(10, 100), None, MIDNIGHT + 50 * SECOND),
        (111, DailyLimit(10, 100), None, MIDNIGHT + DAY + SECOND / 2),
        (250, DailyLimit(0, 100), None, MIDNIGHT + 2 * DAY + 25 * SECOND),
        (250, DailyLimit(0, 100), MIDNIGHT, MIDNIGHT + 2 * DAY + 25 * SECOND),
        (10, DailyLimit(0, None), None, MIDNIGHT + 5 * SECOND),
    ],
)
def test_the_moment_of_the_end(left: int, limit: DailyLimit | None, waits: datetime | None, expected: datetime) -> None:
    assert finish_at(NOON, left, per_second=2.0, limit=limit, waits_until=waits) == expected


@given(left=st.integers(1, 2000), room=st.integers(0, 50), a_day=st.integers(1, 50))
def test_the_end_is_that_of_a_day_by_day_count(left: int, room: int, a_day: int) -> None:
    day, open_today = 0, room
    rest = left
    while rest > open_today:
        rest, day, open_today = rest - open_today, day + 1, a_day
    found = finish_at(NOON, left, per_second=10.0, limit=DailyLimit(room, a_day))
    begin = NOON if day == 0 else MIDNIGHT + (day - 1) * DAY
    assert found == begin + timedelta(seconds=rest / 10.0)


def test_a_pace_leaves_waits_out() -> None:
    ends = [NOON, NOON + SECOND, NOON + 2 * SECOND, NOON + DAY, NOON + DAY + SECOND]
    assert pace_of(ends) == 1.0
    assert pace_of(ends[:1]) is None
    assert pace_of([NOON, NOON]) is None
    assert next_midnight(NOON) == MIDNIGHT
