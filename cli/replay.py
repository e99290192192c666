"""`leafmark replay TASK`: the decisions of a listing or edit task, made again from what was kept of them."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import typer

from cli import environment, up
from cli.problems import CannotRun
from server.domain.policy import policy_day
from server.kit.ids import parse_gid
from server.services import tasks
from server.services.listings.replay.decisions import Common
from server.services.listings.replay.replaying import Replayed, Unreadable, replay
from server.store.session import Database
from server.tables import Task

SAME, DIFFERS, CANNOT_TELL = 0, 1, 2
"""Exit statuses. The last one also for a task that is unknown or keeps nothing, and for settings that are wrong."""

_PAGE = 100
_LONGEST = 120


@dataclass(slots=True)
class Count:
    """How far the decisions of a task's items could be made again."""

    items: int
    made: int = 0
    differing: int = 0
    unreadable: int = 0
    shapes: set[int] = field(default_factory=set)


def command(task: Annotated[str, typer.Argument(metavar="TASK", help="The task's id, as the API shows it.")]) -> None:
    """Nothing is changed and nobody is asked. Exit status 0: all the same, 1: some differ, 2: that cannot be told."""
    task_id = _task_id(task)
    url = _database_url()
    count = asyncio.run(_replay(url, task_id))
    typer.echo(
        f"{count.made} of {count.items} items' decisions made again: "
        f"{count.made - count.differing} the same, {count.differing} differ."
    )
    if count.unreadable:
        shapes = ", ".join(str(one) for one in sorted(count.shapes))
        typer.echo(
            f"{count.unreadable} more were kept in a form (shape {shapes}) that this version cannot read; "
            "run the version that made them."
        )
    raise typer.Exit(DIFFERS if count.differing else CANNOT_TELL if count.unreadable else SAME)


def _task_id(text: str) -> UUID:
    named = parse_gid(text)
    if named is not None and named[0] == "Task":
        return named[1]
    try:
        return UUID(text)
    except ValueError:
        raise CannotRun(
            "That is no task's id; it looks like gid://leafmark/Task/018f....", status=CANNOT_TELL
        ) from None


def _database_url() -> str:
    """DATABASE_URL, else the database of `leafmark up`, which needs no setting; it answers."""
    beside = None if os.environ.get("DATABASE_URL") else _beside_up()
    url = beside or environment.read_database_url()
    try:
        asyncio.run(environment.database_answers(url))
    except CannotRun:
        if beside is None:
            raise
        raise CannotRun("DATABASE_URL is not set, and `leafmark up` does not run.") from None
    return url


def _beside_up() -> str | None:
    file = up.DATA / "dev.json"
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return known.get("database_url")


async def _replay(url: str, task_id: UUID) -> Count:
    database = Database(url)
    try:
        task = await _task(database, task_id)
        count = Count(task.total)
        async for one in _decisions(database, task):
            _add(count, one)
    finally:
        await database.close()
    if not (count.made or count.unreadable):
        raise CannotRun(
            f"The task ({task.kind}) keeps no decisions: only listing and edit tasks do, for 90 days.",
            status=CANNOT_TELL,
        )
    return count


def _add(count: Count, one: Replayed | Unreadable) -> None:
    if isinstance(one, Unreadable):
        count.unreadable += 1
        count.shapes.add(one.shape)
        return
    count.made += 1
    count.differing += bool(one.differences)
    _tell(one)


async def _task(database: Database, task_id: UUID) -> Task:
    async with database.read() as session:
        shop_id = await tasks.shop_of(session, task_id=task_id)
        if shop_id is None:
            raise CannotRun("There is no such task.", status=CANNOT_TELL)
        return await tasks.get(session, shop_id=shop_id, task_id=task_id)


async def _decisions(database: Database, task: Task) -> AsyncIterator[Replayed | Unreadable]:
    after: UUID | None = None
    while True:
        async with database.read() as session:
            page = await replay(session, shop_id=task.shop_id, task_id=task.id, after=after, amount=_PAGE)
        for one in page:
            yield one
        if not page:
            return
        after = page[-1].item_id


def _tell(one: Replayed) -> None:
    if not one.differences:
        return
    typer.echo(f"{one.product_title!r} (item {one.item_id}, decided {one.at:%Y-%m-%d %H:%M} UTC):")
    typer.echo(f"  made with {_versions(one.common)}")
    for path, (then, now) in one.differences.items():
        typer.echo(f"  {path}: {_short(then)} -> {_short(now)}")


def _versions(common: Common) -> str:
    """Which template, tree and policy it was."""
    template, place, terms = common.template, common.place, common.terms
    told = ["no template" if template is None else f"template {template.name!r} revision {template.revision}"]
    if place.category is not None:
        read = "never read" if common.tree_read_at is None else f"of {policy_day(common.tree_read_at)}"
        told.append(f"category {place.category.id} of the {place.category.version} tree {read}")
    told.append(f"the policy of {terms.day}")
    return ", ".join(told)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
