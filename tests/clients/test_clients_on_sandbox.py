"""Our clients against the sandbox, which knows nothing of them: every call of the mission once, in a seller's order."""

import io
import logging
import socket
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
import uvicorn
from PIL import Image

from sandbox.app import create_app
from sandbox.config import SandboxConfig
from server.clients.buckets import Rate
from server.clients.errors import Upstream, UpstreamKind
from server.clients.fetch import fetch_image
from server.clients.http import new_http
from server.clients.pace import Lane, Pace
from server.clients.retry import RetryPolicy
from server.clients.shopify import API_VERSION, ShopifyAccess, ShopifyClient, ShopifyProduct
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import TikTokToken
from server.clients.tiktok_bodies import CreateProductBody, EditProductBody, SkuInventory, SkuPrice
from server.clients.tiktok_products import ProductFilter
from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.clock import system_clock
from server.kit.secrets import Secret

CONFIG = SandboxConfig(size=12, strict_versions=False)
FAST = {lane: Rate(start=1000.0, floor=1.0, ceiling=1000.0, growth=1.0, burst=1000.0) for lane in Lane}
V2 = CategoryVersion.V2


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """A real sandbox on a real port."""
    with warnings.catch_warnings(), socket.create_server(("127.0.0.1", 0)) as listening:
        warnings.simplefilter("ignore", DeprecationWarning)
        server = uvicorn.Server(uvicorn.Config(create_app(CONFIG), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the sandbox did not start within 20 s"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=20)


@dataclass
class Stage:
    """Both clients, and the control API."""

    origin: str
    http: httpx.AsyncClient
    control: httpx.AsyncClient
    tiktok: TikTokClient
    shopify: ShopifyClient

    async def told(self, path: str, /, **body: object) -> dict[str, str]:
        response = await self.control.post(f"{self.origin}/_sandbox/{path}", json=body)
        assert response.is_success, response.text
        answer: dict[str, str] = response.json()
        return answer


@pytest.fixture
async def stage(origin: str) -> AsyncIterator[Stage]:
    """A fresh world behind the same port."""
    async with new_http() as http, httpx.AsyncClient(trust_env=False) as control:
        tiktok = TikTokClient(
            http=http,
            app_key=CONFIG.tiktok_app_key,
            app_secret=Secret(CONFIG.tiktok_app_secret),
            api_url=origin,
            auth_url=origin,
            clock=system_clock,
            pace=Pace(rates=FAST),
            policy=RetryPolicy(base=0.01),
        )
        shopify = ShopifyClient(
            http=http,
            client_id=CONFIG.shopify_client_id,
            client_secret=Secret(CONFIG.shopify_client_secret),
            url_template=origin + "/shopify/{shop}",
            api_version=API_VERSION,
            clock=system_clock,
            pace=Pace(),
        )
        made = Stage(origin, http, control, tiktok, shopify)
        await made.told("reset")
        yield made


@pytest.fixture
async def token(stage: Stage) -> TikTokToken:
    """A seller has authorized us."""
    return await stage.tiktok.auth.exchange(Secret((await stage.told("tiktok/code"))["code"]))


@pytest.fixture
async def access(stage: Stage, token: TikTokToken) -> TikTokAccess:
    """The seller's one shop."""
    [shop] = await stage.tiktok.auth.authorized_shops(TikTokAccess(token.access_token, None, "?"))
    return TikTokAccess(token.access_token, shop.cipher, shop.id)


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 600), "navy").save(file, "JPEG")
    return file.getvalue()


async def _body(stage: Stage, access: TikTokAccess) -> CreateProductBody:
    """The smallest good product of a leaf that demands little."""
    tiktok = stage.tiktok
    uploaded = await tiktok.media.upload_image(access, _jpeg(), filename="mug.jpg")
    assert (uploaded.width, uploaded.height) == (600, 600)
    leaf = await _undemanding_leaf(stage, access)
    [warehouse] = [entry for entry in await tiktok.shops.warehouses(access) if entry.sells]
    return {
        "title": "Enamel mug for camping",
        "description": "<p>Holds 350 ml.</p>",
        "category_id": leaf.id,
        "category_version": V2,
        "main_images": [{"uri": uploaded.uri}],
        "external_product_id": "gid://shopify/Product/1",
        "package_weight": {"value": "1", "unit": "POUND"},
        "package_dimensions": {"length": "4", "width": "4", "height": "4", "unit": "INCH"},
        "skus": [
            {
                "seller_sku": "MUG-1",
                "price": {"amount": "12.90", "currency": "USD"},
                "inventory": [{"warehouse_id": warehouse.id, "quantity": 5}],
            }
        ],
    }


