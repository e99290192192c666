"""What resolvers are given: the caller, and a session and loaders that live exactly as long as one operation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import strawberry

from graphql_schema.buckets import Buckets
from graphql_schema.loaders import Loaders
from server.deps import Deps, Session
from server.kit.errors import Unauthenticated
from server.services import access
from server.services.access import Caller

LISTEN_AGAIN_AFTER = timedelta(seconds=5)
"""How often an open socket's caller is looked up again: the longest that a revoked token goes on."""

SOCKET_LIFE = timedelta(minutes=30)
"""A socket opened with a short-lived proof ends after this; its client comes back with a fresh one."""


class Reading:
    """One operation's view of the database: a session opened at the first read, used by one resolver at a time.

    One connection per operation, however wide the query: statements of parallel resolvers queue up on it.
    """

    def __init__(self, deps: Deps, shop_id: UUID) -> None:
        self._deps = deps
        self._shop_id = shop_id
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._session: Session | None = None
        self.loaders = Loaders(self.session, shop_id, deps.clock)
        self.executing = False

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """The operation's read session, alone for the length of the block."""
        async with self._lock:
            if self._session is None:
                self._session = await self._stack.enter_async_context(self._deps.database.read())
            try:
                yield self._session
            except BaseException:
                await self._session.rollback()
                raise

    async def renew(self) -> None:
        """Forget what was read: something was written since."""
        async with self._lock:
            await self._stack.aclose()
            self._session = None
            self.loaders = Loaders(self.session, self._shop_id, self._deps.clock)

    async def close(self) -> None:
        """Give the connection back."""
        await self._stack.aclose()


_reading: ContextVar[Reading] = ContextVar("reading")


def is_executing() -> bool:
    """Whether an operation of this context is past its validation."""
    reading = _reading.get(None)
    return reading is not None and reading.executing


@dataclass(slots=True)
class Context:
    """One per HTTP request, and one per socket: whatever belongs to an operation is in its ``Reading``."""

    deps: Deps
    buckets: Buckets
    caller: Caller | None = None
    connection_params: dict[str, object] = field(default_factory=dict)
    opened_at: datetime | None = None
    streams: bool = False
    """Whether more than one answer can be sent: a socket, or a client that accepts an event stream."""
    _looked_at: datetime | None = None

    @property
    def who(self) -> Caller:
        """The caller; ``Unauthenticated`` when there is none."""
        if self.caller is None:
            raise Unauthenticated("Send Authorization: Bearer <token>, in connection_init on a socket.")
        return self.caller

    @property
    def shop_id(self) -> UUID:
        """The caller's shop: the only one that anything in this operation may touch."""
        return self.who.shop_id

    @property
    def bucket(self) -> str:
        """Whose points this operation spends."""
        return f"{self.who.shop_id}:{self.who.token_id or self.who.name}"

    @property
    def now(self) -> datetime:
        """The present moment by the process's clock."""
        return self.deps.clock()

    @property
    def reading(self) -> Reading:
        """What this operation reads with."""
        return _reading.get()

    @property
    def loaders(self) -> Loaders:
        """The loaders of this operation."""
        return _reading.get().loaders

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """The operation's read session, for one block."""
        async with _reading.get().session() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """One transaction, committed when the block ends well; later reads of this operation see it."""
        async with self.deps.database.write() as session:
            yield session
        await _reading.get().renew()

    @asynccontextmanager
    async def operation(self) -> AsyncIterator[Reading]:
        """Around one operation, or one event of a subscription: its reading, closed in the end."""
        reading = Reading(self.deps, self.who.shop_id)
        _reading.set(reading)
        try:
            yield reading
        finally:
            await reading.close()

    async def still_welcome(self) -> bool:
        """Whether an open socket's caller may go on; looked up at most every few seconds."""
        now = self.now
        if self.opened_at is not None and self.who.expires_at is not None and now >= self.opened_at + SOCKET_LIFE:
            return False
        if self._looked_at is not None and now < self._looked_at + LISTEN_AGAIN_AFTER:
            return True
        async with self.deps.database.read() as session:
            welcome = await access.still_may_listen(session, caller=self.who)
        self._looked_at = now if welcome else None
        return welcome


Info = strawberry.Info[Context, None]
