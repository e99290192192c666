"""What a merchant does is told by webhooks, in the REST shape, to those who subscribed (Shopify fact sheet 2)."""

import json
from typing import Any

import pytest

from sandbox.deliveries import Delivery
from sandbox.shopify.subscriptions import topic_in_header
from tests.sandbox_shopify.conftest import SHOP, Admin

URI = "http://127.0.0.1:9/hooks"
CREATE = """mutation($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
        webhookSubscription { id topic uri filter includeFields name } userErrors { field message } } }"""


async def subscribe(admin: Admin, topic: str, **hook: object) -> Any:  # JSON of any shape
    answer = await admin.data(CREATE, topic=topic, hook={"uri": URI, **hook})
    return answer["webhookSubscriptionCreate"]


def told(admin: Admin) -> list[Delivery]:
    return list(admin.world.outbox.kept)


def bodies(admin: Admin) -> list[tuple[str, Any]]:
    return [(delivery.topic, json.loads(delivery.body)) for delivery in told(admin)]


@pytest.mark.parametrize(
    ("topic", "header"),
    [
        ("PRODUCTS_UPDATE", "products/update"),
        ("APP_UNINSTALLED", "app/uninstalled"),
        ("APP_SCOPES_UPDATE", "app/scopes_update"),
        ("BULK_OPERATIONS_FINISH", "bulk_operations/finish"),
        ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
        ("SHOP_UPDATE", "shop/update"),
    ],
)
def test_topics_in_the_header(topic: str, header: str) -> None:
    assert topic_in_header(topic) == header


async def test_a_changed_product(admin: Admin) -> None:
    made = await subscribe(admin, "PRODUCTS_UPDATE", name="catalogue")
    await admin.control("change-product", id="linen-wrap-midi-dress", patch={"title": "Linen Dress", "status": "DRAFT"})
    (delivery,) = told(admin)
    assert (delivery.topic, delivery.shop, delivery.url) == ("products/update", SHOP, URI)
    assert delivery.headers["x-shopify-name"] == "catalogue"
    assert delivery.subscription == made["webhookSubscription"]["id"]
    body = json.loads(delivery.body)
    assert (body["title"], body["status"], body["handle"]) == ("Linen Dress", "draft", "linen-wrap-midi-dress")
    assert body["admin_graphql_api_id"] == f"gid://shopify/Product/{body['id']}"
    assert body["tags"] == "linen, summer, womenswear"
    assert body["category"]["full_name"] == "Apparel & Accessories > Clothing > Dresses"
    assert [option["name"] for option in body["options"]] == ["Colour", "Size"]
    variant = body["variants"][0]
    assert (variant["option1"], variant["option2"], variant["option3"]) == ("Olive", "XS", None)
    assert variant["price"] == "79.00"
    assert len(body["variant_gids"]) == 10
    assert body["images"][0]["src"].startswith("http")
    again = await admin.data(
        '{ productByIdentifier(identifier: {handle: "linen-wrap-midi-dress"}) { title updatedAt } }'
    )
    assert again["productByIdentifier"] == {"title": "Linen Dress", "updatedAt": body["updated_at"]}


async def test_only_the_first_hundred_variants_are_full(admin: Admin) -> None:
    await subscribe(admin, "PRODUCTS_UPDATE")
    await admin.control("change-product", id="many-variants", patch={"vendor": "Other"})
    ((_, body),) = bodies(admin)
    assert (len(body["variants"]), len(body["variant_gids"])) == (100, 168)


async def test_a_product_comes_and_goes(admin: Admin) -> None:
    await subscribe(admin, "PRODUCTS_CREATE")
    await subscribe(admin, "PRODUCTS_DELETE")
    added = await admin.control(
        "add-product", product={"handle": "new", "title": "New", "variants": [{"price": "3.00"}]}
    )
    await admin.control("delete-product", id=added["id"])
    (created, made), (deleted, gone) = bodies(admin)
    assert (created, made["title"], made["variants"][0]["title"]) == ("products/create", "New", "Default Title")
    assert (deleted, gone) == ("products/delete", {"id": made["id"]})
    assert (await admin.data("query($id: ID!) { product(id: $id) { id } }", id=added["id"]))["product"] is None


