"""A failed call sorted by who must act: tried again, waited for, the end of its task, or of its item alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.domain.problems import Problem
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState
from server.tables import TaskItem
from workers.answers import LIMIT_WAIT, ends_the_task
from workers.runtime import ChunkRun


@dataclass(slots=True)
class FailedCalls:
    """What the failed calls of one slice mean for the others of it."""

    run: ChunkRun
    stop: Problem | None = None
    """Ends the whole task."""
    parked_until: datetime | None = None
    """Ends this chunk's work for now."""
    used_up: date | None = None
    """The day whose listings are used up, as the platform itself said."""

    @property
    def keep_back(self) -> bool:
        """What was not called yet would meet the same."""
        return self.stop is not None or self.parked_until is not None

    def sort(self, item: TaskItem, error: Upstream, *problems: Problem, parks: bool = True) -> ItemResult:
        """Where the item stands now; ``problems`` tell more than the error does. A limit ``parks`` the others too."""
        told = problems or (to_problem(error),)
        if error.kind is UpstreamKind.RETRYABLE:
            return self.run.retry(item, told[0], error.retry_after)
        if error.kind is UpstreamKind.PLATFORM_LIMIT:
            until = self.run.now() + timedelta(seconds=error.retry_after or LIMIT_WAIT)
            self.parked_until = until if parks else self.parked_until
            self.used_up = error.used_up or self.used_up
            return self.later(item, *told, due=until)
        if ends_the_task(error):
            self.stop = told[0]
            return self.later(item, *told)
        return ItemResult(item.id, ItemState.FAILED, told)

    def later(self, item: TaskItem, *problems: Problem, due: datetime | None = None) -> ItemResult:
        """Not its fault: its turn comes again. Also of what was not called because of a neighbour."""
        due = due or self.parked_until or self.run.now()
        return ItemResult(item.id, ItemState.QUEUED, problems, due_at=due, counts_as_attempt=False)
