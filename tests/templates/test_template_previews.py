"""A look before a save: what it tells is what the save then does, for sets of templates of every kind."""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from server.domain.leaves import Leaf, LeafAttribute
from server.domain.paging import PageArgs
from server.kit.errors import Invalid, NotFound
from server.kit.ids import new_id
from server.services import templates
from server.services.templates import TemplateDraft, TemplatePatch, applying, assigning, competition, previewing, taking
from server.services.templates.previewing import Preview
from server.services.templates.sending import SentSlice
from server.store.matching import template_matching
from tests.templates.conftest import BOWLS, MUGS, PACKAGE, Desk, takes

TAGS = ("mug", "tea", "blue", "gift")


async def standing(desk: Desk) -> dict[UUID, UUID]:
    async with desk.deps.database.read() as session:
        found = await competition.standing_templates(session, **desk.where)
        return await template_matching.winners(session, **desk.where, templates=found)


async def look_new(desk: Desk, draft: TemplateDraft, first: int = 3) -> Preview:
    async with desk.deps.database.read() as session:
        return await previewing.preview_new(session, **desk.where, draft=draft, first=first, now=desk.deps.clock())


async def look_at(desk: Desk, template_id: UUID, patch: TemplatePatch, first: int = 3) -> Preview:
    async with desk.deps.database.read() as session:
        return await previewing.preview_change(
            session, shop_id=desk.shop.id, template_id=template_id, patch=patch, first=first
        )


async def sent(desk: Desk, preview: Preview) -> SentSlice:
    async with desk.deps.database.read() as session:
        return await previewing.preview_sent(session, shop_id=desk.shop.id, preview=preview, now=desk.deps.clock())


def a_template(random: Random) -> dict[str, Any]:
    return {
        "content": PACKAGE | takes(*random.sample(TAGS, random.randint(0, 2)), match=random.choice(["ALL", "ANY"])),
        "rank": random.randint(0, 3),
        "is_default": random.random() < 0.3,
    }


def moved(before: dict[UUID, UUID], after: dict[UUID, UUID]) -> dict[tuple[UUID | None, UUID | None], set[UUID]]:
    ways: dict[tuple[UUID | None, UUID | None], set[UUID]] = {}
    for product_id in before.keys() | after.keys():
        way = before.get(product_id), after.get(product_id)
        if way[0] != way[1]:
            ways.setdefault(way, set()).add(product_id)
    return ways


def told(preview: Preview, saved: UUID) -> dict[tuple[UUID | None, UUID | None], tuple[int, set[UUID]]]:
    """The moves with the new template under the id that the save gave it."""
    own: dict[UUID | None, UUID | None] = {preview.template.id: saved}
    return {
        (own.get(one.before, one.before), own.get(one.after, one.after)): (one.products, set(one.first))
        for one in preview.moves
    }


async def check(desk: Desk, preview: Preview, saved: UUID, before: dict[UUID, UUID]) -> None:
    after = await standing(desk)
    ways = moved(before, after)
    assert {way: count for way, (count, _) in told(preview, saved).items()} == {w: len(ids) for w, ids in ways.items()}
    for way, (count, first) in told(preview, saved).items():
        assert first == set(sorted(ways[way])[: min(count, 3)])
    taken = [product_id for product_id, winner in after.items() if winner == saved]
    assert (preview.count, preview.first) == (len(taken), tuple(sorted(taken)[:3]))
    assert preview.gained == sum(len(ids) for way, ids in ways.items() if way[1] == saved)
    assert preview.lost == sum(len(ids) for way, ids in ways.items() if way[0] == saved)
    async with desk.deps.database.read() as session:
        affected = await applying.affected_by(session, shop_id=desk.shop.id, template_id=saved, first=3)
    assert preview.affected == affected


async def test_what_a_look_tells_is_what_the_save_does(desk: Desk) -> None:
    """Thirty saves of new and changed templates one after the other, some by hand, some the default."""
    random = Random(5)
    products = await desk.add(*(random.sample(TAGS, random.randint(0, 3)) for _ in range(40)))
    known: list[UUID] = []
    for step in range(30):
        before = await standing(desk)
        if known and random.random() < 0.6:
            template_id, wanted = random.choice(known), TemplatePatch(**a_template(random))
            preview = await look_at(desk, template_id, wanted)
            saved = (await desk.change(template_id, **a_patch(wanted))).id
        else:
            given = a_template(random)
            draft = TemplateDraft(f"T{step}", MUGS, **given)
            preview = await look_new(desk, draft)
            content = given.pop("content")
            saved = (await desk.make(f"T{step}", content, **given)).id
            known.append(saved)
        await check(desk, preview, saved, before)
        if step == 10:
            await desk.list_with(known[0], *products[:10])
            await desk.list_with(known[-1], *products[10:15])
            await by_hand(desk, known[0], *products[20:24])


def a_patch(patch: TemplatePatch) -> dict[str, Any]:
    return {"content": patch.content, "rank": patch.rank, "is_default": patch.is_default}


