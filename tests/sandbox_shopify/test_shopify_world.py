"""Pictures, several shops, the state file, and the same seed giving the same answers."""

import io
import time
from typing import Any

import httpx
import pytest
from PIL import Image

from sandbox.app import create_app
from sandbox.config import SandboxConfig
from sandbox.shopify import id_tokens
from sandbox.shopify.summary import credentials, products
from sandbox.world import World
from tests.sandbox_shopify.conftest import SHOP, Admin

MEDIA = """query($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
    media(first: 20) { nodes { ... on MediaImage { mimeType image { url width height } } } } } }"""


async def pictures(admin: Admin, handle: str) -> list[Any]:
    found = await admin.data(MEDIA, handle=handle)
    return list(found["productByIdentifier"]["media"]["nodes"])


async def fetch(client: httpx.AsyncClient, node: Any) -> httpx.Response:  # JSON of any shape
    return await client.get(node["image"]["url"])


@pytest.mark.parametrize(
    ("handle", "kind"),
    [("tiny-image", "PNG"), ("webp-only", "WEBP"), ("gif-image", "GIF"), ("no-sku", "JPEG"), ("narrow-image", "PNG")],
)
async def test_a_picture_is_what_the_media_says(admin: Admin, handle: str, kind: str) -> None:
    node = (await pictures(admin, handle))[0]
    response = await fetch(admin.client, node)
    assert (response.status_code, response.headers["content-type"]) == (200, node["mimeType"])
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == (kind, (node["image"]["width"], node["image"]["height"]))


async def test_pictures_differ_and_stay_the_same(admin: Admin) -> None:
    nodes = [*await pictures(admin, "twelve-images"), *await pictures(admin, "no-sku")]
    contents = [(await fetch(admin.client, node)).content for node in nodes]
    assert len(nodes) == len(set(contents)) == 13
    assert (await fetch(admin.client, nodes[0])).content == contents[0]


async def test_broken_pictures(admin: Admin) -> None:
    dead, whole = await pictures(admin, "dead-image")
    assert [(await fetch(admin.client, node)).status_code for node in (dead, whole)] == [404, 200]
    (fake,) = await pictures(admin, "image-is-html")
    response = await fetch(admin.client, fake)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for name in ("nobody-1.jpg", "no-sku-1.png", "no-sku-9.jpg", "x"):
        assert (await admin.client.get(f"/cdn/shop/{SHOP}/products/{name}")).status_code == 404


async def test_a_second_shop_is_apart(admin: Admin) -> None:
    other = "second-seller.myshopify.com"
    product = {"handle": "only", "title": "Only One", "variants": [{"price": "1.00"}]}
    await admin.control("add-shop", shop=other, products=[product])
    token = (await admin.control("token", shop=other))["access_token"]
    path = f"/shopify/{other}/admin/api/2026-10/graphql.json"
    query = {"query": "{ shop { myshopifyDomain } products(first: 5) { nodes { handle } } }"}
    response = await admin.client.post(path, json=query, headers={"X-Shopify-Access-Token": token})
    assert response.json()["data"] == {"shop": {"myshopifyDomain": other}, "products": {"nodes": [{"handle": "only"}]}}
    foreign = await admin.client.post(path, json=query, headers={"X-Shopify-Access-Token": admin.token})
    assert foreign.status_code == 401


async def test_the_state_survives(admin: Admin) -> None:
    world = admin.world
    run = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { message } } }"
    await admin.data(run, q="{ products { nodes { id title } } }")
    await admin.control("change-product", id="no-images", patch={"title": "Hook", "tags": ["a"]})
    await admin.control("delete-product", id="no-sku")
    await admin.control("add-product", product={"handle": "new", "title": "New", "collections": ["fresh"]})
    await admin.control("standing", standing="frozen")
    dumped = world.shopify.dump()
    other = World.fresh(world.config)
    other.shopify.load(dumped)
    assert other.shopify.dump() == dumped
    shop = other.shopify.shops[SHOP]
    assert (shop.standing, shop.store.count(), shop.tokens.live(admin.token, world.clock.now()) is not None) == (
        "frozen",
        178,
        True,
    )
    found = shop.store.by_handle("no-images")
    assert found is not None
    assert (found.title, shop.store.by_handle("no-sku"), "fresh" in shop.store.collections) == ("Hook", None, True)


async def test_the_same_seed_gives_the_same_run() -> None:
    async def run() -> tuple[str, object]:
        sandbox = create_app(SandboxConfig(shopify_shop=SHOP, seed=7))
        world = sandbox.state.world
        world.clock.freeze()
        world.clock.set(1_790_000_000)
        token = id_tokens.mint(world, SHOP)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url="http://s.test") as client:
            access = (await client.post("/_sandbox/shopify/token", json={})).json()["access_token"]
            response = await client.post(
                f"/shopify/{SHOP}/admin/api/2026-10/graphql.json",
                json={"query": "{ products(first: 250) { nodes { id title updatedAt totalInventory } } }"},
                headers={"X-Shopify-Access-Token": access},
            )
        return token + access, response.json()

    assert await run() == await run()


def test_a_hundred_thousand_products_cost_no_start_time() -> None:
    begun = time.process_time()
    world = World.fresh(SandboxConfig(size=100_000))
    assert time.process_time() - begun < 2
    shop = next(iter(world.shopify.shops.values()))
    assert shop.store.count() == 100_000
    last = shop.store.get(99_999)
    assert last is not None
    assert shop.store.by_handle(last.handle) == last
    assert shop.store.product(last.number) == last
    sample = [len(product.data.variants) for product in list(shop.store)[1000:2000]]
    assert 2.5 < sum(sample) / len(sample) < 3.5


async def test_the_summary(admin: Admin) -> None:
    found = credentials(admin.world)
    assert (found["client_id"], found["shop"], found["csv_errors"]) == (
        admin.world.config.shopify_client_id,
        SHOP,
        [],
    )
    rows = products(admin.world, 3)
    assert len(rows) == 3
    assert rows == sorted(rows, key=lambda row: str(row["updated_at"]), reverse=True)
