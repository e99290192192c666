"""Products are listed against the sandbox: what goes well, and what is wrong with a product or with the shop."""

from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from tests.listing.stall import Stall, a_product, codes

IVORY, ROSE, OLIVE = (a_product(f"Beeswax Candle in {name}") for name in ("Ivory", "Rose", "Olive"))


async def test_products_are_listed(stall: Stall) -> None:
    task = await stall.listed(IVORY, ROSE)
    items = await stall.items(task)
    assert [(item.state, codes(item)) for item in items] == [("SUCCEEDED", [])] * 2
    assert task.state is TaskState.SUCCEEDED
    listings = await stall.listings()
    assert [one.status for one in listings] == [ListingStatus.IN_REVIEW] * 2
    assert [item.outcome["remote_id"] for item in items if item.outcome] == [one.remote_id for one in listings]
    products = await stall.products()
    assert stall.created() == {product.remote_id: 1 for product in products}
    assert await stall.open_intents() == []
    calls = ("Check Listing Prerequisites", "Get Attributes", "Get Category Rules", "Search Products")
    assert [stall.calls(name) for name in calls] == [1, 1, 1, 2]


async def test_what_is_sent(stall: Stall) -> None:
    variants = [
        {
            "slot": at,
            "options": [color, size],
            "price": "24.00",
            "compare_at": "30.00",
            "sku": f"T-{color}-{size}",
            "barcode": code,
            "quantity": quantity,
            "weight": 0.5,
            "weight_unit": "POUNDS",
            "image_slot": 1 if color == "Red" else 2,
        }
        for at, (color, size, quantity, code) in enumerate(
            [("Red", "S", 3, "4006381333931"), ("Red", "M", 0, None), ("Blue", "S", 7, "0000"), ("Blue", "M", 2, None)],
            1,
        )
    ]
    pictures = [{"slot": at, "kind": kind, "width": 640, "height": 480} for at, kind in ((1, "jpg"), (2, "png"))]
    product = a_product(
        "Candle Tin",
        options=["Colour", "Size"],
        variants=variants,
        images=pictures,
        html='<h2 class="x">Tin</h2><script>1</script><p>Soy &amp; wax</p>',
    )
    changes = {"price": {"percent": 10, "ending": "0.99"}, "shorten_title": True}
    task = await stall.listed(product, content=changes)
    items = await stall.items(task)
    assert [(item.state, codes(item)) for item in items] == [
        ("SUCCEEDED", ["VARIANTS_WITHOUT_STOCK", "BARCODE_NOT_SENT"])
    ]
    (made,) = stall.world.tiktok.products.values()
    base = made.base
    assert (base.title, base.description) == ("Candle Tin", "<h2>Tin</h2><p>Soy &amp; wax</p>")
    assert (base.category_id, base.category_version, len(base.main_images)) == ("1008592", "v2", 2)
    assert base.package_weight is not None
    assert (base.package_weight.value, base.package_weight.unit) == ("0.227", "KILOGRAM")
    assert base.package_dimensions is not None
    assert [sku.seller_sku for sku in base.skus] == ["T-Red-S", "T-Blue-S", "T-Blue-M"]
    assert [[axis.name for axis in sku.sales_attributes] for sku in base.skus] == [["Color", "Size"]] * 3
    assert [bool(sku.sales_attributes[0].sku_img) for sku in base.skus] == [True] * 3
    assert [sku.identifier_code.code if sku.identifier_code else None for sku in base.skus] == [
        "4006381333931",
        None,
        None,
    ]
    assert {price.amount for price in made.prices.values()} == {"25.99"}
    assert [stock.quantity for entry in made.stock.values() for stock in entry] == [3, 7, 2]
    (listing,) = await stall.listings()
    assert [sku["external_sku_id"] for sku in listing.remote_skus] == [sku.external_sku_id for sku in base.skus]
    assert all(sku["axes"][0]["value_id"] for sku in listing.remote_skus)
    assert stall.world.calls.unknown == {}


