"""Connecting a seller: the link, the consent page, and every way the answer can be refused."""

from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from server.deps import Deps
from server.domain.markets import Market, SellerType
from server.domain.paging import PageArgs
from server.kit.secrets import Secret
from server.services import shops, tiktok_connecting, tiktok_shops
from server.services.tiktok_shops import ConnectionStatus
from server.tables import Shop, TikTokAuthorization, TikTokShop
from tests.shops.platforms import Platforms, connected, count, links

PATH = "/tiktok/callback"


async def start(deps: Deps, shop: Shop, market: Market = Market.US) -> str:
    async with deps.database.write() as session:
        link = await tiktok_connecting.start(
            session, links(deps.settings), shop_id=shop.id, market=market, now=deps.clock()
        )
    return link.url


async def consent(deps: Deps, url: str, **more: str) -> dict[str, str]:
    """The query with which the platform sends the seller back."""
    answer = await deps.http.get(url, params=dict(parse_qsl(urlsplit(url).query)) | more)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def stored(deps: Deps) -> list[int]:
    return await count(deps, TikTokAuthorization, TikTokShop)


async def test_the_whole_way(client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop) -> None:
    response = await client.get(PATH, params=await consent(deps, await start(deps, shop)))
    assert response.status_code == 200
    assert f'href="https://{shop.domain}/admin/apps/{deps.settings.shopify_client_id}"' in response.text
    assert response.headers["content-security-policy"] == "frame-ancestors 'none';"
    async with deps.database.read() as session:
        page = await tiktok_shops.page(session, shop_id=shop.id, args=PageArgs(first=10))
        grants = await tiktok_shops.authorizations_by_ids(
            session, shop_id=shop.id, ids=[row.authorization_id for row in page.nodes]
        )
    there = next(iter(platforms.world.tiktok.shops.values()))
    (row,) = page.nodes
    assert (row.remote_id, row.name, row.code) == (there.id, there.name, there.code)
    assert (row.market, row.seller_type) == (Market.US, SellerType.LOCAL)
    selling = [one for one in there.warehouses if one.type == "SALES_WAREHOUSE"]
    assert row.warehouse_id == selling[0].id
    assert there.cipher not in row.cipher_sealed
    assert deps.vault.open(row.cipher_sealed) == Secret(there.cipher)
    grant = grants[row.authorization_id]
    assert grant.seller_name == next(iter(platforms.world.tiktok.sellers.values())).name
    assert tiktok_shops.status_of(row, grant, now=deps.clock()) is ConnectionStatus.CONNECTED


