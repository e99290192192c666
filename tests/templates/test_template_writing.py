"""Saving templates: of two at once none is lost, every save leaves a line of history, and one is the default."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.categories import CategoryRef
from server.domain.paging import PageArgs
from server.domain.template_history import TemplateAction, revised
from server.kit.errors import Invalid, NotFound
from server.kit.ids import new_id
from server.services import templates
from server.tables import CategoryTemplate, TemplateRevision
from tests.templates.conftest import BOWLS, MUGS, TREE, V2, Desk, takes


async def history(desk: Desk, template_id: UUID) -> list[TemplateRevision]:
    async with desk.deps.database.read() as session:
        page = await templates.revisions(
            session, shop_id=desk.shop.id, template_id=template_id, args=PageArgs(first=50)
        )
    return page.nodes


async def read(desk: Desk, template_id: UUID) -> CategoryTemplate:
    async with desk.deps.database.read() as session:
        return await templates.get(session, shop_id=desk.shop.id, template_id=template_id)


async def test_of_two_partial_saves_at_once_both_stand(desk: Desk) -> None:
    row = await desk.make("Mugs")
    await asyncio.gather(
        desk.change(row.id, content={"brand_id": "77"}),
        desk.change(row.id, content={"stock": {"cap": 5}}),
        desk.change(row.id, name="All mugs"),
        desk.change(row.id, rank=9),
    )
    now = await read(desk, row.id)
    assert (now.content["brand_id"], now.content["stock"]["cap"], now.name, now.rank) == ("77", 5, "All mugs", 9)
    assert now.content["shipping"]["weight"] == {"value": "0.5", "unit": "KILOGRAM"}
    assert (now.revision, [one.revision for one in await history(desk, row.id)]) == (5, [5, 4, 3, 2, 1])


async def test_a_save_tells_who_changed_what(desk: Desk) -> None:
    row = await desk.make("Mugs", actor="user:1")
    await desk.change(row.id, actor="token:ERP", name="Cups", category=BOWLS, content={"brand_id": "77"})
    newest, first = await history(desk, row.id)
    assert (first.action, first.actor, first.head["name"]) == (TemplateAction.CREATED, "user:1", "Mugs")
    assert (newest.action, newest.actor, newest.revision) == (TemplateAction.CHANGED, "token:ERP", 2)
    assert newest.diff == [
        {"path": ["brand_id"], "before": None, "after": "77"},
        {"path": ["category", "id"], "before": "2", "after": "4"},
        {"path": ["name"], "before": "Mugs", "after": "Cups"},
    ]


async def test_a_save_that_changes_nothing_leaves_no_trace(desk: Desk) -> None:
    row = await desk.make("Mugs")
    assert (await desk.change(row.id, name="Mugs", content={"brand_id": None})).revision == 1
    assert len(await history(desk, row.id)) == 1


async def test_history_outlives_the_template(desk: Desk) -> None:
    row = await desk.make("Mugs")
    async with desk.deps.database.write() as session:
        await templates.delete(session, shop_id=desk.shop.id, template_id=row.id, actor="user:7", now=desk.deps.clock())
    newest, first = await history(desk, row.id)
    assert (newest.action, newest.actor, newest.head["name"]) == (TemplateAction.DELETED, "user:7", "Mugs")
    assert first.content["shipping"]["weight"]["value"] == "0.5"
    async with desk.deps.database.read() as session:
        other = await templates.revisions(session, shop_id=new_id(), template_id=row.id, args=PageArgs(first=5))
    assert other.nodes == []


async def test_the_default_before_gives_way_and_its_history_says_so(desk: Desk) -> None:
    first = await desk.make("First", is_default=True)
    second = await desk.make("Second")
    await desk.change(second.id, is_default=True)
    assert [(await read(desk, one.id)).is_default for one in (first, second)] == [False, True]
    newest, *_ = await history(desk, first.id)
    assert newest.diff == [{"path": ["is_default"], "before": True, "after": False}]


async def test_several_become_the_default_at_once_and_one_is_it(desk: Desk) -> None:
    rows = [await desk.make(f"T{n}") for n in range(4)]
    await asyncio.gather(*(desk.change(row.id, is_default=True) for row in rows))
    assert [(await read(desk, row.id)).is_default for row in rows].count(True) == 1


async def test_a_category_may_be_left_open_and_chosen_later(desk: Desk) -> None:
    row = await desk.make("Open", category=None)
    assert (row.category_id, row.category_version) == (None, None)
    assert (await desk.change(row.id, category=MUGS)).category_id == "2"
    assert (await desk.change(row.id, name="Still mugs")).category_id == "2"
    assert (await desk.change(row.id, category=None)).category_id is None


async def test_a_category_that_vanished_breaks_no_other_change(desk: Desk) -> None:
    row = await desk.make("Mugs")
    await desk.keep([node for node in TREE if node.id != "2"])
    assert (await desk.change(row.id, name="Old mugs")).name == "Old mugs"
    with pytest.raises(Invalid, match="has no category 99"):
        await desk.change(row.id, category=CategoryRef("99", V2))
    assert (await read(desk, row.id)).category_id == "2"


async def test_the_path_of_a_faulty_condition_is_told_and_nothing_is_saved(desk: Desk) -> None:
    row = await desk.make("Mugs", takes("mug"))
    inner = {"match": "ALL", "conditions": [{"field": "PRICE", "operator": "GREATER", "value": "cheap"}]}
    with pytest.raises(Invalid) as caught:
        await desk.change(row.id, content={"rules": {"match": "ANY", "conditions": [], "groups": [inner]}})
    assert caught.value.field == ("input", "content", "rules", "groups", "0", "conditions", "0", "value")
    assert (await read(desk, row.id)).revision == 1


async def test_strangers_have_no_templates(desk: Desk) -> None:
    row = await desk.make("Mugs")
    async with desk.deps.database.write() as session:
        with pytest.raises(NotFound):
            await templates.update(
                session,
                shop_id=new_id(),
                template_id=row.id,
                patch=templates.TemplatePatch(name="Mine"),
                now=desk.deps.clock(),
            )
    assert (await read(desk, row.id)).name == "Mugs"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
_OBJECTS = st.dictionaries(st.sampled_from("abcd"), _JSON, max_size=4)


def _bare(value: Any) -> Any:
    """Without members that are null, or hold nothing but such."""
    if not isinstance(value, dict):
        return value
    return {name: _bare(one) for name, one in value.items() if one is not None}


def _applied(value: dict[str, Any], path: tuple[str, ...], after: Any) -> dict[str, Any]:
    name, *rest = path
    inner = value.get(name)
    new = _applied(inner if isinstance(inner, dict) else {}, tuple(rest), after) if rest else after
    return {**value, name: new}


@given(_OBJECTS, _OBJECTS)
def test_differences_lead_from_one_state_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    told = revised(before, after)
    reached = before
    for one in told:
        reached = _applied(reached, one.path, one.after)
    assert _bare(reached) == _bare(after)
    assert revised(after, after) == []
    assert len({one.path for one in told}) == len(told)