async def test_what_is_wrong_with_products_is_told_and_the_others_go_on(stall: Stall) -> None:
    bad = [
        a_product("Candle without words", html="<p></p>"),
        a_product("Candle without a picture", images=[]),
        a_product("Candle sold out", variants=[{"price": "5.00", "quantity": 0, "weight": 100.0}]),
        a_product("Candle for nothing", variants=[{"price": "0.00", "quantity": 1, "weight": 100.0}]),
    ]
    task = await stall.listed(*bad, IVORY)
    items = await stall.items(task)
    assert [codes(item) for item in items] == [
        ["DESCRIPTION_EMPTY"],
        ["IMAGES_MISSING"],
        ["STOCK_EMPTY"],
        ["PRICE_TOO_LOW"],
        [],
    ]
    assert [item.state for item in items] == ["FAILED"] * 4 + ["SUCCEEDED"]
    assert task.state is TaskState.PARTIALLY_SUCCEEDED
    assert await stall.statuses() == {ListingStatus.SYNC_FAILED: 4, ListingStatus.IN_REVIEW: 1}
    assert stall.calls("Create Product") == 1
    assert stall.calls("Upload Product Image") == 1


async def test_a_missing_weight_takes_the_backup_and_says_so(stall: Stall) -> None:
    light = a_product("Candle of air", variants=[{"price": "5.00", "quantity": 1, "weight": 0.0}])
    task = await stall.listed(light)
    (item,) = await stall.items(task)
    assert codes(item) == ["WEIGHT_FROM_BACKUP"]
    assert item.outcome is not None
    assert item.outcome["weight_from"] == "BACKUP"
    (listing,) = await stall.listings()
    assert codes(listing) == ["WEIGHT_FROM_BACKUP"]


