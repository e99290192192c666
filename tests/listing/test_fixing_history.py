"""Whom a mended item touches: its own listing, which tells who mended it, and no other."""

from typing import Any

import pytest
from sqlmodel import col, select

from server.domain.history import ChangeCause, ChangeKind
from server.domain.remedies import FixLayer
from server.domain.tasks import TaskState
from server.services.fixing import Fix
from server.tables import Listing, ListingChange
from tests.listing.stall import Stall
from tests.listing.test_fixing import FAULTS, GOOD, SIZE, failed, fixed


async def lines(stall: Stall, row: Listing) -> list[tuple[str, str, str, dict[str, Any]]]:
    async with stall.deps.database.read() as session:
        statement = select(ListingChange).where(ListingChange.listing_id == row.id).order_by(col(ListingChange.id))
        return [(one.kind, one.cause, one.actor, one.fields) for one in await session.exec(statement)]


async def test_a_patch_of_the_product_stands_in_its_history(stall: Stall) -> None:
    items = await failed(stall, GOOD, FAULTS["TITLE_TOO_LONG"][0])
    item = items["TITLE_TOO_LONG"]
    before = {row.product_id: await lines(stall, row) for row in await stall.listings()}
    task = await stall.played(
        await fixed(stall, item, Fix(FixLayer.PRODUCT, content={"title": "A shorter title of it"}))
    )
    assert task.state is TaskState.SUCCEEDED
    after = {row.product_id: await lines(stall, row) for row in await stall.listings()}
    said, made = after.pop(item.subject_id)[len(before.pop(item.subject_id)) :]
    title = {"title": [None, "A shorter title of it"]}
    assert said == (ChangeKind.OVERRIDDEN, ChangeCause.MERCHANT, "token:test", title)
    assert made[:3] == (ChangeKind.CREATED, ChangeCause.MERCHANT, "token:test")
    assert after == before


@pytest.mark.parametrize("code", ["DESCRIPTION_EMPTY", "WEIGHT_MISSING"])
async def test_a_patch_of_a_template_or_the_defaults_is_sent_to_no_other_listing(stall: Stall, code: str) -> None:
    """As a save without ``applyToListings``: whatever else is made with it takes it along when it is next edited."""
    product, layer, content = FAULTS[code]
    items = await failed(stall, GOOD, product, content={"shipping": SIZE})
    [other] = [row for row in await stall.listings() if row.product_id != items[code].subject_id]
    before = await lines(stall, other)
    task = await stall.played(await fixed(stall, items[code], Fix(layer, content=content)))
    assert (task.state, task.total) == (TaskState.SUCCEEDED, 1)
    rows = {row.product_id: row for row in await stall.listings()}
    assert [(row.edit_due_at, row.edit_marks, row.edit_actor) for row in rows.values()] == [(None, 0, None)] * 2
    assert await lines(stall, rows[other.product_id]) == before
    [made] = await lines(stall, rows[items[code].subject_id])
    assert made[:3] == (ChangeKind.CREATED, ChangeCause.MERCHANT, "token:test")
