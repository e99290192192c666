"""Blocks that templates share, and a TikTok shop's defaults."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from server.domain.layers import Layer
from server.domain.template_blocks import BlockKind
from server.domain.template_settings import Setting
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.services.listings.creating import planning
from server.services.templates import blocks, defaults
from server.services.templates.blocks import BlockDraft, BlockPatch
from server.tables import TemplateBlock
from tests.templates.conftest import Desk, takes

SIZE = {"shipping": {"dimensions": {"length": 30, "width": 20, "height": 10, "unit": "CENTIMETER"}}}
PAPERS = {"manufacturer_ids": ["M1"]}


async def block(
    desk: Desk, kind: BlockKind = BlockKind.SHIPPING, content: Any = None, name: str = "Box"
) -> TemplateBlock:
    async with desk.deps.database.write() as session:
        return await blocks.create(
            session, **desk.where, draft=BlockDraft(kind, name, content or SIZE), now=desk.deps.clock()
        )


async def gone(desk: Desk, block_id: UUID) -> None:
    async with desk.deps.database.write() as session:
        await blocks.delete(session, shop_id=desk.shop.id, block_id=block_id)


async def test_a_block_says_what_the_template_leaves_open(desk: Desk) -> None:
    box = await block(desk)
    weight = {"shipping": {"weight": {"value": "0.5", "unit": "KILOGRAM"}}}
    template = await desk.make("Mugs", takes("mug") | weight, blocks={BlockKind.SHIPPING: box.id})
    [product] = await desk.add(["mug"])
    async with desk.deps.database.read() as session:
        plans = await planning.plan(session, **desk.where, product_ids=[product], now=desk.deps.clock())
    effective = plans[product].effective
    assert effective.layer(Setting.DIMENSIONS) is Layer.BLOCK
    assert effective.layer(Setting.WEIGHT) is Layer.TEMPLATE
    assert effective.content.shipping.dimensions is not None
    assert effective.content.shipping.dimensions.length == 30
    async with desk.deps.database.read() as session:
        users = await blocks.users(session, shop_id=desk.shop.id, ids=[box.id])
    assert [row.id for row in users[box.id]] == [template.id]


async def test_a_block_in_use_stays_and_the_refusal_names_the_templates(desk: Desk) -> None:
    box = await block(desk)
    template = await desk.make("Mugs", blocks={BlockKind.SHIPPING: box.id})
    with pytest.raises(Conflict, match=r"“Box” is used by “Mugs”\. Take it out of them first\."):
        await gone(desk, box.id)
    await desk.change(template.id, blocks={BlockKind.SHIPPING: None})
    await gone(desk, box.id)
    async with desk.deps.database.read() as session:
        assert await blocks.by_ids(session, shop_id=desk.shop.id, ids=[box.id]) == {}


async def test_a_block_removed_while_a_template_takes_it_up_leaves_no_broken_template(desk: Desk) -> None:
    for number in range(5):
        box, template = await block(desk), await desk.make(f"T{number}")
        results = await asyncio.gather(
            gone(desk, box.id), desk.change(template.id, blocks={BlockKind.SHIPPING: box.id}), return_exceptions=True
        )
        errors = [one for one in results if isinstance(one, BaseException)]
        assert len(errors) == 1
        assert isinstance(errors[0], Conflict | NotFound)


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        (BlockKind.SHIPPING, PAPERS, ("input", "content", "manufacturer_ids")),
        (BlockKind.COMPLIANCE, SIZE, ("input", "content", "shipping")),
        (BlockKind.SIZE_CHART, {"size_chart": {}}, ("input", "content", "size_chart", "template_id")),
        (
            BlockKind.SHIPPING,
            {"shipping": {"weight": {"value": "0"}}},
            ("input", "content", "shipping", "weight", "value"),
        ),
    ],
)
async def test_a_block_holds_the_parts_of_its_kind(
    desk: Desk, kind: BlockKind, content: dict[str, Any], field: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid) as caught:
        await block(desk, kind, content)
    assert caught.value.field == field


async def test_a_template_uses_blocks_of_the_right_kind_and_shop(desk: Desk) -> None:
    papers = await block(desk, BlockKind.COMPLIANCE, PAPERS, "Papers")
    refused: list[tuple[dict[BlockKind, UUID], type[AppError]]] = [
        ({BlockKind.SHIPPING: papers.id}, Invalid),
        ({BlockKind.COMPLIANCE: new_id()}, NotFound),
    ]
    for used, error in refused:
        with pytest.raises(error) as caught:
            await desk.make("Mugs", blocks=used)
        assert caught.value.field[0] == "input"
        assert caught.value.field[1].endswith("BlockId")


async def test_a_block_is_changed_part_by_part(desk: Desk) -> None:
    papers = await block(desk, BlockKind.COMPLIANCE, PAPERS | {"responsible_person_ids": ["P1"]})
    async with desk.deps.database.write() as session:
        patch = BlockPatch(content={"manufacturer_ids": ["M2"]})
        row = await blocks.update(session, shop_id=desk.shop.id, block_id=papers.id, patch=patch, now=desk.deps.clock())
    assert (row.content, row.revision) == ({"manufacturer_ids": ["M2"], "responsible_person_ids": ["P1"]}, 2)


async def test_defaults_stand_under_everything_and_are_forgotten_part_by_part(desk: Desk) -> None:
    async def said(**content: Any) -> dict[str, Any]:
        async with desk.deps.database.write() as session:
            row = await defaults.set_defaults(session, **desk.where, content=content)
        return row.defaults

    first = await said(manufacturer_ids=["M1"], stock={"cap": 5})
    assert (first["manufacturer_ids"], first["stock"]["cap"]) == (["M1"], 5)
    assert set(await said(stock=None)) == {"manufacturer_ids"}
    [product] = await desk.add(["mug"])
    await desk.make("Rest", is_default=True)
    async with desk.deps.database.read() as session:
        plans = await planning.plan(session, **desk.where, product_ids=[product], now=desk.deps.clock())
    assert plans[product].effective.content.manufacturer_ids == ("M1",)
    assert plans[product].effective.layer(Setting.MANUFACTURERS) is Layer.SHOP_DEFAULTS
    with pytest.raises(Invalid) as caught:
        await said(rules={"conditions": []})
    assert caught.value.field == ("input", "content", "rules")
