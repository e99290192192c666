"""Mappings against real PostgreSQL: set, refused, listed with counts, asked for products, learned."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import select

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import MappingOrigin, Sorting, Source, SourceKind, Standing, leaf_for
from server.domain.markets import Market
from server.domain.paging import PageArgs
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.services import mappings
from server.services.mappings import Outcome
from server.services.recommendations import teaching
from server.services.recommendations.teaching import ChoiceSource, Confirmed
from server.store import mappings as store
from server.tables import CategoryMapping, Product
from tests.mappings.conftest import (
    BOWLS,
    KNIVES,
    MUGS,
    OLD_MUGS,
    Bench,
    a_category,
    a_collection,
    a_type,
    collection,
    taxonomy,
)


async def listed(bench: Bench, size: int = 50, **which: Any) -> list[Standing]:
    found: list[Standing] = []
    after: str | None = None
    while True:
        async with bench.deps.database.read() as session:
            page = await mappings.page(session, **bench.where, args=PageArgs(first=size, after=after), **which)
        found += page.nodes
        if not page.has_next:
            return found
        after = page.cursors[-1]


async def leaves(bench: Bench, ids: list[UUID], *versions: CategoryVersion) -> list[str | None]:
    found = await bench.mapped(ids, *versions)
    return [found[one].ref.id if one in found else None for one in ids]


async def test_a_mapping_is_set_read_and_replaced(bench: Bench) -> None:
    await bench.add(product_type="Coffee Mugs ")
    row = await bench.set(a_type(" coffee MUGS"))
    assert (row.key, row.name, row.category_id, row.origin, row.set_by) == (
        "coffee mugs",
        "Coffee Mugs",
        "2",
        MappingOrigin.MANUAL,
        "user:42",
    )
    again = await bench.set(a_type("Coffee mugs"))
    assert (again.id, again.updated_at) == (row.id, row.updated_at)
    other = await bench.set(a_type("Coffee mugs"), BOWLS)
    assert (other.id, other.category_id, other.created_at) == (row.id, "4", row.created_at)
    assert other.updated_at > row.updated_at


@pytest.mark.parametrize(
    ("source", "ref", "error", "field", "says"),
    [
        (a_type(" "), MUGS, Invalid, ("source", "key"), "1 to 255"),
        (Source(SourceKind.COLLECTION, "Summer"), MUGS, Invalid, ("source", "key"), "Shopify's id"),
        (a_type("m"), CategoryRef("1", MUGS.version), Invalid, ("category", "id"), "has subcategories"),
        (a_type("m"), CategoryRef("99", MUGS.version), Invalid, ("category", "id"), "has no category 99"),
        (a_type("m"), KNIVES, Invalid, ("category", "id"), "outside the shop's main category"),
        (a_type("m"), OLD_MUGS, Invalid, ("category", "version"), "products in the v2 tree now"),
    ],
)
async def test_what_cannot_be_mapped_is_told_by_path(
    bench: Bench, source: Source, ref: CategoryRef, error: type[AppError], field: tuple[str, ...], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        await bench.set(source, ref)
    assert caught.value.field == ("input", *field)
    assert await listed(bench) == []


def told(outcomes: list[Outcome]) -> list[str | None]:
    return [None if one.error is None else one.error.field[-1] for one in outcomes]


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (ErrorPolicy.REJECT_FAILED_ROWS, ["a", "b"]),
        (ErrorPolicy.IGNORE_FAILED, ["a", "b"]),
        (ErrorPolicy.REJECT_EVERYTHING, []),
    ],
)
async def test_rows_are_answered_in_their_order(bench: Bench, policy: ErrorPolicy, kept: list[str]) -> None:
    rows = [(a_type("a"), MUGS), (a_type("x"), KNIVES), (a_type("b"), BOWLS), (a_type("A"), BOWLS)]
    outcomes = await bench.set_many(*rows, policy=policy)
    assert told(outcomes) == [None, "id", None, "source"]
    assert [one.mapping.key for one in outcomes if one.mapping] == kept
    assert sorted(one.key for one in await listed(bench)) == kept


async def test_the_rows_of_one_call_are_bounded(bench: Bench) -> None:
    for amount in (0, 251):
        with pytest.raises(Invalid) as caught:
            await bench.set_many(*[(a_type(str(n)), MUGS) for n in range(amount)])
        assert caught.value.field == ("input", "mappings")
    assert await listed(bench) == []


async def furnish(bench: Bench) -> None:
    await bench.add(product_type="Mugs", category="hg-11-10", name="Home > Kitchen > Cups", amount=3)
    await bench.add(product_type=" mugs", category="hg-11", name="Home > Kitchen", collections=[7])
    await bench.add(product_type="Écharpes", category="na", name="Uncategorized", collections=[7, 8], amount=2)


async def test_all_source_categories_stand_with_their_products(bench: Bench) -> None:
    await furnish(bench)
    row = await bench.set(a_category("hg-11"))
    await bench.set(a_type("gone"))
    shown = [(one.name, one.products, one.mapping_id == row.id, one.is_inherited) for one in await listed(bench)]
    assert shown == [
        ("Mugs", 4, False, False),
        ("Home > Kitchen", 4, True, False),
        (collection(7), 3, False, False),
        ("Home > Kitchen > Cups", 3, True, True),
        (collection(8), 2, False, False),
        ("Écharpes", 2, False, False),
        ("gone", 0, False, False),
    ]
    assert row.name == "Home > Kitchen"


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ({"mapped": True}, ["Home > Kitchen", "Home > Kitchen > Cups"]),
        ({"mapped": False}, ["Mugs", collection(7), collection(8), "Écharpes"]),
        ({"search": "kitchen HOME"}, ["Home > Kitchen", "Home > Kitchen > Cups"]),
        ({"search": "%\0"}, []),
        ({"kinds": [SourceKind.PRODUCT_TYPE]}, ["Mugs", "Écharpes"]),
    ],
)
async def test_the_list_is_narrowed_and_paged(bench: Bench, which: dict[str, Any], names: list[str]) -> None:
    await furnish(bench)
    await bench.set(a_category("hg-11"))
    for size in (1, 2, 50):
        assert [one.name for one in await listed(bench, size, **which)] == names


async def test_deleted_products_do_not_count(bench: Bench) -> None:
    [product] = await bench.add(product_type="Mugs", category="hg", name="Home", collections=[7])
    async with bench.deps.database.write() as session:
        row = await session.get_one(Product, product)
        row.deleted_at = bench.deps.clock()
        session.add(row)
    assert await listed(bench) == []


async def test_an_open_tree_must_have_been_fetched(bench: Bench) -> None:
    await bench.sells_in(Market.GB)
    with pytest.raises(Conflict, match="v1 tree has not been fetched"):
        await bench.set(a_type("m"), OLD_MUGS)
    assert await bench.taught() == []


async def test_a_closed_tree_is_refused_even_when_it_is_kept(bench: Bench) -> None:
    await bench.keep(OLD_MUGS.version)
    with pytest.raises(Invalid) as refused:
        await bench.set(a_type("m"), OLD_MUGS)
    assert (refused.value.code, refused.value.field) == ("CATEGORY_VERSION_CLOSED", ("input", "category", "version"))
    assert await listed(bench) == []


async def test_the_most_specific_mapping_decides(bench: Bench) -> None:
    await bench.sells_in(Market.GB)
    await bench.keep(OLD_MUGS.version)
    [product] = await bench.add(product_type="Mugs", category="hg-11-10", collections=[7])
    steps = [
        (a_collection(7), BOWLS),
        (a_type("mugs"), MUGS),
        (a_category("hg"), BOWLS),
        (a_category("hg-11"), OLD_MUGS),
    ]
    assert await leaves(bench, [product]) == [None]
    for source, ref in steps:
        await bench.set(source, ref)
        found = await bench.mapped([product])
        assert (found[product].ref, found[product].source) == (ref, source)
    assert await leaves(bench, [product], BOWLS.version) == ["4"]


TYPES = st.sampled_from(["", " ", "Mugs", "mugs ", "MÜGS", "müGS", "İ", "a-b"])
IDENTS = st.sampled_from([None, "na", "hg", "hg-1", "hg-1-2", "hg-1-20", "hg-11", "aa-1"])
SORTINGS = st.builds(
    lambda kind, ident, numbers: Sorting(
        kind, None if ident is None else taxonomy(ident), tuple(collection(n) for n in numbers)
    ),
    TYPES,
    IDENTS,
    st.lists(st.sampled_from([7, 30, 8]), max_size=3),
)
SOURCES = st.one_of(
    TYPES.map(lambda name: mappings.folded(a_type(name))).filter(lambda source: bool(source.key)),
    IDENTS.filter(bool).map(lambda ident: a_category(str(ident))),
    st.sampled_from([7, 30, 8]).map(a_collection),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SORTINGS, min_size=1, max_size=8), st.dictionaries(SOURCES, st.sampled_from([MUGS, BOWLS]), max_size=8))
async def test_the_database_answers_as_the_rule_does(
    bench: Bench, sortings: list[Sorting], mapped: dict[Source, CategoryRef]
) -> None:
    async with bench.deps.database.write() as session:
        await session.exec(delete(CategoryMapping))
    products = []
    for one in sortings:
        ident = None if one.category_id is None else one.category_id.rpartition("/")[2]
        numbers = [int(each.rpartition("/")[2]) for each in one.collection_ids]
        products += await bench.add(product_type=one.product_type, category=ident, collections=numbers)
    rows = await bench.set_many(*mapped.items()) if mapped else []
    known = {Source(row.mapping.kind, row.mapping.key): row.mapping for row in rows if row.mapping}
    assert set(known) == set(mapped)
    found = await bench.mapped(products)
    rule = {source: (ref, known[source].name) for source, ref in mapped.items()}
    assert [found.get(product) for product in products] == [leaf_for(one, rule) for one in sortings]


async def test_choices_teach_and_hands_decide(bench: Bench) -> None:
    mugs = await bench.add(product_type="Mugs", category="hg-1", name="Home > Cups", collections=[7], amount=5)
    await bench.set(a_category("hg-1"), BOWLS)

    async def learned(*choices: tuple[UUID, CategoryRef]) -> list[tuple[str, int | None, int | None]]:
        said = [Confirmed(product, ref, ChoiceSource.APPROVAL) for product, ref in choices]
        async with bench.deps.database.write() as session:
            await teaching.learn(session, **bench.where, choices=said, by="user:42", now=bench.deps.clock())
        async with bench.deps.database.read() as session:
            rows = await session.exec(select(CategoryMapping).where(CategoryMapping.origin == MappingOrigin.LEARNED))
            return [(f"{row.key}: {row.category_id}", row.agreeing, row.seen) for row in rows]

    assert await learned(*[(one, MUGS) for one in mugs[:2]]) == []
    assert await learned(*[(one, KNIVES) for one in mugs]) == []
    assert await learned(*[(one, MUGS) for one in mugs[:4]], (mugs[4], BOWLS)) == [("mugs: 2", 4, 5)]
    assert await learned(*[(one, MUGS) for one in mugs[:4]], (mugs[4], BOWLS)) == [("mugs: 2", 4, 5)]
    by_hand = await bench.set(a_type("mugs"), MUGS)
    assert (by_hand.origin, by_hand.agreeing) == ("MANUAL", None)
    assert await learned(*[(one, BOWLS) for one in mugs]) == []
    assert await leaves(bench, mugs[:1]) == ["4"]


async def test_strangers_see_and_change_nothing(bench: Bench) -> None:
    products = await bench.add(product_type="Mugs")
    row = await bench.set(a_type("mugs"))
    other = new_id()
    where: dict[str, Any] = {"shop_id": other, "tiktok_shop_id": bench.tiktok_shop.id}
    async with bench.deps.database.write() as session:
        with pytest.raises(NotFound):
            await mappings.page(session, **where, args=PageArgs(first=5))
        with pytest.raises(NotFound):
            await mappings.delete(session, shop_id=other, mapping_id=row.id, now=bench.deps.clock())
        assert await store.leaves(session, **where, product_ids=products, versions=None) == {}
        assert await mappings.by_ids(session, shop_id=other, ids=[row.id]) == {}
        await mappings.delete(session, shop_id=bench.shop.id, mapping_id=row.id, now=bench.deps.clock())
        with pytest.raises(NotFound):
            await mappings.delete(session, shop_id=bench.shop.id, mapping_id=row.id, now=bench.deps.clock())
    assert await leaves(bench, products) == [None]
