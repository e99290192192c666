"""Edits are decided again from what was kept: what was told, what is wanted, who owns what, what was read."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from server.clients import tiktok_codes
from server.clients.verdicts import UpstreamKind, Verdict
from server.domain.edits import EditPlan, plan_edit
from server.domain.ownership import Ownership
from server.domain.snapshots import Snapshot
from server.domain.tasks import TaskKind
from server.tables import Task
from tests.editing.bench import Bench
from tests.editing.test_owners import meddled
from tests.listing.stall import a_product
from tests.listing.test_replay import differing

SIZE = {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"}
TITLE = "Beeswax Candle in Ivory"


async def outcomes(bench: Bench, task: Task) -> list[str]:
    return [item.state.value for item in await bench.stall.items(task)]


async def price(bench: Bench) -> Task:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    return await bench.edited()


async def words(bench: Bench) -> Task:
    """Read before ours goes over it."""
    await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Rose"})
    return await bench.edited()


async def nothing(bench: Bench) -> Task:
    await bench.on_sale()
    return await bench.edited()


async def off_sale(bench: Bench) -> Task:
    await bench.on_sale()
    await bench.store({"status": "DRAFT"})
    return await bench.edited()


async def lost(bench: Bench) -> Task:
    """What the first attempt was about to tell is known to the second."""
    await bench.on_sale(content={"shipping": {"dimensions": SIZE}})
    await bench.variant({"weight": 900.0})
    bench.stall.fault(kind="reset", operation="Partial Edit Product", first=1, after_effect=True)
    return await bench.edited()


async def held(bench: Bench) -> Task:
    """Another hand's title and price are held."""
    await meddled(bench)
    return (await bench.stall.tasks(TaskKind.EDIT))[-1]


async def refused(bench: Bench) -> Task:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", operation="Update Price", code=12052570, message="price out of range", first=1)
    return await bench.edited()


STORIES: dict[Callable[[Bench], Awaitable[Task]], tuple[list[str], str]] = {
    price: (["SUCCEEDED"], TITLE),
    words: (["SUCCEEDED"], "Beeswax Candle in Rose"),
    nothing: (["SKIPPED"], TITLE),
    off_sale: (["SUCCEEDED"], TITLE),
    lost: (["SKIPPED"], TITLE),
    held: (["SKIPPED"], TITLE),
    refused: (["FAILED"], TITLE),
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_inputs_lead_to_the_same_plan(
    bench: Bench, story: Callable[[Bench], Awaitable[Task]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after the store changed again; and another way to plan shows, wherever anything was planned."""
    task = await story(bench)
    states, title = STORIES[story]
    assert await outcomes(bench, task) == states
    await bench.stall.imported(a_product("Another store altogether"))
    assert await differing(bench.stall, task) == {title: {}}

    def otherwise(sent: Snapshot, wanted: Snapshot, ownership: Ownership) -> EditPlan:
        return replace(plan_edit(sent, wanted, ownership), whole=True)

    monkeypatch.setattr("server.services.listings.editing.deciding.plan_edit", otherwise)
    found: dict[str, Any] = await differing(bench.stall, task)
    assert found == {title: {} if story is nothing else {"intended.plan.whole": (False, True)}}


async def test_what_a_refusal_meant_is_looked_up_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await refused(bench)
    busy = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")
    monkeypatch.setattr("server.clients.errors.TIKTOK_CODES", {**tiktok_codes.TIKTOK_CODES, 12052570: busy})
    found = (await differing(bench.stall, task))[TITLE]
    assert found["endings.0.kind"] == ("MERCHANT_MUST_FIX", "RETRYABLE")
