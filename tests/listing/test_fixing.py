"""One failed item mended and tried again, in each layer; a patch that does not help is refused."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import select, update

from server.domain.listings import ListingStatus
from server.domain.remedies import LAYERS, FixLayer
from server.domain.tasks import TaskKind, TaskState
from server.kit.errors import AppError
from server.services import tiktok_shops
from server.services.fixing import Fix, fix_and_retry
from server.services.retrying import Bench
from server.services.templates.defaults import set_defaults
from server.store import overrides, templates
from server.tables import CategoryTemplate, Listing, Task, TaskItem, Variant
from tests.listing.stall import CANDLES, CONTENT, Stall, a_product, codes

VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}
GOOD = a_product("Candle in Ivory", variants=[VARIANT])
LONG = " ".join(f"candle {n} of many" for n in range(20))
SIZE = {"dimensions": CONTENT["shipping"]["dimensions"]}
KILO = {"shipping": SIZE | {"weight": {"value": "1", "unit": "KILOGRAM"}}}

FAULTS: dict[str, tuple[dict[str, Any], FixLayer, Mapping[str, Any]]] = {
    "TITLE_TOO_LONG": (
        a_product(LONG, handle="long", variants=[VARIANT]), FixLayer.PRODUCT, {"title": "A shorter candle title"},
    ),
    "DESCRIPTION_EMPTY": (
        a_product("Without words", html="", variants=[VARIANT]), FixLayer.TEMPLATE, {"empty_description": "USE_TITLE"},
    ),
    "PRICE_TOO_LOW": (
        a_product("For nothing", variants=[VARIANT | {"price": "0.00", "sku": "FREE-1"}]),
        FixLayer.PRODUCT,
        {"variants": [{"sku": "FREE-1", "price": "9.90"}]},
    ),
    "STOCK_EMPTY": (
        a_product("Sold out", variants=[VARIANT | {"quantity": 0, "sku": "OUT-1"}]),
        FixLayer.PRODUCT,
        {"variants": [{"sku": "OUT-1", "quantity": 3}]},
    ),
    "WEIGHT_MISSING": (
        a_product("Light as air", variants=[VARIANT | {"weight": 0.0}]), FixLayer.SHOP_DEFAULTS, KILO,
    ),
}  # fmt: skip
"""The code, a product that fails with it, and what mends it where."""


async def failed(stall: Stall, *products: dict[str, Any], **changes: Any) -> dict[str, TaskItem]:
    """Failed items by the code they failed with."""
    task = await stall.listed(*products, **changes)
    items = await stall.items(task)
    return {item.problems[0]["code"]: item for item in items if item.state == "FAILED"}


async def fixed(stall: Stall, item: TaskItem, fix: Fix, *, key: str | None = None) -> Task:
    async with stall.deps.database.write() as session:
        bench = Bench(session, stall.deps.queue, stall.deps.feed, stall.shop.id, "token:test", stall.deps.clock())
        return await fix_and_retry(bench, item_id=item.id, fix=fix, idempotency_key=key)


async def refusal(stall: Stall, item: TaskItem, fix: Fix) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(AppError) as caught:
        await fixed(stall, item, fix)
    return caught.value.code, caught.value.field


async def test_each_fault_is_mended_in_one_call(stall: Stall) -> None:
    products = [one for one, _, _ in FAULTS.values()]
    items = await failed(stall, GOOD, *products, content={"shipping": SIZE})
    assert set(items) == set(FAULTS)
    for code, (_, layer, content) in FAULTS.items():
        task = await fixed(stall, items[code], Fix(layer, content=content), key=code)
        assert (await fixed(stall, items[code], Fix(layer, content=content), key=code)).id == task.id
        task = await stall.played(task)
        assert (code, task.state, task.total) == (code, TaskState.SUCCEEDED, 1)
    assert sorted(stall.created().values()) == [1] * (len(FAULTS) + 1)


async def test_a_patch_that_does_not_help_changes_nothing(stall: Stall) -> None:
    items = await failed(stall, FAULTS["TITLE_TOO_LONG"][0])
    item, own = items["TITLE_TOO_LONG"], FixLayer.PRODUCT
    cases = [
        (Fix(own, content={"description": "<p>Burns.</p>"}), ("INVALID", ("input", "patch"))),
        (
            Fix(own, content={"title": "Good title for it", "pictures": ["ftp://x"]}),
            ("INVALID", ("input", "patch", "pictures", "0")),
        ),
        (Fix(own, content={"colour": "red"}), ("INVALID", ("input", "patch", "colour"))),
        (Fix(FixLayer.TEMPLATE, content={"title": "Good title for it"}), ("INVALID", ("input", "patch", "title"))),
        (Fix(FixLayer.SHOP_DEFAULTS, category=CANDLES), ("INVALID", ("input", "patch", "category"))),
        (Fix(FixLayer.SHOP_DEFAULTS, content={"attributes": []}), ("INVALID", ("input", "patch", "attributes"))),
    ]
    for fix, expected in cases:
        assert await refusal(stall, item, fix) == expected, fix
    async with stall.deps.database.read() as session:
        assert await overrides.by_products(session, **stall.where, product_ids=[item.subject_id]) == {}
    assert not stall.created()


async def test_only_what_failed_is_mended(stall: Stall) -> None:
    task = await stall.listed(GOOD)
    (item,) = await stall.items(task)
    assert await refusal(stall, item, Fix(FixLayer.PRODUCT, content={"title": "Another title"})) == (
        "CONFLICT",
        ("input", "itemId"),
    )


async def test_another_title_that_is_too_long_is_no_mending(stall: Stall) -> None:
    items = await failed(stall, FAULTS["TITLE_TOO_LONG"][0])
    shorter = Fix(FixLayer.PRODUCT, content={"title": LONG[:280].strip()})
    assert await refusal(stall, items["TITLE_TOO_LONG"], shorter) == ("INVALID", ("input", "patch"))
    async with stall.deps.database.read() as session:
        assert (
            await overrides.by_products(session, **stall.where, product_ids=[items["TITLE_TOO_LONG"].subject_id]) == {}
        )


async def test_only_the_named_template_is_patched(stall: Stall) -> None:
    (product,) = await stall.imported(FAULTS["DESCRIPTION_EMPTY"][0])
    everything = await stall.template()
    named = await stall.template(is_default=False)
    task = await stall.played(await stall.started([product.id], template_id=named.id))
    (item,) = await stall.items(task)
    task = await stall.played(
        await fixed(stall, item, Fix(FixLayer.TEMPLATE, content={"empty_description": "USE_TITLE"}))
    )
    assert (task.state, [one.template_id for one in await stall.listings()]) == (TaskState.SUCCEEDED, [named.id])
    assert await revisions(stall, everything, named) == [1, 2]


async def test_an_edit_is_mended_in_the_template_of_its_listing(stall: Stall) -> None:
    (product,) = await stall.imported(FAULTS["DESCRIPTION_EMPTY"][0])
    everything = await stall.template()
    own = await stall.template(is_default=False)
    failure = await stall.failed(TaskKind.EDIT, product, {"products": 1}, code="DESCRIPTION_EMPTY")
    await stall.shelved(product, ListingStatus.LIVE, template=own)
    (item,) = await stall.items(failure)
    task = await fixed(stall, item, Fix(FixLayer.TEMPLATE, content={"empty_description": "USE_TITLE"}))
    assert (task.kind, task.retry_of) == (TaskKind.EDIT, failure.id)
    assert await revisions(stall, everything, own) == [1, 2]


async def test_a_live_product_that_is_sold_out_gets_the_title_that_was_refused(stall: Stall) -> None:
    """What is on TikTok Shop stays there without stock, so the lack of it keeps no edit from being mended."""
    (product,) = await stall.imported(a_product("Sold out", variants=[VARIANT | {"quantity": 0, "sku": "OUT-1"}]))
    template = await stall.template()
    failure = await stall.failed(TaskKind.EDIT, product, {"products": 1}, code="TITLE_REFUSED")
    await stall.shelved(product, ListingStatus.LIVE, template=template)
    async with stall.deps.database.write() as session:
        variant = (await session.exec(select(Variant.remote_id))).one()
        skus = [{"id": "1729382256910270001", "external_sku_id": variant}]
        await session.exec(update(Listing).values(remote_skus=skus))
    (item,) = await stall.items(failure)
    task = await fixed(stall, item, Fix(FixLayer.PRODUCT, content={"title": "A good title for candles"}))
    assert (task.kind, task.retry_of, task.total) == (TaskKind.EDIT, failure.id, 1)
    async with stall.deps.database.read() as session:
        own = await overrides.by_products(session, **stall.where, product_ids=[product.id])
    assert own[product.id].content == {"title": "A good title for candles"}


async def test_a_key_that_listed_products_mends_nothing(stall: Stall) -> None:
    (product,) = await stall.imported(FAULTS["TITLE_TOO_LONG"][0])
    await stall.template()
    first = await stall.played(await stall.started([product.id], key="mine"))
    (item,) = await stall.items(first)
    title = Fix(FixLayer.PRODUCT, content={"title": "A shorter candle title"})
    with pytest.raises(AppError) as caught:
        await fixed(stall, item, title, key="mine")
    assert (caught.value.code, caught.value.field) == ("CONFLICT", ("input", "idempotencyKey"))
    assert await stall.tasks(TaskKind.LISTING) == [first]
    async with stall.deps.database.read() as session:
        assert await overrides.by_products(session, **stall.where, product_ids=[product.id]) == {}


async def test_a_patch_leaves_the_rest_of_a_part_as_it_was(stall: Stall) -> None:
    (product,) = await stall.imported(FAULTS["WEIGHT_MISSING"][0])
    template = await stall.template(content={"shipping": {}})
    async with stall.deps.database.write() as session:
        await set_defaults(session, **stall.where, content={"shipping": SIZE})
    (item,) = await stall.items(await stall.played(await stall.activated(template)))
    assert item.subject_id == product.id
    weight = {"shipping": {"weight": {"value": "1", "unit": "KILOGRAM"}}}
    task = await stall.played(await fixed(stall, item, Fix(FixLayer.SHOP_DEFAULTS, content=weight)))
    assert task.state is TaskState.SUCCEEDED
    async with stall.deps.database.read() as session:
        shop = await tiktok_shops.get(session, shop_id=stall.shop.id, tiktok_shop_id=stall.tiktok_shop.id)
    assert shop.defaults["shipping"]["weight"] == {"value": "1", "unit": "KILOGRAM"}
    assert shop.defaults["shipping"]["dimensions"]["unit"] == "CENTIMETER"


async def test_a_product_without_a_template_gets_a_category_of_its_own(stall: Stall) -> None:
    (product,) = await stall.imported(GOOD)
    (item,) = await stall.items(await stall.played(await stall.started([product.id])))
    assert codes(item) == ["NO_TEMPLATE"]
    async with stall.deps.database.write() as session:
        await set_defaults(session, **stall.where, content={"shipping": SIZE})
    assert await refusal(stall, item, Fix(FixLayer.TEMPLATE, CANDLES)) == ("CONFLICT", ("input", "layer"))
    task = await stall.played(await fixed(stall, item, Fix(FixLayer.PRODUCT, CANDLES)))
    assert (task.state, list(stall.created().values())) == (TaskState.SUCCEEDED, [1])


async def test_what_the_platform_refused_is_mended_too(stall: Stall) -> None:
    dear = a_product("Golden", variants=[VARIANT | {"price": "99999.00", "sku": "GOLD"}])
    item = (await failed(stall, dear))["PRICE_REFUSED"]
    assert LAYERS["PRICE_REFUSED"] == {FixLayer.PRODUCT}
    cheaper = Fix(FixLayer.PRODUCT, content={"variants": [{"sku": "GOLD", "price": "99.00"}]})
    task = await stall.played(await fixed(stall, item, cheaper))
    assert (task.state, list(stall.created().values())) == (TaskState.SUCCEEDED, [1])


async def test_changes_of_status_have_nothing_to_mend(stall: Stall) -> None:
    (product,) = await stall.imported(GOOD)
    await stall.shelved(product, ListingStatus.LIVE)
    (item,) = await stall.items(await stall.failed(TaskKind.STATUS, product, {"action": "DEACTIVATE"}))
    title = Fix(FixLayer.PRODUCT, content={"title": "Another title"})
    assert await refusal(stall, item, title) == ("CONFLICT", ("input", "itemId"))


async def revisions(stall: Stall, *rows: CategoryTemplate) -> list[int]:
    async with stall.deps.database.read() as session:
        found = await templates.by_ids(session, shop_id=stall.shop.id, ids=[row.id for row in rows])
    return [found[row.id].revision for row in rows]
