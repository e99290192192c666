"""Connections and transactions: opened and committed at the edge, never held across an outside call."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.kit.json import dumps_text, loads

Session = AsyncSession
AfterCommit = Callable[[], Awaitable[None]]

_CALLBACKS = "after_commit"


class Database:
    """One pool per process. ``read()`` rolls back, ``write()`` commits and then runs what ``after_commit`` noted."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            pool_timeout=10,
            json_serializer=dumps_text,
            json_deserializer=loads,
            connect_args={"server_settings": {"application_name": "leafmark", "jit": "off"}, "timeout": 10},
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A session whose changes, if any, are thrown away."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A transaction: commits when the block ends well, then runs the callbacks in order."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session
            await session.commit()
        for callback in session.info.get(_CALLBACKS, ()):
            await callback()

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


def after_commit(session: Session, callback: AfterCommit) -> None:
    """Run ``callback`` once this session's transaction is committed; never when it is rolled back."""
    session.info.setdefault(_CALLBACKS, []).append(callback)
