"""`leafmark replay TASK`: a listing task's decisions, made again from what was kept of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import typer

from cli import environment
from cli.problems import CannotRun
from server.kit.ids import parse_gid
from server.services import tasks
from server.services.listings.decisions import Replayed, replay
from server.store.session import Database

_PAGE = 100
_LONGEST = 120


def command(task: Annotated[str, typer.Argument(metavar="TASK", help="The task's id, as the API shows it.")]) -> None:
    """Nothing is changed and nobody is asked. Exit status 1 when today's code would decide otherwise."""
    task_id = _task_id(task)
    settings = environment.read_settings()
    environment.must_answer(settings)
    made, differing = asyncio.run(_replay(settings.database_url, task_id))
    if not made:
        raise CannotRun("The task keeps no decisions: only listing tasks do, and old ones are forgotten.", status=1)
    typer.echo(f"{made} decisions made again: {made - differing} the same, {differing} differ.")
    raise typer.Exit(1 if differing else 0)


def _task_id(text: str) -> UUID:
    named = parse_gid(text)
    if named is not None and named[0] == "Task":
        return named[1]
    try:
        return UUID(text)
    except ValueError:
        raise CannotRun("That is no task's id; it looks like gid://leafmark/Task/018f....", status=2) from None


async def _replay(url: str, task_id: UUID) -> tuple[int, int]:
    database = Database(url)
    made = differing = 0
    try:
        async for one in _decisions(database, task_id):
            made += 1
            differing += bool(one.differences)
            _tell(one)
    finally:
        await database.close()
    return made, differing


async def _decisions(database: Database, task_id: UUID) -> AsyncIterator[Replayed]:
    async with database.read() as session:
        shop_id = await tasks.shop_of(session, task_id=task_id)
    if shop_id is None:
        raise CannotRun("There is no such task.", status=2)
    after: UUID | None = None
    while True:
        async with database.read() as session:
            page = await replay(session, shop_id=shop_id, task_id=task_id, after=after, amount=_PAGE)
        for one in page:
            yield one
        if not page:
            return
        after = page[-1].item_id


def _tell(one: Replayed) -> None:
    if not one.differences:
        return
    typer.echo(f"{one.product_title!r} (item {one.item_id}, decided {one.at:%Y-%m-%d %H:%M} UTC):")
    for path, (then, now) in one.differences.items():
        typer.echo(f"  {path}: {_short(then)} -> {_short(now)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
