"""Who is behind a change: the merchant's word in a listing's history, and the edit that follows it by itself."""

from typing import Any

import pytest

from graphql_schema.actors import Actor, ActorKind
from graphql_schema.listing_edits import ListingChange as Shown
from server.domain.history import ChangeCause, ChangeKind
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup, Owner
from server.services import override_files
from server.services.override_files import ImportReport
from server.services.templates import clearing, overriding
from server.services.templates.overriding import OverrideOutcome, OverrideWish
from server.tables import Listing, ListingChange
from tests.editing.bench import Bench
from tests.editing.test_owners import decide, meddled

MERCHANT, STORE = ChangeCause.MERCHANT, ChangeCause.STORE


async def say(bench: Bench, row: Listing, content: dict[str, Any], *, actor: str = "user:42") -> OverrideOutcome:
    bench.world.clock.advance(1)
    asked: dict[str, Any] = {**bench.stall.where, "wishes": [OverrideWish(row.product_id, content=content)]}
    async with bench.stall.deps.database.write() as session:
        [outcome] = await overriding.set_many(session, **asked, actor=actor, now=bench.stall.deps.clock())
    return outcome


async def clear(bench: Bench, row: Listing) -> None:
    bench.world.clock.advance(1)
    asked: dict[str, Any] = {**bench.stall.where, "product_ids": [row.product_id]}
    async with bench.stall.deps.database.write() as session:
        await clearing.clear(session, **asked, actor="user:7", now=bench.stall.deps.clock())


async def taken_in(bench: Bench, text: str) -> ImportReport:
    bench.world.clock.advance(1)
    async with bench.stall.deps.database.write() as session:
        now = bench.stall.deps.clock()
        return await override_files.take_in(session, **bench.stall.where, text=text, actor="token:ERP", now=now)


def told(line: ListingChange) -> tuple[str, str, str, dict[str, Any]]:
    return line.kind, line.cause, line.actor, line.fields