@pytest.mark.parametrize("answer", [{"deny": "1"}, {"error": "access_denied"}], ids=repr)
async def test_a_seller_who_declines_is_told_how_to_start_again(
    answer: dict[str, str], client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    response = await client.get(PATH, params=await consent(deps, await start(deps, shop), **answer))
    assert response.status_code == 400
    assert "declined" in response.text
    assert "Start the connection in Leafmark" in response.text
    assert await stored(deps) == [0, 0]
    assert platforms.asked("/api/v2/token/get") == 0


@pytest.mark.parametrize("change", [{"code": "null"}, {"code": ""}, {"code": None}, {"error": "x"}], ids=repr)
async def test_no_real_code_is_a_refusal(
    change: dict[str, str | None], client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    query = (await consent(deps, await start(deps, shop))) | change
    kept = {name: value for name, value in query.items() if value is not None}
    assert (await client.get(PATH, params=kept)).status_code == 400
    assert await stored(deps) == [0, 0]
    assert platforms.asked("/api/v2/token/get") == 0


@pytest.mark.parametrize("state", [None, "", "guessed", "x" * 5000, "nul\0"], ids=lambda value: repr(value)[:20])
async def test_a_state_that_is_not_ours_spends_no_code(
    state: str | None, client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    query = await consent(deps, await start(deps, shop))
    del query["state"]
    response = await client.get(PATH, params=query if state is None else query | {"state": state})
    assert response.status_code == 400
    assert await stored(deps) == [0, 0]
    assert platforms.asked("/api/v2/token/get") == 0


async def test_a_link_works_once(client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop) -> None:
    url = await start(deps, shop)
    first, second = await consent(deps, url), await consent(deps, url)
    assert (await client.get(PATH, params=first)).status_code == 200
    assert (await client.get(PATH, params=second)).status_code == 400
    assert platforms.asked("/api/v2/token/get") == 1
    assert await stored(deps) == [1, 1]


async def test_a_link_runs_out(client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop) -> None:
    url = await start(deps, shop)
    platforms.world.clock.advance(3601)
    assert (await client.get(PATH, params=await consent(deps, url))).status_code == 400
    assert await stored(deps) == [0, 0]


async def test_a_link_of_a_store_that_uninstalled_meanwhile_connects_nothing(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    query = await consent(deps, await start(deps, shop))
    async with deps.database.write() as session:
        await shops.uninstall(session, deps.queue, deps.feed, shop_id=shop.id, at=deps.clock(), now=deps.clock())
    assert (await client.get(PATH, params=query)).status_code == 400
    assert await stored(deps) == [0, 0]
    assert platforms.asked("/api/v2/token/get") == 0


async def test_a_code_the_platform_knows_not_is_said_and_nothing_kept(
    client: httpx.AsyncClient, deps: Deps, shop: Shop
) -> None:
    query = (await consent(deps, await start(deps, shop))) | {"code": "<b>made-up</b>"}
    response = await client.get(PATH, params=query)
    assert response.status_code == 502
    assert "36004004" in response.text
    assert "<b>" not in response.text
    assert await stored(deps) == [0, 0]


async def test_a_creator_is_not_a_seller(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    next(iter(platforms.world.tiktok.sellers.values())).user_type = 1
    response = await client.get(PATH, params=await consent(deps, await start(deps, shop)))
    assert response.status_code == 400
    assert "as the seller" in response.text
    assert await stored(deps) == [0, 0]


async def test_a_seller_without_a_shop_we_know(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    next(iter(platforms.world.tiktok.shops.values())).region = "XX"
    response = await client.get(PATH, params=await consent(deps, await start(deps, shop)))
    assert response.status_code == 400
    assert await stored(deps) == [0, 0]


async def test_connecting_again_renews_instead_of_doubling(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    (before,) = await connected(deps, platforms, shop)
    async with deps.database.write() as session:
        ended = await tiktok_shops.disconnect(
            session, deps.queue, deps.feed, shop_id=shop.id, tiktok_shop_id=before.id, now=deps.clock()
        )
    assert ended.disconnected_at is not None
    (after,) = await connected(deps, platforms, shop)
    assert (after.id, after.disconnected_at) == (before.id, None)
    assert await stored(deps) == [1, 1]


@pytest.mark.parametrize(("market", "host"), [(Market.US, "us.example"), (Market.GB, "world.example")])
async def test_each_market_has_its_own_consent_page(market: Market, host: str, deps: Deps, shop: Shop) -> None:
    there = tiktok_connecting.AuthorizeLinks("77", "https://us.example", "https://world.example")
    async with deps.database.write() as session:
        link = await tiktok_connecting.start(session, there, shop_id=shop.id, market=market, now=deps.clock())
    parts = urlsplit(link.url)
    assert (parts.netloc, parts.path) == (host, "/open/authorize")
    query = dict(parse_qsl(parts.query))
    assert query["service_id"] == "77"
    assert len(query["state"]) >= 43


async def test_warehouses_that_cannot_be_read_do_not_stop_the_connection(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    for one in platforms.world.tiktok.shops.values():
        one.warehouses.clear()
    (row,) = await connected(deps, platforms, shop)
    assert row.warehouse_id is None
