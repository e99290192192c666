"""`leafmark replay`: beside `leafmark up` without any setting; what it says, and with which status it ends."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli import up
from cli.__main__ import build
from cli.problems import CannotRun
from server.domain.drafting import build as build_draft
from server.domain.drafts import Built
from server.domain.tasks import TaskKind
from server.kit.ids import new_id
from server.settings import Settings
from server.tables import Task
from tests.listing.conftest import deps, platforms, settings, stall
from tests.listing.stall import Stall, a_product

__all__ = ["deps", "platforms", "settings", "stall"]

Said = tuple[str, int, str]
"""What a command said, with which status it ended, and what stopped it."""

SAME = "2 of 2 items' decisions made again: 2 the same, 0 differ.\n"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(up, "DATA", tmp_path)


@pytest.fixture
def beside(stall: Stall, tmp_path: Path) -> Stall:
    """The stall's database is that of `leafmark up`."""
    (tmp_path / "dev.json").write_text(json.dumps({"database_url": stall.deps.settings.database_url}))
    return stall


def run(task: str) -> Said:
    done = CliRunner().invoke(build("replay"), ["replay", task])
    stopped = done.exception
    assert stopped is None or isinstance(stopped, CannotRun | SystemExit), stopped
    if isinstance(stopped, CannotRun):
        return done.output, stopped.status, stopped.sentence
    return done.output, done.exit_code, ""


async def replayed(task: Task) -> Said:
    return await anyio.to_thread.run_sync(run, f"gid://leafmark/Task/{task.id}")


async def listed(stall: Stall) -> Task:
    await stall.trees()
    return await stall.listed(a_product("Candle in Ivory"), a_product("Without a picture", images=[]))


async def test_the_same_rules_come_to_the_same_end(beside: Stall) -> None:
    assert await replayed(await listed(beside)) == (SAME, 0, "")


async def test_a_changed_rule_shows_with_what_the_decision_was_made_of(
    beside: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await listed(beside)

    def otherwise(*said: Any, **more: Any) -> Built:
        built = build_draft(*said, **more)
        return replace(built, draft=built.draft and replace(built.draft, title=built.draft.title.upper()))

    monkeypatch.setattr("server.services.listings.creating.preparing.build", otherwise)
    said, status, _ = await replayed(task)
    day = f"{beside.deps.clock():%Y-%m-%d}"
    lines = said.splitlines()
    assert lines[0].startswith("'Candle in Ivory' (item ")
    assert lines[1:] == [
        f"  made with template 'Everything' revision 1, category 1008592 of the v2 tree of {day}, the policy of {day}",
        "  draft.title: 'Candle in Ivory' -> 'CANDLE IN IVORY'",
        "2 of 2 items' decisions made again: 1 the same, 1 differ.",
    ]
    assert status == 1


async def test_what_cannot_be_told(beside: Stall) -> None:
    """Neither is the status that of a difference."""
    task = await listed(beside)
    async with beside.deps.database.write() as session:
        await (await session.connection()).execute(text("UPDATE decision SET shape = 1"))
    told = (
        "0 of 2 items' decisions made again: 0 the same, 0 differ.\n"
        "2 more were kept in a form (shape 1) that this version cannot read; run the version that made them.\n"
    )
    assert await replayed(task) == (told, 2, "")
    (catalogue, *_) = await beside.tasks(TaskKind.IMPORT)
    nothing = f"The task ({catalogue.kind}) keeps no decisions: only listing and edit tasks do, for 90 days."
    assert await replayed(catalogue) == ("", 2, nothing)
    assert await anyio.to_thread.run_sync(run, str(new_id())) == ("", 2, "There is no such task.")
    wrong = "That is no task's id; it looks like gid://leafmark/Task/018f...."
    assert await anyio.to_thread.run_sync(run, "gid://leafmark/Product/1") == ("", 2, wrong)


async def test_a_database_that_is_named_goes_before_that_of_up(
    stall: Stall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await listed(stall)
    said, status, sentence = await replayed(task)
    assert (said, status, sentence[:24]) == ("", 2, "DATABASE_URL is missing:")
    (tmp_path / "dev.json").write_text(json.dumps({"database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/none"}))
    assert (await replayed(task))[1:] == (2, "DATABASE_URL is not set, and `leafmark up` does not run.")
    monkeypatch.setenv("DATABASE_URL", stall.deps.settings.database_url)
    assert await replayed(task) == (SAME, 0, "")
