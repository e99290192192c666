"""A server inside the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

STOP_SECONDS = 1.0


class PromptServer(uvicorn.Server):
    """Uvicorn that starts and stops at once, where it would look every tenth of a second; signals stay pytest's."""

    @asynccontextmanager
    async def running(self, *listening: socket.socket) -> AsyncIterator[str]:
        """Serves for the length of the block: on these sockets, or where its configuration says. Gives host:port."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(list(listening) or None)
        try:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            yield f"{host}:{port}"
        finally:
            await self._stop()

    async def _stop(self) -> None:
        """No new calls; those under way may end within ``STOP_SECONDS``."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + STOP_SECONDS
        while (self.server_state.connections or self.server_state.tasks) and loop.time() < deadline:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.001)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()
