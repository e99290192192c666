"""A seller's day before the sandbox, which knows nothing of our clients: every TikTok call of the mission."""

import logging
from dataclasses import replace

import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokAccess
from server.clients.tiktok_auth import TikTokToken
from server.clients.tiktok_bodies import ProductBody, SkuInventory, SkuPrice
from server.clients.tiktok_products import ProductFilter
from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.clock import system_clock
from server.kit.secrets import Secret
from tests.clients.stage import CONFIG, V2, Stage, Tokens, good_body


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
    body = await good_body(stage, access)
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
    edit: ProductBody = {**body, "title": "Enamel mug, third", "skus": [{**body["skus"][0], "id": sku}]}
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
    body = await good_body(stage, access)
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
