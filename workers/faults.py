"""What it means for a chunk that its story broke off: when to come back, or that this is the end."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.domain.problems import Problem, Remedy
from server.domain.tasks import backoff
from server.kit.errors import AppError, Unavailable

log = structlog.get_logger()

LIMIT_SECONDS = 60.0
"""A platform's limit that names no time is looked at again after so long; waiting for it is no crash."""

MAX_CRASHES = 5
"""A story that fails so often in a row without getting anywhere ends its task, or the one item it has in hand."""

MAX_SILENCES = 10
"""The same of workers that fell silent with no single item in hand: deployments and full machines do that, too."""

MAX_OUTAGES = 40
"""A platform that does not answer for about three hours ends the task: see ``_OUTAGE_WAITS``."""

_OUTAGE_WAITS = (2.0, 4.0, 8.0, 16.0, 30.0, 60.0, 120.0, 300.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """``again_in`` is None at the end: then ``problem`` ends the task, or, if it may, the lone item in hand."""

    problem: Problem
    crashes: int
    outages: int
    again_in: timedelta | None = None
    may_be_one_item: bool = False


def fault_of(error: Exception, *, crashes: int, outages: int) -> Fault:
    """Sort what a story raised, after so many crashes and outages in a row."""
    cause = _cause(error)
    match cause:
        case Upstream(kind=UpstreamKind.PLATFORM_LIMIT):
            wait = timedelta(seconds=cause.retry_after or LIMIT_SECONDS)
            return Fault(to_problem(cause), crashes, outages, wait)
        case Upstream(kind=UpstreamKind.RETRYABLE):
            return _outage(to_problem(cause), crashes, outages + 1, cause.retry_after)
        case Upstream():
            return Fault(to_problem(cause), crashes, outages)
        case Unavailable():
            return _outage(_refused(cause, Remedy.WAIT), crashes, outages + 1, None)
        case AppError():
            return Fault(_refused(cause, Remedy.FIX_SHOP), crashes, outages)
        case _:
            return _crash(crashes + 1, outages)


def tell(error: Exception) -> None:
    """What of it is for the log: a refusal in a line, a fault of ours whole."""
    cause = _cause(error)
    if isinstance(cause, Upstream):
        log.warning("chunk.upstream", kind=cause.kind, code=cause.platform_code, request_id=cause.request_id)
    elif isinstance(cause, AppError):
        log.warning("chunk.refused", code=cause.code)
    else:
        log.error("chunk.crashed", exc_info=error)


def our_fault() -> Problem:
    """The problem of what nobody foresaw."""
    return Problem(
        "INTERNAL", (), "Something unexpected went wrong on our side; it was logged.", remedy=Remedy.CONTACT_SUPPORT
    )


def _outage(problem: Problem, crashes: int, outages: int, retry_after: float | None) -> Fault:
    """Nobody's failure, so it is waited for, longer each time and as long as the platform asks; not for ever."""
    if outages >= MAX_OUTAGES:
        return Fault(problem, crashes, outages)
    own = _OUTAGE_WAITS[min(outages, len(_OUTAGE_WAITS)) - 1] * (1 + _jitter() / 4)
    return Fault(problem, crashes, outages, timedelta(seconds=max(own, retry_after or 0.0)))


def _crash(crashes: int, outages: int) -> Fault:
    again = None if crashes >= MAX_CRASHES else backoff(crashes, retry_after=None, jitter=_jitter())
    return Fault(our_fault(), crashes, outages, again, may_be_one_item=True)


def _refused(error: AppError, remedy: Remedy) -> Problem:
    """A code of the closed list: those of refused mutations are none."""
    return Problem("TASK_CANNOT_GO_ON", error.field, error.message, remedy=remedy)


def _cause(error: BaseException) -> BaseException:
    """Of a group in which everything is a refusal the first one; else the error itself, which is a fault of ours."""
    leaves = list(_leaves(error))
    return leaves[0] if all(isinstance(leaf, AppError) for leaf in leaves) else error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for inner in error.exceptions:
        yield from _leaves(inner)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads retries, guards nothing