async def test_stock(admin: Admin) -> None:
    for topic in ("PRODUCTS_UPDATE", "INVENTORY_LEVELS_UPDATE", "INVENTORY_ITEMS_UPDATE"):
        await subscribe(admin, topic)
    variant = "gid://shopify/ProductVariant/44100000000001"
    await admin.control("change-variant", id=variant, patch={"quantity": 3})
    assert [topic for topic, _ in bodies(admin)] == ["products/update", "inventory_levels/update"]
    level = bodies(admin)[1][1]
    assert (level["available"], level["inventory_item_id"]) == (3, 46_200_000_000_001)
    await admin.control("change-variant", id=variant, patch={"weight": 2.5, "weight_unit": "POUNDS"})
    topic, item = bodies(admin)[-1]
    assert (topic, item["weight_value"], item["weight_unit"]) == ("inventory_items/update", 2.5, "lb")


async def test_a_filter_and_named_fields(admin: Admin) -> None:
    await subscribe(
        admin, "PRODUCTS_UPDATE", filter="vendor:Inkwell", includeFields=["id", "updated_at", "variants.id"]
    )
    await admin.control("change-product", id="no-images", patch={"title": "Hook"})
    assert told(admin) == []
    await admin.control("change-product", id="no-description", patch={"title": "Pin"})
    ((_, body),) = bodies(admin)
    assert set(body) == {"id", "updated_at", "variants"}
    assert [set(one) for one in body["variants"]] == [{"id"}]


async def test_one_event_for_two_subscriptions(admin: Admin) -> None:
    await subscribe(admin, "PRODUCTS_UPDATE")
    await subscribe(admin, "PRODUCTS_UPDATE", uri="http://127.0.0.1:9/second")
    await admin.control("change-product", id="no-images", patch={"title": "Hook"})
    first, second = told(admin)
    assert first.headers["x-shopify-event-id"] == second.headers["x-shopify-event-id"]
    assert first.headers["x-shopify-webhook-id"] != second.headers["x-shopify-webhook-id"]


async def test_the_apps_own_address_hears_everything_once(admin: Admin) -> None:
    admin.world.outbox.targets.shopify = URI
    await subscribe(admin, "PRODUCTS_UPDATE")
    await admin.control("change-product", id="no-images", patch={"title": "Hook"})
    await admin.control("change-shop", patch={"currency": "EUR"})
    assert [(one.topic, one.url, bool(one.subscription)) for one in told(admin)] == [
        ("products/update", URI, True),
        ("shop/update", URI, False),
    ]
    assert bodies(admin)[1][1]["currency"] == "EUR"


async def test_uninstalling(admin: Admin) -> None:
    await subscribe(admin, "APP_UNINSTALLED")
    await subscribe(admin, "PRODUCTS_UPDATE")
    await admin.control("uninstall")
    ((topic, body),) = bodies(admin)
    assert (topic, body["myshopify_domain"]) == ("app/uninstalled", SHOP)
    assert (await admin.post("{ shop { id } }")).status_code == 401
    assert admin.shop.subscriptions == {}
    await admin.control("change-product", id="no-images", patch={"title": "Hook"})
    assert len(told(admin)) == 1
    await admin.control("install")
    assert (await admin.post("{ shop { id } }")).status_code == 401  # the old token stays dead


async def test_other_scopes(admin: Admin) -> None:
    await subscribe(admin, "APP_SCOPES_UPDATE")
    await admin.control("scopes", scopes=["read_products"])
    ((_, body),) = bodies(admin)
    assert (body["previous"], body["current"]) == (["read_products", "read_inventory"], ["read_products"])