async def test_a_refusal_of_the_platform_is_the_products_problem(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Create Product", code=12052570, message="price out of range", first=1)
    task = await stall.listed(IVORY, ROSE)
    items = await stall.items(task)
    assert sorted((item.state, tuple(codes(item))) for item in items) == [
        ("FAILED", ("PRICE_REFUSED",)),
        ("SUCCEEDED", ()),
    ]
    (failed,) = [item for item in items if item.state == "FAILED"]
    assert failed.problems[0]["platform_code"] == 12052570
    assert "price out of range" in failed.problems[0]["message"]
    assert await stall.open_intents() == []


async def test_a_refused_product_keeps_what_was_told_of_it_before(stall: Stall) -> None:
    light = a_product("Candle of air", variants=[{"price": "5.00", "quantity": 1, "weight": 0.0}])
    stall.fault(kind="tiktok", operation="Create Product", code=12052570, message="price out of range", first=1)
    task = await stall.listed(light)
    (item,) = await stall.items(task)
    assert (item.state, codes(item)) == ("FAILED", ["PRICE_REFUSED", "WEIGHT_FROM_BACKUP"])
    (listing,) = await stall.listings()
    assert codes(listing) == ["PRICE_REFUSED", "WEIGHT_FROM_BACKUP"]
    assert (stall.created(), await stall.open_intents()) == ({}, [])


async def test_listing_again_after_a_refusal_uses_a_new_key(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Create Product", code=12052570, first=1)
    await stall.listed(IVORY)
    (product,) = await stall.products()
    assert (await stall.listings())[0].generation == 2
    task = await stall.played(await stall.started([product.id]))
    assert task.state is TaskState.SUCCEEDED
    assert stall.created() == {product.remote_id: 1}


async def test_a_failed_prerequisite_stops_before_the_first_product(stall: Stall) -> None:
    stall.world.settings.prerequisites_failed = {"RETURN_WAREHOUSE": ["No return address"], "BANk_ACCOUNT": ["None"]}
    task = await stall.listed(IVORY, ROSE)
    assert task.state is TaskState.FAILED
    assert task.problem is not None
    assert task.problem["code"] == "PREREQUISITE_FAILED"
    assert (
        "In Seller Center: Add a return warehouse (No return address); Add a bank account (None)."
        in task.problem["message"]
    )
    assert [codes(item) for item in await stall.items(task)] == [["PREREQUISITE_FAILED"]] * 2
    assert [codes(one) for one in await stall.listings()] == [["PREREQUISITE_FAILED"]] * 2
    assert await stall.statuses() == {ListingStatus.SYNC_FAILED: 2}
    assert [stall.calls(name) for name in ("Create Product", "Upload Product Image", "Get Attributes")] == [0, 0, 0]
    assert await stall.open_intents() == []


async def test_a_missing_permission_stops_the_task(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Create Product", code=105005, message="scope missing")
    task = await stall.listed(*(a_product(f"Candle number {number:02}") for number in range(20)))
    assert task.state is TaskState.FAILED
    assert task.problem is not None
    assert task.problem["code"] == "PERMISSION_NEEDED"
    assert await stall.statuses() == {ListingStatus.SYNC_FAILED: 20}
    assert 1 <= stall.calls("Create Product") <= stall.deps.settings.worker_calls
    assert await stall.open_intents() == []


async def test_the_daily_limit_parks_the_rest_until_tomorrow(stall: Stall) -> None:
    stall.world.settings.daily_listing_limit = 1
    await stall.imported(IVORY, ROSE, OLIVE)
    task = await stall.once(await stall.activated(await stall.template()))
    assert task.state is TaskState.WAITING
    waiting = [item for item in await stall.items(task) if item.state == "QUEUED"]
    assert [(codes(item), item.attempts) for item in waiting if codes(item)] != []
    assert {item.attempts for item in waiting} == {0}
    assert len(waiting) == 2
    assert await stall.statuses() == {ListingStatus.IN_REVIEW: 1, ListingStatus.QUEUED: 2}
    stall.world.clock.advance(86_400)
    assert (await stall.once(task)).state is TaskState.WAITING
    assert (await stall.statuses())[ListingStatus.QUEUED] == 1
    stall.world.clock.advance(86_400)
    assert (await stall.played(task)).state is TaskState.SUCCEEDED
    assert set(stall.created().values()) == {1}


async def test_a_leaf_the_platform_no_longer_has_is_the_templates_problem(stall: Stall) -> None:
    await stall.imported(IVORY)
    template = await stall.template()
    stall.fault(kind="tiktok", operation="Get Attributes", code=12052023, message="no such category")
    task = await stall.played(await stall.activated(template))
    assert [codes(item) for item in await stall.items(task)] == [["CATEGORY_UNKNOWN"]]
    assert stall.calls("Create Product") == 0


async def test_the_platform_may_enforce_the_new_tree(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Create Product", code=12052217, first=1)
    task = await stall.listed(IVORY)
    assert [codes(item) for item in await stall.items(task)] == [["CATEGORY_VERSION_OUTDATED"]]
    (product,) = await stall.products()
    assert (await stall.played(await stall.started([product.id]))).state is TaskState.SUCCEEDED
    assert stall.calls("Get Attributes") == 2


async def test_the_tree_is_asked_before_the_platform(stall: Stall) -> None:
    await stall.trees()
    stall.world.settings.category_permissions = {}
    task = await stall.listed(IVORY)
    assert task.state is TaskState.SUCCEEDED


async def test_leaf_facts_are_read_once_a_day(stall: Stall) -> None:
    await stall.listed(IVORY)
    for products, reads in (([IVORY, ROSE], 1), ([IVORY, ROSE, OLIVE], 2)):
        if reads == 2:
            stall.world.clock.advance(25 * 3600)
        rows = await stall.imported(*products)
        await stall.played(await stall.started([rows[-1].id]))
        assert stall.calls("Get Attributes") == reads
