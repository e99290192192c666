"""The app's page in the admin and the bounce page (Shopify fact sheet 1.3-1.5)."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from server.deps import Deps
from server.tables import Shop
from tests.shops.platforms import PUBLIC, Platforms, count

HOST = "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc29tZS1zaG9w"  # admin.shopify.com/store/some-shop, the fact sheet's vector


async def test_a_good_load_installs_and_shows_the_page(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    query = {"embedded": "1", "shop": platforms.shop, "host": HOST, "id_token": platforms.id_token()}
    response = await client.get("/", params=query)
    assert response.status_code == 200
    csp = f"frame-ancestors https://{platforms.shop} https://admin.shopify.com;"
    assert response.headers["content-security-policy"] == csp
    assert "rel=preload; as=script" in response.headers["link"]
    first_script = response.text.index("<script")
    assert response.text[first_script:].startswith(
        f'<script data-api-key="{deps.settings.shopify_client_id}" '
        'src="https://cdn.shopify.com/shopifycloud/app-bridge.js">'
    )
    assert await count(deps, Shop) == [1]


async def test_outside_the_admin_it_leads_into_it(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    response = await client.get("/", params={"shop": platforms.shop, "host": HOST})
    assert response.status_code == 302
    client_id = deps.settings.shopify_client_id
    assert response.headers["location"] == f"https://admin.shopify.com/store/some-shop/apps/{client_id}"
    assert await count(deps, Shop) == [0]


@pytest.mark.parametrize(
    "host",
    ["", "%%%", "ZXZpbC5jb20", "YWRtaW4uc2hvcGlmeS5jb20uZXZpbC5jb20", "YWRtaW4uc2hvcGlmeS5jb21AZXZpbC5jb20", "w6TDpA"],
)
async def test_a_host_that_is_not_shopifys_leads_nowhere(
    host: str, client: httpx.AsyncClient, platforms: Platforms
) -> None:
    response = await client.get("/", params={"shop": platforms.shop, "host": host})
    assert response.status_code == 400
    assert response.headers["content-security-policy"] == "frame-ancestors 'none';"


@pytest.mark.parametrize("shop", ["", "evil.com", "x.myshopify.com.evil.com", "a.myshopify.com;", "a\n.myshopify.com"])
async def test_a_shop_that_is_none_never_gets_into_a_header(shop: str, client: httpx.AsyncClient) -> None:
    for path in ("/", "/auth/bounce"):
        response = await client.get(path, params={"shop": shop, "embedded": "1", "shopify-reload": "/"})
        assert response.status_code == 400
        assert response.headers["content-security-policy"] == "frame-ancestors 'none';"


@pytest.mark.parametrize("token", ["", "a.b.c", "stale"])
async def test_a_missing_or_stale_token_goes_by_the_bounce_page(
    token: str, client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    given = platforms.id_token(exp=1) if token == "stale" else token
    query = {"embedded": "1", "shop": platforms.shop, "host": HOST, "id_token": given, "locale": "de"}
    response = await client.get("/", params=query)
    assert response.status_code == 302
    target = urlsplit(response.headers["location"])
    asked = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{PUBLIC}/auth/bounce"
    assert asked["shop"] == [platforms.shop]
    assert "id_token" not in asked
    back = f"{PUBLIC}/?embedded=1&shop={platforms.shop}&host={HOST}&locale=de"
    assert asked["shopify-reload"] == [back]
    page = await client.get(response.headers["location"])
    assert page.status_code == 200
    assert back not in page.text
    csp = f"frame-ancestors https://{platforms.shop} https://admin.shopify.com;"
    assert page.headers["content-security-policy"] == csp
    assert await count(deps, Shop) == [0]


async def test_the_shop_is_the_tokens_never_the_querys(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    query = {"embedded": "1", "shop": "other-shop.myshopify.com", "id_token": platforms.id_token()}
    response = await client.get("/", params=query)
    assert response.status_code == 302
    assert response.headers["location"].startswith(f"{PUBLIC}/auth/bounce?")
    assert await count(deps, Shop) == [0]


async def test_a_token_for_another_app_ends_here(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    query = {"embedded": "1", "shop": platforms.shop, "id_token": platforms.id_token(aud="another")}
    response = await client.get("/", params=query)
    assert response.status_code == 401
    assert "x-shopify-retry-invalid-session-request" not in response.headers
    assert await count(deps, Shop) == [0]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{PUBLIC}/?a=1", 200),
        ("/products?x=1", 200),
        ("//evil.example/", 400),
        ("/\\evil.example/", 400),
        ("/\t/evil.example", 400),
        ("https://evil.example/", 400),
        (f"{PUBLIC}.evil.example/", 400),
        (f"{PUBLIC.replace('http:', 'https:')}/", 400),
        ("javascript:alert(1)", 400),
        ("http://[", 400),
        ("", 400),
    ],
)
async def test_the_bounce_page_goes_on_to_our_own_pages_only(
    target: str, status: int, client: httpx.AsyncClient, platforms: Platforms
) -> None:
    response = await client.get("/auth/bounce", params={"shop": platforms.shop, "shopify-reload": target})
    assert response.status_code == status
    assert "evil" not in response.text