async def _undemanding_leaf(stage: Stage, access: TikTokAccess) -> CategoryRef:
    nodes = await stage.tiktok.categories.tree(access, V2)
    for node in nodes:
        if not node.is_leaf or node.permission_statuses != ("AVAILABLE",):
            continue
        leaf = CategoryRef(node.id, V2)
        rules = await stage.tiktok.categories.rules(access, leaf)
        attributes = await stage.tiktok.categories.attributes(access, leaf)
        demanded = [entry for entry in rules.product_certifications if entry.is_required]
        if not demanded and not rules.size_chart.is_required and not any(entry.is_required for entry in attributes):
            return leaf
    raise AssertionError(f"no undemanding leaf among {len(nodes)} nodes")


async def test_connecting_a_seller(stage: Stage, token: TikTokToken) -> None:
    assert token.expires_at > system_clock()
    assert "seller.product.basic" in token.granted_scopes
    renewed = await stage.tiktok.auth.refresh(token.refresh_token)
    assert renewed.access_token != token.access_token
    with pytest.raises(Upstream) as caught:
        await stage.tiktok.auth.exchange(Secret("TTP_used"))
    assert (caught.value.kind, caught.value.platform_code) == (UpstreamKind.NEEDS_AUTHORIZATION, 36004004)


async def test_a_sellers_day(stage: Stage, access: TikTokAccess) -> None:
    tiktok = stage.tiktok
    assert not [check for check in await tiktok.shops.prerequisites(access) if check.is_failed]
    body = await _body(stage, access)
    assert (await tiktok.products.listing_check(access, body)).check_result == "PASS"

    made = await tiktok.products.create(access, body, idempotency_key="k1")
    again = await tiktok.products.create(access, body, idempotency_key="k1")
    assert made.product_id == again.product_id
    product = await tiktok.products.get(access, made.product_id)
    assert (product.title, product.leaf_category_id) == (body["title"], body["category_id"])
    assert (product.status, product.external_product_id) == ("ACTIVATE", "gid://shopify/Product/1")

    found = [hit.id async for page in tiktok.products.pages(access, ProductFilter(V2)) for hit in page.products]
    assert found == [made.product_id]
    assert (await tiktok.products.search(access, ProductFilter(CategoryVersion.V1))).products == ()

    sku = made.skus[0].id
    price: SkuPrice = {"id": sku, "price": {"amount": "9.90", "currency": "USD"}}
    await tiktok.products.update_prices(access, made.product_id, [price])
    stock: SkuInventory = {"id": sku, "inventory": [{**body["skus"][0]["inventory"][0], "quantity": 3}]}
    assert (await tiktok.products.update_inventory(access, made.product_id, [stock])).errors == ()
    product = await tiktok.products.get(access, made.product_id)
    assert [entry.quantity for entry in product.skus[0].inventory] == [3]
    assert product.skus[0].price is not None
    assert product.skus[0].price.tax_exclusive_price == "9.90"

    await tiktok.products.partial_edit(access, made.product_id, {"title": "Enamel mug, second"})
    edit: EditProductBody = {**body, "title": "Enamel mug, third", "skus": [{**body["skus"][0], "id": sku}]}
    del edit["external_product_id"]
    edited = await tiktok.products.edit(access, made.product_id, edit)
    assert edited.product_id == made.product_id

    for switch in (
        tiktok.products.deactivate,
        tiktok.products.activate,
        tiktok.products.delete,
        tiktok.products.recover,
    ):
        assert (await switch(access, [made.product_id])).errors == ()
    missing = await tiktok.products.deactivate(access, ["1729000000000000000"])
    assert [failure.detail.product_id for failure in missing.errors] == ["1729000000000000000"]