async def by_hand(desk: Desk, template_id: UUID, *product_ids: UUID) -> None:
    async with desk.deps.database.write() as session:
        await assigning.assign(
            session,
            shop_id=desk.shop.id,
            template_id=template_id,
            product_ids=product_ids,
            actor="user:42",
            now=desk.deps.clock(),
        )


async def test_a_look_writes_nothing(desk: Desk) -> None:
    row = await desk.make("Mugs", takes("mug"))
    await desk.add(["mug"])
    preview = await look_at(desk, row.id, TemplatePatch(name="Cups", is_default=True, category=BOWLS))
    assert (preview.template.name, preview.template.category) == ("Cups", BOWLS)
    async with desk.deps.database.read() as session:
        now = await templates.get(session, shop_id=desk.shop.id, template_id=row.id)
    assert (now.name, now.is_default, now.category_id, now.revision) == ("Mugs", False, "2", 1)


async def test_a_look_is_refused_as_the_save_would_be(desk: Desk) -> None:
    row = await desk.make("Mugs")
    with pytest.raises(Invalid) as caught:
        await look_at(desk, row.id, TemplatePatch(content={"stock": {"cap": 0}}))
    assert caught.value.field == ("input", "content", "stock", "cap")
    with pytest.raises(NotFound):
        await look_at(desk, new_id(), TemplatePatch())


async def test_products_are_shown_as_they_would_be_sent(desk: Desk) -> None:
    await desk.make("Rest", is_default=True, category=BOWLS)
    [product] = await desk.add(["mug"])
    draft = TemplateDraft("Mugs", MUGS, PACKAGE | takes("mug") | {"price": {"percent": "10"}})
    slice_ = await sent(desk, await look_new(desk, draft))
    [shown] = slice_.products
    assert (shown.product_id, shown.built.problems, slice_.missing) == (product, (), ())
    assert shown.body is not None
    assert (shown.body["category_id"], shown.body["title"]) == ("2", "Stoneware mug number 1, hand made")
    assert shown.body["skus"][0]["price"] == {"amount": "21.89", "currency": "USD"}
    assert shown.body["main_images"] == [{"uri": f"https://cdn.shopify.com/{product}.jpg"}]
    assert {one.field for one in shown.built.provenance} >= {"title", "package.weight"}


async def test_problems_are_told_before_anything_is_saved(desk: Desk) -> None:
    material = LeafAttribute(id="7", name="Material", is_required=True, is_customizable=True)
    await desk.keep_leaf(Leaf(MUGS, (material,)))
    await desk.add(["mug"])
    draft = TemplateDraft("Mugs", MUGS, PACKAGE | takes("mug"))
    [shown] = (await sent(desk, await look_new(desk, draft))).products
    assert ([one.code for one in shown.built.problems], shown.body) == (["ATTRIBUTE_REQUIRED"], None)
    told_unknown = await sent(desk, await look_new(desk, TemplateDraft("M", BOWLS, PACKAGE | takes("mug"))))
    assert told_unknown.missing == ()


async def test_listings_that_would_be_edited_are_those_of_the_template(desk: Desk) -> None:
    """What its rules take beside them is listed with another, and edited with that; or nobody knows with which."""
    mugs, other = await desk.make("Mugs", takes("mug")), await desk.make("Other", takes("tea"))
    mug, tea, both, idle, linked, blue = await desk.add(["mug"], ["tea"], ["mug", "tea"], ["mug"], ["mug"], ["blue"])
    await desk.list_with(mugs.id, mug)
    await desk.list_with(other.id, tea, both)
    await desk.list_with(None, linked, blue)
    preview = await look_at(desk, mugs.id, TemplatePatch(content=takes("blue")))
    assert (preview.affected.count, preview.affected.first) == (2, (mug, blue))
    async with desk.deps.database.read() as session:
        now = await applying.affected_by(session, shop_id=desk.shop.id, template_id=mugs.id)
    assert (now.count, now.first) == (2, (mug, linked))
    assert idle not in now.first


async def test_what_a_template_takes_is_paged(desk: Desk) -> None:
    mugs = await desk.make("Mugs", takes("mug"))
    ids = await desk.add(*([["mug"]] * 5), ["tea"])
    seen: list[UUID] = []
    after: str | None = None
    while True:
        async with desk.deps.database.read() as session:
            page = await taking.page(
                session, **desk.where, template_id=mugs.id, args=PageArgs(first=2, after=after, total=True)
            )
        seen += [row.id for row in page.nodes]
        assert page.total == 5
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert seen == ids[:5]
    async with desk.deps.database.read() as session:
        untaken = await taking.page(session, **desk.where, template_id=None, args=PageArgs(first=5, total=True))
        with pytest.raises(Invalid):
            await taking.page(session, **desk.where, template_id=None, args=PageArgs(first=5, after="x"))
    assert ([row.id for row in untaken.nodes], untaken.total) == ([ids[5]], 1)
