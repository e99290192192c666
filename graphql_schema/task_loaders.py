"""Tasks by key, fetched together."""

from datetime import datetime
from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.services import estimates, tasks
from server.tables import Task, TaskItem


class TaskLoaders(LoaderBase):
    """Of one operation."""

    @cached_property
    def tasks(self) -> DataLoader[UUID, Task | None]:
        """Tasks by id."""
        return self._by_id(tasks.by_ids)

    @cached_property
    def task_items(self) -> DataLoader[UUID, TaskItem | None]:
        """Items of tasks by id."""
        return self._by_id(tasks.items_by_ids)

    @cached_property
    def finish_times(self) -> DataLoader[UUID, datetime | None]:
        """When tasks will be done, should nothing change."""

        async def load(ids: list[UUID]) -> list[datetime | None]:
            async with self._session() as session:
                found = await tasks.by_ids(session, shop_id=self._shop_id, ids=ids)
                times = await estimates.finish_times(
                    session, shop_id=self._shop_id, tasks=list(found.values()), now=self._clock()
                )
            return [times.get(task_id) for task_id in ids]

        return DataLoader(load)