async def test_categories_of_both_trees(stage: Stage, access: TikTokAccess) -> None:
    tiktok = stage.tiktok
    trees = {version: await tiktok.categories.tree(access, version) for version in CategoryVersion}
    old = {node.id for node in trees[CategoryVersion.V1]}
    page = await tiktok.categories.brands(access, V2)
    assert page.brands
    brand = await tiktok.categories.create_brand(access, "Leafmark Goods")
    assert brand.isdigit()
    recommended = await tiktok.categories.recommend(access, V2, title="Coffee mug")
    assert recommended is not None
    assert recommended.leaf.id in {node.id for node in trees[V2] if node.is_leaf}
    assert await tiktok.categories.recommend(access, V2, title="Zzyzx qwrtp") is None
    branch = next(node for node in trees[V2] if not node.is_leaf)
    with pytest.raises(Upstream) as caught:
        await tiktok.categories.attributes(access, CategoryRef(branch.id, V2))
    assert (caught.value.platform_code, caught.value.code) == (12052024, "CATEGORY_NOT_LEAF")
    leaf = next(node for node in trees[V2] if node.is_leaf and node.id not in old)
    with pytest.raises(Upstream) as caught:
        await tiktok.categories.rules(access, CategoryRef(leaf.id, CategoryVersion.V1))
    assert caught.value.tree_stale


async def test_files_and_the_upgrade(stage: Stage, access: TikTokAccess) -> None:
    file = await stage.tiktok.media.upload_file(access, b"%PDF-1.4 test", "proof.pdf")
    assert (file.name, file.format) == ("proof.pdf", "PDF")
    assert await stage.tiktok.upgrades.start(access) in ("STARTED", "ALREADY_RUNNING")


async def test_refusals_are_read_as_the_platform_means_them(stage: Stage, access: TikTokAccess) -> None:
    body = await _body(stage, access)
    with pytest.raises(Upstream) as caught:
        await stage.tiktok.products.create(access, {**body, "title": "x" * 256}, idempotency_key="k")
    assert (caught.value.kind, caught.value.path) == (UpstreamKind.MERCHANT_MUST_FIX, ("title",))
    with pytest.raises(Upstream) as caught:
        await stage.tiktok.products.get(access, "1729000000000000000")
    assert caught.value.code == "LISTING_UNKNOWN"
    with pytest.raises(Upstream) as caught:
        await stage.tiktok.shops.warehouses(replace(access, cipher="ROW_foreign"))
    assert caught.value.platform_code == 101000
    assert (await stage.tiktok.products.search(access, ProductFilter(None))).total_count == 0


@dataclass
class Tokens:
    """A token source over the real refresh."""

    stage: Stage
    access: TikTokAccess
    token: TikTokToken
    renewals: int = 0

    async def current(self) -> TikTokAccess:
        return self.access

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        self.renewals += 1
        self.token = await self.stage.tiktok.auth.refresh(self.token.refresh_token)
        return replace(stale, access_token=self.token.access_token)