async def test_a_bulk_operation_ends(admin: Admin) -> None:
    await subscribe(admin, "BULK_OPERATIONS_FINISH")
    run = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { message } } }"
    started = await admin.data(run, q="{ products { nodes { id } } }")
    await admin.data("{ shop { id } }")
    ((_, body),) = bodies(admin)
    assert body["admin_graphql_api_id"] == started["bulkOperationRunQuery"]["bulkOperation"]["id"]
    assert (body["status"], body["type"], body["error_code"]) == ("completed", "query", None)


@pytest.mark.parametrize(
    ("topic", "uri", "said"),
    [
        ("PRODUCTS_UPDATE", "http://example.com/h", "Address protocol http:// is not supported"),
        ("PRODUCTS_UPDATE", "", "Address can't be blank"),
        ("PRODUCTS_UPDATE", "nonsense", "Address is invalid"),
    ],
)
async def test_subscriptions_that_cannot_be_made(admin: Admin, topic: str, uri: str, said: str) -> None:
    answer = await subscribe(admin, topic, uri=uri)
    assert (answer["webhookSubscription"], answer["userErrors"][0]["message"]) == (None, said)
    assert admin.shop.subscriptions == {}


async def test_changing_and_deleting_a_subscription(admin: Admin) -> None:
    made = (await subscribe(admin, "PRODUCTS_UPDATE"))["webhookSubscription"]
    double = await subscribe(admin, "PRODUCTS_UPDATE")
    assert double["userErrors"][0]["message"] == "Address for this topic has already been taken"
    update = """mutation($id: ID!, $hook: WebhookSubscriptionInput!) {
        webhookSubscriptionUpdate(id: $id, webhookSubscription: $hook) {
            webhookSubscription { uri filter } userErrors { message } } }"""
    changed = await admin.data(update, id=made["id"], hook={"uri": "https://example.com/h", "filter": "tag:a"})
    assert changed["webhookSubscriptionUpdate"]["webhookSubscription"] == {
        "uri": "https://example.com/h",
        "filter": "tag:a",
    }
    listed = await admin.data(
        "{ webhookSubscriptions(first: 5, topics: [PRODUCTS_UPDATE]) { nodes { id apiVersion { handle } } } }"
    )
    assert listed["webhookSubscriptions"]["nodes"] == [{"id": made["id"], "apiVersion": {"handle": "2026-10"}}]
    delete = """mutation($id: ID!) {
        webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } } }"""
    gone = (await admin.data(delete, id=made["id"]))["webhookSubscriptionDelete"]
    assert gone == {"deletedWebhookSubscriptionId": made["id"], "userErrors": []}
    again = (await admin.data(delete, id=made["id"]))["webhookSubscriptionDelete"]
    assert again["userErrors"] == [{"field": ["id"], "message": "Webhook subscription does not exist"}]


async def test_a_subscription_dies_with_its_last_retry(admin: Admin) -> None:
    await subscribe(admin, "PRODUCTS_UPDATE")
    await admin.control("change-product", id="no-images", patch={"title": "Hook"})
    (delivery,) = told(admin)
    for hook in admin.world.outbox.on_exhausted:
        hook(delivery)
    assert admin.shop.subscriptions == {}


@pytest.mark.parametrize(
    ("action", "given", "field"),
    [
        ("change-product", {"id": "nobody", "patch": {}}, "id"),
        ("change-product", {"id": "no-images", "patch": {"colour": "red"}}, "colour"),
        ("change-product", {"id": "no-images", "patch": {"options": ["A", "B"]}}, "product"),
        ("change-variant", {"id": "1", "patch": {}}, "id"),
        ("standing", {"standing": "closed"}, "standing"),
        ("scopes", {"scopes": "all"}, "scopes"),
        ("add-shop", {"shop": "example.com"}, "shop"),
        ("id-token", {"shop": "nobody.myshopify.com"}, "shop"),
    ],
)
async def test_control_that_cannot_be_followed(admin: Admin, action: str, given: dict[str, object], field: str) -> None:
    response = await admin.client.post(f"/_sandbox/shopify/{action}", json=given)
    assert (response.status_code, field in response.text) == (400, True)
    assert told(admin) == []