async def test_an_override_and_the_edit_after_it_name_who_said_it(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    before = len(await bench.history())
    await say(bench, row, {"title": "Ivory Candle of Beeswax"})
    [said] = (await bench.history())[before:]
    assert told(said) == (ChangeKind.OVERRIDDEN, MERCHANT, "user:42", {"title": [None, "Ivory Candle of Beeswax"]})
    assert (said.task_id, (await bench.one()).edit_actor) == (None, "user:42")
    (task,) = await bench.swept()
    [edit] = (await bench.history())[before + 1 :]
    titles = ["Beeswax Candle in Ivory", "Ivory Candle of Beeswax"]
    assert told(edit) == (ChangeKind.EDITED, MERCHANT, "user:42", {"title": titles})
    assert (edit.task_id, task.started_by, (await bench.one()).edit_actor) == (task.id, "system:edits", None)


async def test_each_part_tells_what_it_was_and_what_is_long_is_cut(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await say(bench, row, {"title": "Ivory Candle of Beeswax", "description": "<p>" + "a" * 400 + "</p>"})
    await say(bench, row, {"title": "Candle of Ivory Beeswax", "brand_id": "7", "description": None})
    await clear(bench, row)
    await clear(bench, row)
    first, second, third = (await bench.history())[-3:]
    assert first.fields == {
        "description": [None, "<p>" + "a" * 297 + "…"],
        "title": [None, "Ivory Candle of Beeswax"],
    }
    assert second.fields == {
        "brand_id": [None, "7"],
        "description": ["<p>" + "a" * 297 + "…", None],
        "title": ["Ivory Candle of Beeswax", "Candle of Ivory Beeswax"],
    }
    forgotten = {"brand_id": ["7", None], "title": ["Candle of Ivory Beeswax", None]}
    assert told(third) == (ChangeKind.OVERRIDDEN, MERCHANT, "user:7", forgotten)


async def test_what_changes_nothing_or_is_refused_leaves_no_line(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await say(bench, row, {"title": "Ivory Candle of Beeswax"})
    lines, marks = await bench.history(), (await bench.one()).edit_marks
    await say(bench, row, {"title": "Ivory Candle of Beeswax"})
    refused = await say(bench, row, {"colour": "red"})
    assert (refused.done, [one.field for one in refused.errors]) == (False, [("input", "content", "colour")])
    report = await taken_in(bench, f"product_id,weight\ngid://leafmark/Product/{row.product_id},heavy\n")
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "weight_unit"), (2, "weight")]
    assert (len(await bench.history()), (await bench.one()).edit_marks) == (len(lines), marks)


async def test_a_file_names_who_brought_it(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    text = f"product_id,title\ngid://leafmark/Product/{row.product_id},Ivory Candle of Beeswax\n"
    assert (await taken_in(bench, text)).changed == 1
    assert (await taken_in(bench, text)).unchanged == 1
    await bench.swept()
    said, edit = (await bench.history())[-2:]
    assert told(said)[::2] == (ChangeKind.OVERRIDDEN, "token:ERP")
    assert told(edit)[:3] == (ChangeKind.EDITED, MERCHANT, "token:ERP")


async def test_an_edit_that_was_refused_for_a_while_is_still_theirs(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await bench.variant({"sku": "IVORY-1"})
    await bench.swept()
    before = len(await bench.history())
    bench.stall.fault(kind="tiktok", code=12052038, operation="Update Price", first=1)
    await say(bench, row, {"variants": [{"sku": "IVORY-1", "price": "21.00"}]})
    await bench.swept()
    assert (await bench.one()).edit_actor == "user:42"
    bench.world.clock.advance(7 * 3600)
    await bench.swept()
    lines = [told(line)[:3] for line in (await bench.history())[before:]]
    assert lines == [
        (ChangeKind.OVERRIDDEN, MERCHANT, "user:42"),
        (ChangeKind.REFUSED, MERCHANT, "user:42"),
        (ChangeKind.PRICE_CHANGED, MERCHANT, "user:42"),
    ]
    assert (await bench.one()).edit_actor is None


async def test_the_newest_change_counts_and_the_stores_has_nobody_behind_it(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await say(bench, row, {"title": "Ivory Candle of Beeswax"})
    await bench.variant({"price": "23.00"})
    await bench.swept()
    assert {told(line)[1:3] for line in (await bench.history())[-2:]} == {(STORE, "system:edits")}


async def test_an_edit_that_somebody_asks_for_is_theirs(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await say(bench, row, {"title": "Ivory Candle of Beeswax"})
    await bench.edited()
    assert told((await bench.history())[-1])[:3] == (ChangeKind.EDITED, MERCHANT, "user:1")
    assert (await bench.one()).edit_actor is None


async def test_outside_hands_are_not_leafmarks(bench: Bench) -> None:
    row = await decide(bench, await meddled(bench), {FieldGroup.TITLE: Owner.STORE})
    assert row.status is ListingStatus.LIVE
    theirs, word = (await bench.history())[-2:]
    assert (theirs.kind, theirs.cause, theirs.actor) == (ChangeKind.CHANGED_ON_TIKTOK, ChangeCause.UNKNOWN, "tiktok")
    assert Shown.of(theirs).actor == Actor(kind=ActorKind.OUTSIDE, name="tiktok")
    (owner,) = Shown.of(word).fields
    assert (owner.field, owner.variant_id, owner.before, owner.after) == ("owner/TITLE", None, "STORE", "STORE")


@pytest.mark.parametrize(
    ("kept", "kind", "name"),
    [
        ("user:42", ActorKind.USER, "42"),
        ("token:ERP", ActorKind.TOKEN, "ERP"),
        ("system:sweep", ActorKind.SYSTEM, "sweep"),
        ("system", ActorKind.SYSTEM, "system"),
        ("tiktok", ActorKind.OUTSIDE, "tiktok"),
    ],
)
def test_who_is_who(kept: str, kind: ActorKind, name: str) -> None:
    assert Actor.of(kept) == Actor(kind=kind, name=name)
