"""What queries cost, and what happens when the bucket is empty (Shopify fact sheet 3.5)."""

from tests.sandbox_shopify.conftest import Admin


async def test_the_bucket_empties_and_fills(admin: Admin) -> None:
    world = admin.world
    world.clock.freeze()
    world.settings.shopify_bucket, world.settings.shopify_restore_rate = 20, 2
    query = "{ products(first: 50) { nodes { id } } }"  # 2 ln 50, rounded up
    first = (await admin.answer(query))["extensions"]["cost"]
    assert first == {
        "requestedQueryCost": 8,
        "actualQueryCost": 8,
        "throttleStatus": {"maximumAvailable": 20, "currentlyAvailable": 12, "restoreRate": 2},
    }
    await admin.answer(query)
    throttled = await admin.answer(query)
    assert throttled == {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
            }
        ],
        "extensions": {
            "cost": {
                "requestedQueryCost": 8,
                "actualQueryCost": None,
                "throttleStatus": {"maximumAvailable": 20, "currentlyAvailable": 4, "restoreRate": 2},
            }
        },
    }
    world.clock.advance(2)
    assert "errors" not in await admin.answer(query)


async def test_the_measured_cost_of_the_live_platform(admin: Admin) -> None:
    query = "query($id: ID!) { product(id: $id) { variants(first: 250) { nodes { inventoryItem { id tracked } } } } }"
    cost = (await admin.answer(query, id="gid://shopify/Product/1"))["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (25, 1)


async def test_a_query_that_costs_too_much_for_good(admin: Admin) -> None:
    inner = "variants(first: 250) { nodes { product { media(first: 50) { nodes { id } } } } }"
    answer = await admin.answer(f"{{ products(first: 250) {{ nodes {{ id {inner} }} }} }}")
    assert (answer["errors"][0]["extensions"]["code"], "data" in answer) == ("MAX_COST_EXCEEDED", False)
