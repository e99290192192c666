"""What all loaders share: one operation's session, the caller's shop, and rows by their ids."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from server.deps import Session
from server.kit.clock import Clock

Row = TypeVar("Row")
OpenSession = Callable[[], AbstractAsyncContextManager[Session]]


class ByIds(Protocol[Row]):
    """The batch read that every noun's service offers."""

    def __call__(self, session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> Awaitable[dict[UUID, Row]]:
        """The rows of this shop among ``ids``."""
        ...


class LoaderBase:
    """One operation's loaders, made when first used; what they loaded is forgotten with the operation."""

    def __init__(self, session: OpenSession, shop_id: UUID, clock: Clock) -> None:
        self._session = session
        self._shop_id = shop_id
        self._clock = clock

    def _by_id(self, fetch: ByIds[Row]) -> DataLoader[UUID, Row | None]:
        async def load(ids: list[UUID]) -> list[Row | None]:
            async with self._session() as session:
                rows: Mapping[UUID, Row] = await fetch(session, shop_id=self._shop_id, ids=ids)
            return [rows.get(row_id) for row_id in ids]

        return DataLoader(load)
