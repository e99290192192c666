"""What is said of products is remembered, the latest counts, and mappings speak last (N10)."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef
from server.domain.listings import ListingStatus
from server.kit.ids import new_id
from server.services import mappings, templates
from server.services.recommendations import teaching
from server.services.recommendations.teaching import ChoiceSource, Confirmed
from server.services.templates import TemplateDraft, assigning, clearing, overriding
from server.services.templates.overriding import OverrideWish
from server.store import mapping_sources
from server.tables import Listing
from tests.mappings.conftest import BOWLS, MUGS, Bench, a_category, a_type

APPROVAL, EDIT, ASSIGNMENT = ChoiceSource.APPROVAL, ChoiceSource.EDIT, ChoiceSource.ASSIGNMENT


async def learned(bench: Bench, *choices: tuple[UUID, CategoryRef, ChoiceSource]) -> set[UUID]:
    async with bench.deps.database.write() as session:
        said = [Confirmed(*one) for one in choices]
        return await teaching.learn(session, **bench.where, choices=said, by="user:42", now=bench.deps.clock())


async def test_the_latest_word_about_a_product_counts(bench: Bench) -> None:
    one, other = await bench.add(amount=2)
    assert await learned(bench, (one, MUGS, APPROVAL), (other, MUGS, ASSIGNMENT), (one, BOWLS, EDIT)) == {one, other}
    assert await bench.taught() == [(one, "4", "EDIT"), (other, "2", "ASSIGNMENT")]
    assert await learned(bench, (one, BOWLS, EDIT)) == set()
    assert await learned(bench, (one, MUGS, ChoiceSource.UPGRADE)) == {one}
    assert sorted(await bench.taught()) == sorted([(one, "2", "UPGRADE"), (other, "2", "ASSIGNMENT")])


async def test_strangers_products_teach_nothing(bench: Bench) -> None:
    assert await learned(bench, (new_id(), MUGS, APPROVAL)) == set()
    assert await learned(bench) == set()
    assert await bench.taught() == []


async def test_a_mapping_by_hand_teaches_what_nobody_spoke_about(bench: Bench) -> None:
    known, fresh = await bench.add(product_type="Mugs", amount=2)
    [elsewhere] = await bench.add(product_type="Mugs", category="hg-1")
    await bench.set(a_category("hg-1"), BOWLS)
    await learned(bench, (known, BOWLS, APPROVAL))
    await bench.set(a_type("Mugs"), MUGS)
    said = {(elsewhere, "4", "MAPPING"), (known, "4", "APPROVAL"), (fresh, "2", "MAPPING")}
    assert set(await bench.taught()) == said


async def test_what_a_mapping_taught_goes_with_it(bench: Bench) -> None:
    [product] = await bench.add(product_type="Mugs", category="hg-1")
    by_category = await bench.set(a_category("hg-1"), BOWLS)
    await bench.set(a_type("Mugs"), MUGS)
    assert await bench.taught() == [(product, "4", "MAPPING")]
    await bench.set(a_category("hg-1"), MUGS)
    assert await bench.taught() == [(product, "2", "MAPPING")]
    async with bench.deps.database.write() as session:
        await mappings.delete(session, shop_id=bench.shop.id, mapping_id=by_category.id, now=bench.deps.clock())
    assert await bench.taught() == [(product, "2", "MAPPING")]
    by_type = await bench.set(a_type("Mugs"), BOWLS)
    assert await bench.taught() == [(product, "4", "MAPPING")]
    async with bench.deps.database.write() as session:
        await mappings.delete(session, shop_id=bench.shop.id, mapping_id=by_type.id, now=bench.deps.clock())
    assert await bench.taught() == []


async def test_a_mapping_teaches_no_mapping(bench: Bench) -> None:
    products = await bench.add(product_type="Mugs", category="hg-1", amount=5)
    await bench.set(a_category("hg-1"), MUGS)
    assert {leaf for _, leaf, _ in await bench.taught()} == {"2"}
    found = await bench.mapped(products)
    assert {one.source for one in found.values()} == {a_category("hg-1")}


async def test_only_the_latest_products_of_a_mapping_teach(bench: Bench) -> None:
    await bench.add(product_type="Mugs", amount=mapping_sources.A_SOURCE + 5)
    await bench.set(a_type("Mugs"), MUGS)
    assert len(await bench.taught()) == mapping_sources.A_SOURCE


async def test_what_was_said_in_one_way_is_forgotten_alone(bench: Bench) -> None:
    one, other = await bench.add(amount=2)
    await learned(bench, (one, MUGS, EDIT), (other, MUGS, APPROVAL))
    async with bench.deps.database.write() as session:
        await teaching.forget(session, **bench.where, product_ids=[one, other], sources=[EDIT])
    assert await bench.taught() == [(other, "2", "APPROVAL")]


async def test_assignments_and_overrides_teach_and_stop_teaching(bench: Bench) -> None:
    given, own = await bench.add(amount=2)
    now = bench.deps.clock()
    async with bench.deps.database.write() as session:
        row = await templates.create(session, **bench.where, draft=TemplateDraft("Table", MUGS, {}), now=now)
        by_hand: dict[str, Any] = {"shop_id": bench.shop.id, "template_id": row.id, "product_ids": [given]}
        await assigning.assign(session, **by_hand, actor="user:42", now=now)
        wish = OverrideWish(own, BOWLS)
        await overriding.set_one(session, **bench.where, wish=wish, actor="user:42", now=now)
    assert sorted(await bench.taught()) == sorted([(given, "2", "ASSIGNMENT"), (own, "4", "EDIT")])
    async with bench.deps.database.write() as session:
        await assigning.unassign(session, **by_hand, actor="user:42", now=now)
        every: dict[str, Any] = {"policy": ErrorPolicy.REJECT_EVERYTHING, "actor": "user:42", "now": now}
        await clearing.clear(session, **bench.where, product_ids=[own], **every)
    assert await bench.taught() == []


async def test_listings_of_a_mapped_category_are_due_for_an_edit(bench: Bench) -> None:
    listed, waiting = await bench.add(product_type="Mugs", amount=2)
    [other] = await bench.add(product_type="Bowls")
    async with bench.deps.database.write() as session:
        for product, remote_id in ((listed, "1"), (waiting, None), (other, "2")):
            status = ListingStatus.LIVE if remote_id else ListingStatus.NOT_SYNCED
            now = bench.deps.clock()
            row = Listing(**bench.where, product_id=product, remote_id=remote_id, status=status, updated_at=now)
            session.add(row)
    await bench.set(a_type("Mugs"), MUGS)
    async with bench.deps.database.read() as session:
        rows = await session.exec(select(Listing).where(col(Listing.edit_due_at).is_not(None)))
        assert [(row.product_id, row.edit_cause) for row in rows] == [(listed, "MAPPING")]
