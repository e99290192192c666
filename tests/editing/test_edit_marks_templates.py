"""What a change of a template, a block, the defaults or an assignment makes due, and what waits for the next edit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.template_blocks import BlockKind
from server.services import templates
from server.services.templates import applying, assigning, blocks, defaults
from server.services.templates.blocks import BlockDraft, BlockPatch
from server.services.templates.drafts import TemplatePatch
from server.tables import Task
from tests.editing.bench import Bench
from tests.listing.stall import a_product

ROSE = {"rules": {"match": "ALL", "conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "Rose"}]}}
HEAVY = {"shipping": {"weight": {"value": "2", "unit": "KILOGRAM"}}}


async def actors(bench: Bench) -> list[str | None]:
    """By whose word each listing is due."""
    return [row.edit_actor for row in await bench.stall.listings()]


async def due(bench: Bench) -> list[datetime | None]:
    return [row.edit_due_at for row in await bench.stall.listings()]


async def calm(bench: Bench) -> UUID:
    """Two listings of the default template, nothing due."""
    rows = await bench.on_sale(a_product(), a_product("Beeswax Candle in Rose"))
    assert await due(bench) == [None, None]
    template_id = rows[0].template_id
    assert template_id is not None
    return template_id


async def test_giving_a_product_to_a_template_makes_its_listing_due_and_so_does_taking_it_back(bench: Bench) -> None:
    await calm(bench)
    roses = await bench.stall.template(content=ROSE, is_default=False)
    one, other = [row.product_id for row in await bench.stall.listings()]
    by_hand: dict[str, Any] = {"shop_id": bench.stall.shop.id, "template_id": roses.id, "product_ids": [other]}
    now = bench.stall.deps.clock()
    async with bench.stall.deps.database.write() as session:
        await assigning.assign(session, **by_hand, actor="user:1", now=now)
    assert await due(bench) == [None, now]
    assert [task.total for task in await bench.swept()] == [1]
    assert await due(bench) == [None, None]
    async with bench.stall.deps.database.write() as session:
        [refused] = await assigning.unassign(session, **by_hand | {"product_ids": [one]}, actor="user:2", now=now)
        assert refused.error is not None
    assert await due(bench) == [None, None]
    async with bench.stall.deps.database.write() as session:
        await assigning.unassign(session, **by_hand, actor="user:2", now=now)
    assert await due(bench) == [None, now]
    assert await actors(bench) == [None, "user:2"]


async def test_deleting_a_template_makes_its_listings_due(bench: Bench) -> None:
    template_id = await calm(bench)
    roses = await bench.stall.template(content=ROSE, is_default=False)
    now = bench.stall.deps.clock()
    async with bench.stall.deps.database.write() as session:
        await templates.delete(session, shop_id=bench.stall.shop.id, template_id=roses.id, now=now)
    assert await due(bench) == [None, None]
    async with bench.stall.deps.database.write() as session:
        await templates.delete(session, shop_id=bench.stall.shop.id, template_id=template_id, actor="user:3", now=now)
    assert await due(bench) == [now, now]
    assert await actors(bench) == ["user:3", "user:3"]


async def test_a_block_and_the_defaults_reach_listings_when_asked(bench: Bench) -> None:
    template_id = await calm(bench)
    shop_id, now = bench.stall.shop.id, bench.stall.deps.clock()
    async with bench.stall.deps.database.write() as session:
        draft = BlockDraft(BlockKind.SHIPPING, "Boxes", HEAVY)
        block = await blocks.create(session, **bench.stall.where, draft=draft, now=now)
        assert await applying.apply_block(session, shop_id=shop_id, block_id=block.id, actor="user:4", now=now) == 0
        patch = TemplatePatch(blocks={BlockKind.SHIPPING: block.id})
        await templates.update(session, shop_id=shop_id, template_id=template_id, patch=patch, now=now)
        await blocks.update(session, shop_id=shop_id, block_id=block.id, patch=BlockPatch("Crates"), now=now)
        await defaults.set_defaults(session, **bench.stall.where, content={"shorten_title": True})
    assert await due(bench) == [None, None]
    async with bench.stall.deps.database.write() as session:
        assert await applying.apply_block(session, shop_id=shop_id, block_id=block.id, actor="user:4", now=now) == 2
    assert await due(bench) == [now, now]
    assert await actors(bench) == ["user:4", "user:4"]
    await bench.swept()
    assert await due(bench) == [None, None]
    async with bench.stall.deps.database.write() as session:
        assert await applying.apply_defaults(session, **bench.stall.where, actor="user:5", now=now) == 2
    assert await due(bench) == [now, now]
    assert await actors(bench) == ["user:5", "user:5"]


async def test_applying_a_template_names_the_listings_that_are_edited_with_it(bench: Bench) -> None:
    """Its rules would take one of them now, but that stays with the template it was listed with."""
    template_id = await calm(bench)
    roses = await bench.stall.template(content=ROSE, is_default=False)
    rose = (await bench.stall.listings())[1].product_id
    shop_id, now = bench.stall.shop.id, bench.stall.deps.clock()

    async def affected() -> list[tuple[int, tuple[UUID, ...]]]:
        async with bench.stall.deps.database.read() as session:
            found = [
                await applying.affected_by(session, shop_id=shop_id, template_id=one) for one in (template_id, roses.id)
            ]
        return [(one.count, one.first) for one in found]

    both = tuple(sorted(row.product_id for row in await bench.stall.listings()))
    assert await affected() == [(2, both), (0, ())]
    async with bench.stall.deps.database.write() as session:
        await assigning.assign(
            session, shop_id=shop_id, template_id=roses.id, product_ids=[rose], actor="user:1", now=now
        )
    assert await affected() == [(1, tuple(one for one in both if one != rose)), (1, (rose,))]
    async with bench.stall.deps.database.write() as session:
        await templates.delete(session, shop_id=shop_id, template_id=template_id, now=now)
    async with bench.stall.deps.database.read() as session:
        found = await applying.affected_by(session, shop_id=shop_id, template_id=roses.id)
    assert found.first == (rose,)


async def test_a_repeated_key_applies_nothing_again(bench: Bench) -> None:
    """Also when no listing is left that the template concerns."""
    template_id = await calm(bench)
    deps, shop_id = bench.stall.deps, bench.stall.shop.id

    async def applied() -> Task | None:
        async with deps.database.write() as session:
            asked: dict[str, Any] = {"shop_id": shop_id, "template_id": template_id, "started_by": "user:1"}
            _, task = await applying.apply(
                session, deps.queue, deps.feed, **asked, idempotency_key="once", now=deps.clock()
            )
            return task

    first = await applied()
    assert first is not None
    assert first.total == 2
    roses = await bench.stall.template(content=ROSE, is_default=False)
    ids = [row.product_id for row in await bench.stall.listings()]
    async with deps.database.write() as session:
        asked: dict[str, Any] = {"shop_id": shop_id, "template_id": roses.id, "product_ids": ids}
        await assigning.assign(session, **asked, actor="user:1", now=deps.clock())
    again = await applied()
    assert again is not None
    assert again.id == first.id
