"""The task's states as a table, and the arithmetic around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.tasks import MAX_ATTEMPTS, TASK_MOVES, Counts, TaskState, backoff, end_state


def test_every_state_can_be_reached_from_the_first() -> None:
    seen, todo = set(), [TaskState.QUEUED]
    while todo:
        state = todo.pop()
        seen.add(state)
        todo.extend(TASK_MOVES[state] - seen)
    assert seen == set(TaskState) == set(TASK_MOVES)


def test_only_the_four_ends_are_final() -> None:
    ends = {TaskState.CANCELLED, TaskState.SUCCEEDED, TaskState.PARTIALLY_SUCCEEDED, TaskState.FAILED}
    assert {state for state in TaskState if state.is_final} == ends
    assert {*TaskState.open_states()} == {*TaskState} - ends


@pytest.mark.parametrize(
    ("_case", "succeeded", "skipped", "failed", "cancelling", "stopped", "expected"),
    [
        ("all well", 3, 0, 0, False, False, TaskState.SUCCEEDED),
        ("nothing to do", 0, 0, 0, False, False, TaskState.SUCCEEDED),
        ("one failed", 2, 0, 1, False, False, TaskState.PARTIALLY_SUCCEEDED),
        ("a skip among failures", 0, 1, 1, False, False, TaskState.PARTIALLY_SUCCEEDED),
        ("all failed", 0, 0, 3, False, False, TaskState.FAILED),
        ("cancelled", 1, 2, 0, True, False, TaskState.CANCELLED),
        ("stopped although some went well", 5, 0, 1, False, True, TaskState.FAILED),
        ("cancelled wins over stopped", 0, 0, 1, True, True, TaskState.CANCELLED),
    ],
)
def test_end_state(
    _case: str, succeeded: int, skipped: int, failed: int, cancelling: bool, stopped: bool, expected: TaskState
) -> None:
    counts = Counts(succeeded + skipped + failed, 0, 0, succeeded, skipped, failed)
    assert end_state(counts, cancelling=cancelling, stopped=stopped) is expected


@pytest.mark.parametrize(
    ("attempts", "retry_after", "jitter", "seconds"),
    [
        (1, None, 0.0, 2.0),
        (2, None, 0.0, 4.0),
        (5, None, 0.0, 30.0),
        (99, None, 0.0, 30.0),
        (1, 7.5, 0.0, 7.5),
        (1, 1.0, 0.5, 2.25),
    ],
)
def test_backoff(attempts: int, retry_after: float | None, jitter: float, seconds: float) -> None:
    assert backoff(attempts, retry_after=retry_after, jitter=jitter).total_seconds() == seconds


@given(st.integers(1, MAX_ATTEMPTS), st.floats(0, 0.999), st.floats(0, 3600))
def test_a_wait_is_never_shorter_than_the_platform_asked(attempts: int, jitter: float, asked: float) -> None:
    assert backoff(attempts, retry_after=asked, jitter=jitter).total_seconds() >= asked - 1e-6