async def test_an_expired_token_is_refreshed_on_the_way(
    stage: Stage, access: TikTokAccess, token: TikTokToken, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await stage.told("tiktok/expire-token")
    tokens = Tokens(stage, access, token)
    assert await stage.tiktok.shops.warehouses(tokens)
    assert tokens.renewals == 1
    for secret in (CONFIG.tiktok_app_secret, token.access_token.reveal(), token.refresh_token.reveal()):
        assert secret not in caplog.text


@pytest.fixture
async def store(stage: Stage) -> ShopifyAccess:
    """The merchant has opened the app."""
    told = await stage.told("shopify/id-token")
    token = await stage.shopify.exchange_token(told["shop"], Secret(told["id_token"]))
    assert token.expires_at > system_clock()
    renewed = await stage.shopify.refresh(told["shop"], token.refresh_token)
    return ShopifyAccess(told["shop"], renewed.access_token)


async def test_the_store_reads_the_same_by_page_by_export_and_one_by_one(stage: Stage, store: ShopifyAccess) -> None:
    shopify = stage.shopify
    profile = await shopify.shop_profile(store)
    assert profile.domain == store.shop
    paged = [product async for page in shopify.product_pages(store) for product in page.products]
    assert len(paged) == 12
    run = await shopify.bulk.start_products(store)
    deadline = time.monotonic() + 20
    while not (run := await shopify.bulk.poll(store, run.id)).is_final:
        assert time.monotonic() < deadline, f"the export stands at {run}"
    exported = [product async for batch in shopify.bulk.products(run) for product in batch]
    assert _by_id(exported) == _by_id(paged)
    for product in paged[:3]:
        assert await shopify.product(store, product.id) == product
    assert await shopify.product(store, "gid://shopify/Product/1") is None


def _by_id(products: list[ShopifyProduct]) -> dict[str, ShopifyProduct]:
    return {product.id: product for product in products}


async def test_store_pictures_and_webhooks(stage: Stage, store: ShopifyAccess) -> None:
    paged = [product async for page in stage.shopify.product_pages(store) for product in page.products]
    url = next(image.url for product in paged for image in product.images)
    picture = await fetch_image(stage.http, url, {"127.0.0.1"})
    assert picture.content_type.startswith("image/")
    with pytest.raises(Upstream) as caught:
        await fetch_image(stage.http, url)
    assert caught.value.code == "IMAGE_ADDRESS_REFUSED"
    hooks = stage.shopify.webhooks
    topics = {"PRODUCTS_UPDATE", "PRODUCTS_DELETE", "APP_UNINSTALLED"}
    made = await hooks.make_it_so(store, topics, "https://leafmark.example/webhooks/shopify")
    assert {entry.topic for entry in made.created} == topics
    made = await hooks.make_it_so(store, topics, "https://leafmark.example/webhooks/shopify")
    assert (made.created, made.removed) == ((), ())
    made = await hooks.make_it_so(store, {"PRODUCTS_UPDATE"}, "https://leafmark.example/webhooks/shopify")
    assert {entry.topic for entry in made.removed} == {"PRODUCTS_DELETE", "APP_UNINSTALLED"}


BROKEN: list[dict[str, object]] = [
    {"kind": "timeout", "hang_s": 0.2},
    {"kind": "reset"},
    {"kind": "broken_json"},
    {"kind": "truncated"},
    {"kind": "http", "status": 502},
    {"kind": "tiktok", "code": 36009007},
]


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: str(fault["kind"]))
async def test_a_create_in_doubt_is_asked_about_and_made_once(
    stage: Stage, access: TikTokAccess, fault: dict[str, object], after_effect: bool
) -> None:
    body = await _body(stage, access)
    products = stage.tiktok.products
    await stage.told(
        "faults", path="/product/202309/products", method="POST", first=1, after_effect=after_effect, **fault
    )
    with pytest.raises(Upstream) as caught:
        await products.create(access, body, idempotency_key="k1")
    assert caught.value.outcome_unknown
    there = [hit.id for hit in (await products.search(access, ProductFilter(V2))).products]
    # A cut answer is cut from the real one, so the call has always happened.
    happened = after_effect or fault["kind"] in ("broken_json", "truncated")
    assert len(there) == int(happened)
    made = await products.create(access, body, idempotency_key="k1")
    assert [hit.id for hit in (await products.search(access, ProductFilter(V2))).products] == [made.product_id]
    assert there in ([], [made.product_id])


async def test_reads_survive_faults(stage: Stage, access: TikTokAccess) -> None:
    await stage.told("faults", kind="tiktok", code=36009002, status=429, retry_after="1", first=1)
    start = time.monotonic()
    assert await stage.tiktok.shops.warehouses(access)
    assert time.monotonic() - start >= 1.0
    for fault in BROKEN:
        await stage.told("faults", first=1, **fault)
        assert await stage.tiktok.shops.warehouses(access)


async def test_shopify_reads_survive_throttling(stage: Stage, store: ShopifyAccess) -> None:
    await stage.told("faults", kind="throttled", path="/shopify", first=1)
    await stage.told("faults", kind="http", status=429, retry_after="1", path="/shopify", first=1)
    assert (await stage.shopify.shop_profile(store)).domain == store.shop
