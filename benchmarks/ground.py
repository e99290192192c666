"""Servers for a measurement (real PostgreSQL and Redis, as durable as in use), tasks, and worker processes."""

import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from redis import Redis as SyncRedis

import migrations
from cli.credentials import Addresses, Credentials, app_environment, on_top_of
from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
from cli.guarded import Guarded, Program
from server.deps import Deps, open_deps
from server.domain.tasks import TaskKind
from server.kit.ids import new_id
from server.services import tasks
from server.settings import Settings
from server.store.session import AfterCommit, after_commit
from server.tables import Shop, Task

NOWHERE = "http://127.0.0.1:9"
READY_SECONDS = 30.0


def ready_key(pid: int) -> str:
    """Set in Redis by a worker process that is about to work."""
    return f"benchmark:ready:{pid}"


def started_key(task_id: UUID) -> str:
    """Where the story notes the monotonic clock, in nanoseconds, in its first line."""
    return f"benchmark:started:{task_id}"


@dataclass(frozen=True, slots=True)
class Servers:
    """Both servers and the environment with which our processes find them."""

    folder: Path
    postgres: Postgres
    redis: Redis
    environment: Mapping[str, str]

    @contextlib.contextmanager
    def workers(self, amount: int) -> Iterator[list[Guarded]]:
        """So many worker processes whose stories do nothing, ready to work, until the block ends."""
        command = (sys.executable, "-P", "-m", "benchmarks.idle_worker")
        environment = on_top_of(os.environ, self.environment)
        running: list[Guarded] = []
        try:
            with SyncRedis.from_url(self.redis.url) as redis:
                for number in range(amount):
                    log = self.folder / f"worker-{number}.log"
                    running.append(Guarded.start(Program(f"worker-{number}", command, log, environment)))
                for worker in running:
                    _await_ready(worker, redis)
            yield running
        finally:
            for worker in running:
                worker.stop()


def _await_ready(worker: Guarded, redis: SyncRedis) -> None:
    worker.wait_until(lambda: bool(redis.exists(ready_key(worker.pid))), seconds=READY_SECONDS)


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Fresh, migrated servers in a folder of their own; nothing of them stays."""
    with tempfile.TemporaryDirectory(prefix="leafmark-benchmark-") as name:
        folder = Path(name)
        postgres = Postgres.in_folder(folder, log=folder / "postgres.log")
        try:
            with postgres, Redis.in_folder(folder, log=folder / "redis.log") as redis:
                migrations.upgrade(postgres.url)
                addresses = Addresses(postgres.url, redis.url, NOWHERE, NOWHERE, folder.as_uri())
                yield Servers(folder, postgres, redis, app_environment(Credentials.made_up(), addresses))
        finally:
            postgres.wipe()


@dataclass(frozen=True, slots=True)
class Ground:
    """A shop, and tasks whose subjects mean nothing: the machine is measured without any platform."""

    deps: Deps
    shop_id: UUID

    async def open(self, items: int, *, on_commit: AfterCommit | None = None) -> Task:
        """A task; ``on_commit`` runs the moment it is committed, before its jobs are sent."""
        async with self.deps.database.write() as session:
            if on_commit is not None:
                after_commit(session, on_commit)
            return await tasks.open_task(
                session,
                self.deps.queue,
                self.deps.feed,
                shop_id=self.shop_id,
                kind=TaskKind.LISTING,
                tiktok_shop_id=None,
                input={},
                started_by="benchmark",
                idempotency_key=None,
                subject_ids=[new_id() for _ in range(items)],
                now=self.deps.clock(),
            )

    async def ended(self, task: Task) -> Task:
        """The task at its end, seen as a subscriber sees it: by the doorbell."""
        async with self.deps.feed.listen(f"task:{task.id}") as ring:
            while True:
                async with self.deps.database.read() as session:
                    seen = await tasks.get(session, shop_id=self.shop_id, task_id=task.id)
                if seen.state.is_final:
                    return seen
                await ring.heard()

    async def followed(self, task: Task) -> int:
        """How many lines of its log came past, read as a subscription reads them: behind a cursor, with the items."""
        cursor, lines = 0, 0
        async with self.deps.feed.listen(f"task:{task.id}") as ring:
            while True:
                async with self.deps.database.read() as session:
                    look = await tasks.progress(session, shop_id=self.shop_id, task_id=task.id, after=cursor)
                cursor, lines = look.cursor, lines + len(look.events)
                if look.task.state.is_final and not look.lagged:
                    return lines
                if not look.lagged:
                    await ring.heard()


@contextlib.asynccontextmanager
async def ground(environment: Mapping[str, str]) -> AsyncIterator[Ground]:
    """The long-lived things of this process, and a new shop."""
    async with open_deps(Settings.model_validate({name.lower(): value for name, value in environment.items()})) as deps:
        shop = Shop(domain=f"{new_id()}.myshopify.com", installed_at=deps.clock())
        async with deps.database.write() as session:
            session.add(shop)
        yield Ground(deps, shop.id)
