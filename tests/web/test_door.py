"""The door of /graphql: who gets in, and what the others are told before GraphQL runs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from server.deps import Deps, open_deps
from server.services import access, shops
from server.services.access import Caller, CallerKind, Scope
from server.settings import Settings
from server.tables import ApiToken, Shop
from tests.shops.platforms import Platforms, browser, count

RETRY = "x-shopify-retry-invalid-session-request"


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_the_first_id_token_installs_the_shop_and_later_ones_find_it(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    first = await client.post("/graphql", json={"query": "{a}"}, headers=bearer(platforms.id_token()))
    assert first.status_code == 200
    assert first.json()["caller"] == "user:42"
    assert first.json()["body"] == '{"query":"{a}"}'
    again = await client.post("/graphql", json={}, headers=bearer(platforms.id_token(sub="7")))
    assert (again.json()["caller"], again.json()["shop"]) == ("user:7", first.json()["shop"])
    assert platforms.asked("/oauth/access_token") == 1
    assert await count(deps, Shop) == [1]


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer  "},
        {"authorization": "Basic abc"},
        bearer("lmk_" + "x" * 43),
        bearer("a.b.c"),
        bearer("x" * 10_000),
    ],
    ids=repr,
)
async def test_who_proves_nothing_gets_a_real_401_that_app_bridge_repeats(
    header: dict[str, str], client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    response = await client.post("/graphql", json={"query": "{a}"}, headers=header)
    assert response.status_code == 401
    assert response.headers[RETRY] == "1"
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAUTHENTICATED"]
    assert await count(deps, Shop) == [0]
    assert list(platforms.world.calls.entries) == []


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"aud": "another"}, {"dest": "https://evil.com/.myshopify.com"}], ids=repr
)
async def test_a_token_that_is_refused_stores_and_calls_nothing(
    claims: dict[str, object], client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    response = await client.post("/graphql", json={}, headers=bearer(platforms.id_token(**claims)))
    assert (response.status_code, response.headers[RETRY]) == (401, "1")
    assert await count(deps, Shop) == [0]
    assert list(platforms.world.calls.entries) == []


async def test_a_token_the_platform_refuses_to_exchange_is_asked_for_again(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    only_we_take_it = platforms.id_token(dest=f"https://{platforms.shop}/")
    response = await client.post("/graphql", json={}, headers=bearer(only_we_take_it))
    assert platforms.asked("/oauth/access_token") == 1
    assert (response.status_code, response.headers[RETRY]) == (401, "1")
    assert await count(deps, Shop) == [0]


async def test_two_tabs_at_once_install_once(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    proofs = [platforms.id_token(sub=str(number)) for number in range(8)]
    answers = await asyncio.gather(*(client.post("/graphql", json={}, headers=bearer(proof)) for proof in proofs))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["shop"] for answer in answers}) == 1
    assert platforms.asked("/oauth/access_token") == 1
    assert await count(deps, Shop) == [1]


async def test_a_platform_that_is_away_is_a_503_and_nothing_is_stored(settings: Settings, platforms: Platforms) -> None:
    away = settings.model_copy(update={"shopify_url_template": "http://127.0.0.1:9/{shop}"})
    async with open_deps(away, clock=platforms.world.clock.datetime) as deps, browser(deps) as client:
        response = await client.post("/graphql", json={}, headers=bearer(platforms.id_token()))
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert await count(deps, Shop) == [0]


async def test_a_wrong_client_secret_is_our_fault_not_the_callers(settings: Settings, platforms: Platforms) -> None:
    """The ID token is signed with the old secret, so it is good; the exchange with the new one is refused."""
    old = settings.shopify_client_secret
    wrong = settings.model_copy(
        update={
            "shopify_client_secret": type(old)("another-secret-of-32-bytes-or-more"),
            "shopify_previous_client_secret": old,
        }
    )
    async with open_deps(wrong, clock=platforms.world.clock.datetime) as deps, browser(deps) as client:
        response = await client.post("/graphql", json={}, headers=bearer(platforms.id_token()))
        assert response.status_code == 503
        assert "another-secret" not in response.text
        assert await count(deps, Shop) == [0]


async def make_token(deps: Deps, shop: Shop) -> tuple[ApiToken, str]:
    owner = Caller(shop.id, CallerKind.USER, "42")
    async with deps.database.write() as session:
        made = await access.create_token(
            session, caller=owner, name="ERP", scopes=[Scope.READ_PRODUCTS], now=deps.clock()
        )
    return made.row, made.secret.reveal()


async def test_an_api_token_gets_in_until_it_is_revoked(client: httpx.AsyncClient, deps: Deps, shop: Shop) -> None:
    row, secret = await make_token(deps, shop)
    response = await client.post("/graphql", json={}, headers=bearer(secret))
    assert response.json()["caller"] == "token:ERP"
    assert response.json()["shop"] == str(shop.id)
    async with deps.database.write() as session:
        await access.revoke_token(session, shop_id=shop.id, token_id=row.id, now=deps.clock())
    refused = await client.post("/graphql", json={}, headers=bearer(secret))
    assert refused.status_code == 401


async def test_a_busy_token_is_noted_once_a_minute(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    row, secret = await make_token(deps, shop)

    async def used_at() -> object:
        async with deps.database.read() as session:
            return (await access.by_ids(session, shop_id=shop.id, ids=[row.id]))[row.id].last_used_at

    assert await used_at() is None
    await client.post("/graphql", json={}, headers=bearer(secret))
    first = await used_at()
    await client.post("/graphql", json={}, headers=bearer(secret))
    assert first is not None
    assert await used_at() == first
    platforms.world.clock.advance(61)
    await client.post("/graphql", json={}, headers=bearer(secret))
    assert await used_at() != first


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_only_json_is_taken(kind: str, client: httpx.AsyncClient, shop: Shop, platforms: Platforms) -> None:
    headers = bearer(platforms.id_token()) | {"content-type": kind}
    response = await client.post("/graphql", content=b"{}", headers=headers)
    assert response.status_code == 415
    assert (await client.post("/graphql", content=b"{}", headers=bearer(platforms.id_token()))).status_code == 415


async def test_a_body_over_the_limit_is_refused_whatever_its_length_says(
    client: httpx.AsyncClient, platforms: Platforms, shop: Shop
) -> None:
    headers = bearer(platforms.id_token()) | {"content-type": "application/json"}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65_536

    declared = await client.post("/graphql", content=b"x" * 1_048_577, headers=headers)
    streamed = await client.post("/graphql", content=endless(), headers=headers)
    just = await client.post("/graphql", content=b"x" * 1_048_576, headers=headers)
    assert [declared.status_code, streamed.status_code, just.status_code] == [413, 413, 200]


async def test_allowed_origins_may_read_even_the_401(client: httpx.AsyncClient) -> None:
    preflight = await client.options("/graphql", headers={"origin": "https://front.example"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://front.example"
    assert preflight.headers["access-control-max-age"] == "7200"
    assert "Authorization, Content-Type" in preflight.headers["access-control-allow-headers"]
    refused = await client.post("/graphql", json={}, headers={"origin": "https://front.example"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://front.example"
    exposed = refused.headers["access-control-expose-headers"]
    assert "X-Shopify-Retry-Invalid-Session-Request" in exposed
    assert "X-Shopify-API-Request-Failure-Reauthorize-Url" in exposed


async def test_other_origins_get_no_cors_headers(client: httpx.AsyncClient, platforms: Platforms, shop: Shop) -> None:
    stranger = {"origin": "https://evil.example"}
    answers = [
        await client.options("/graphql", headers=stranger),
        await client.post("/graphql", json={}, headers=stranger),
        await client.post("/graphql", json={}, headers=stranger | bearer(platforms.id_token())),
    ]
    assert [answer.status_code for answer in answers] == [204, 401, 200]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


async def test_the_explorers_page_needs_no_caller_but_only_in_development(
    settings: Settings, platforms: Platforms
) -> None:
    page = {"accept": "text/html,application/xhtml+xml"}
    for development, status in ((True, 200), (False, 401)):
        changed = settings.model_copy(update={"development": development})
        async with open_deps(changed, clock=platforms.world.clock.datetime) as deps, browser(deps) as client:
            assert (await client.get("/graphql", headers=page)).status_code == status
            assert (await client.get("/graphql?query={shop{id}}", headers=page)).status_code == 401


async def test_after_an_uninstall_nobody_gets_in_and_a_new_visit_installs_again(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    _, secret = await make_token(deps, shop)
    async with deps.database.write() as session:
        assert await shops.uninstall(session, deps.queue, deps.feed, shop_id=shop.id, at=deps.clock(), now=deps.clock())
    assert (await client.post("/graphql", json={}, headers=bearer(secret))).status_code == 401
    platforms.world.clock.advance(timedelta(hours=1).total_seconds())
    back = await client.post("/graphql", json={}, headers=bearer(platforms.id_token()))
    assert back.json()["shop"] == str(shop.id)
    assert (await client.post("/graphql", json={}, headers=bearer(secret))).status_code == 200
    assert platforms.asked("/oauth/access_token") == 2
