"""Decisions are made again from what was kept, to the same end; a changed rule shows."""

import sys
from dataclasses import replace
from typing import Any

import pytest
from anyio import run_process

from server.domain import drafting
from server.domain.drafts import Built
from server.domain.facts import ProductFacts
from server.services.listings.replay.replaying import Replayed, replay
from server.tables import Task
from tests.listing.stall import Stall, a_product

VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}
PRODUCTS = [
    a_product("Candle in Ivory", variants=[VARIANT]),
    a_product("Without a picture", images=[], variants=[VARIANT]),
    a_product("Without a weight", variants=[{"price": "5.00", "quantity": 1}]),
]


async def replayed(stall: Stall, task: Task, amount: int = 2) -> list[Replayed]:
    found: list[Replayed] = []
    while True:
        after = found[-1].item_id if found else None
        async with stall.deps.database.read() as session:
            page = await replay(session, shop_id=stall.shop.id, task_id=task.id, after=after, amount=amount)
        if not page:
            return found
        found += [one for one in page if isinstance(one, Replayed)]
        assert len(found) == len({one.item_id for one in found}), page


async def differing(stall: Stall, task: Task) -> dict[str, Any]:
    return {one.product_title: dict(one.differences) for one in await replayed(stall, task)}


async def test_the_same_inputs_lead_to_the_same_decisions(stall: Stall) -> None:
    """Also after the store and the template changed: nothing but what was kept is looked at."""
    task = await stall.listed(*PRODUCTS)
    await stall.imported(a_product("Another store altogether"))
    found = await replayed(stall, task)
    assert {
        one.product_title: (one.differences, one.built is not None and one.built.draft is not None) for one in found
    } == {
        "Candle in Ivory": ({}, True),
        "Without a picture": ({}, False),
        "Without a weight": ({}, True),
    }
    codes = {one.product_title: [problem.code for problem in one.built.problems] for one in found if one.built}
    assert "IMAGES_MISSING" in codes["Without a picture"]
    assert "WEIGHT_FROM_BACKUP" in codes["Without a weight"]


async def test_a_changed_rule_shows(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await stall.listed(*PRODUCTS)

    def otherwise(frame: drafting.Frame, facts: ProductFacts, override: object = None) -> Built:
        built = drafting.build(frame, facts)
        return replace(built, draft=built.draft and replace(built.draft, title=built.draft.title.upper()))

    monkeypatch.setattr("server.services.listings.creating.preparing.build", otherwise)
    found = {one.product_title: one.differences for one in await replayed(stall, task)}
    assert found == {
        "Candle in Ivory": {"draft.title": ("Candle in Ivory", "CANDLE IN IVORY")},
        "Without a picture": {},
        "Without a weight": {"draft.title": ("Without a weight", "WITHOUT A WEIGHT")},
    }


async def test_another_process_comes_to_the_same_decisions(stall: Stall) -> None:
    """Sets have another order in each process; decisions must not."""
    task = await stall.listed(*PRODUCTS)
    settings = stall.deps.settings
    program = f"""
import asyncio
from uuid import UUID
from server.services.listings.replay.replaying import replay
from server.store.session import Database
async def main():
    database = Database({settings.database_url!r})
    async with database.read() as session:
        found = await replay(
            session, shop_id=UUID({str(stall.shop.id)!r}), task_id=UUID({str(task.id)!r}), after=None, amount=10)
    print([one.differences for one in found])
    await database.close()
asyncio.run(main())
"""
    for seed in ("1", "2"):
        done = await run_process([sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, check=False)
        assert done.stdout == b"[{}, {}, {}]\n", done.stderr.decode()
