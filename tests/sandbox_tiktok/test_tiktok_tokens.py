"""Authorize link, codes and tokens (TikTok fact sheet 1.2, 1.3)."""

import httpx
import pytest

from tests.sandbox_tiktok.conftest import Caller, Json

GET, REFRESH = "/api/v2/token/get", "/api/v2/token/refresh"


async def _token(caller: Caller, path: str, **params: str | None) -> Json:
    kind = "authorized_code" if path == GET else "refresh_token"
    query = {"app_key": caller.app_key, "app_secret": caller.secret, "grant_type": kind} | params
    response = await caller.http.get(path, params={key: value for key, value in query.items() if value is not None})
    assert response.status_code == 200
    answer: Json = response.json()
    return answer


async def _authorize(caller: Caller, path: str = "/open/authorize", **params: str) -> httpx.URL:
    query = {"service_id": caller.world.config.tiktok_service_id} | params
    response = await caller.http.get(path, params=query)
    assert response.status_code == 302, response.text
    return httpx.URL(response.headers["location"])


async def test_yes_comes_back_with_code_and_state(stranger: Caller) -> None:
    url = await _authorize(stranger, state="s p")
    assert url.params["state"] == "s p"
    assert url.params["keep"] == "1"
    assert url.params["code"].startswith("TTP_")
    assert "state" not in (await _authorize(stranger)).params


async def test_the_older_link(stranger: Caller) -> None:
    response = await stranger.http.get("/oauth/authorize", params={"app_key": stranger.app_key, "state": "x"})
    assert httpx.URL(response.headers["location"]).params["state"] == "x"


@pytest.mark.parametrize(
    ("asked", "error"), [({"deny": "1"}, "auth_denied"), ({"error": "access_denied"}, "access_denied")]
)
async def test_no(stranger: Caller, asked: dict[str, str], error: str) -> None:
    url = await _authorize(stranger, state="s", **asked)
    assert (url.params["code"], url.params["error"], url.params["state"]) == ("null", error, "s")
    assert not stranger.world.tiktok.codes


async def test_the_page_asks(stranger: Caller) -> None:
    params = {"service_id": stranger.world.config.tiktok_service_id, "consent": "1", "state": "<s>"}
    page = await stranger.http.get("/open/authorize", params=params)
    assert page.status_code == 200
    assert "Refuse" in page.text
    assert "<s>" not in page.text


async def test_without_redirect_url_or_app(stranger: Caller) -> None:
    assert (await stranger.http.get("/open/authorize", params={"service_id": "1"})).status_code == 400
    stranger.world.settings.redirect_url = None
    service_id = stranger.world.config.tiktok_service_id
    assert (await stranger.http.get("/open/authorize", params={"service_id": service_id})).status_code == 400


async def test_a_code_for_tokens_once(stranger: Caller) -> None:
    code = (await _authorize(stranger)).params["code"]
    now = stranger.world.clock.unix()
    answer = await _token(stranger, GET, auth_code=code)
    assert (answer["code"], answer["message"]) == (0, "success")
    data = answer["data"]
    assert data["access_token_expire_in"] - now in (7 * 86_400, 7 * 86_400 + 1)
    assert data["refresh_token_expire_in"] - now in (365 * 86_400, 365 * 86_400 + 1)
    assert (data["user_type"], data["seller_base_region"]) == (0, "US")
    assert "seller.product.write" in data["granted_scopes"]
    assert (await _token(stranger, GET, auth_code=code))["code"] == 36004004


async def test_a_code_dies_after_30_minutes(stranger: Caller) -> None:
    code = (await _authorize(stranger)).params["code"]
    stranger.world.clock.advance(1801)
    assert (await _token(stranger, GET, auth_code=code))["code"] == 36004004


REFUSED = [
    ("junk code", GET, {"auth_code": "junk"}, 36004004),
    ("no code", GET, {}, 36009004),
    ("bad app_key", GET, {"auth_code": "junk", "app_key": "x"}, 36009004),
    ("bad secret", GET, {"auth_code": "junk", "app_secret": "x"}, 36009004),
    ("bad grant", GET, {"auth_code": "junk", "grant_type": "authorization_code"}, 36009004),
    ("junk refresh", REFRESH, {"refresh_token": "junk"}, 36004005),
    ("no refresh", REFRESH, {}, 36009004),
    ("bad refresh grant", REFRESH, {"refresh_token": "junk", "grant_type": "x"}, 36009004),
]


@pytest.mark.parametrize(("_case", "path", "params", "code"), REFUSED)
async def test_refusals_are_http_200(stranger: Caller, _case: str, path: str, params: Json, code: int) -> None:
    assert (await _token(stranger, path, **params))["code"] == code
    assert not stranger.world.tiktok.access_tokens


@pytest.mark.parametrize("path", [GET, REFRESH])
async def test_get_only(stranger: Caller, path: str) -> None:
    response = await stranger.http.post(path, json={"app_key": stranger.app_key})
    assert (response.status_code, response.json()["code"]) == (404, 36009009)


async def test_refresh_rotates_and_old_access_tokens_live_on(shop: Caller) -> None:
    first = (await _token(shop, GET, auth_code=(await shop.do("code"))["code"]))["data"]
    second = (await _token(shop, REFRESH, refresh_token=first["refresh_token"]))["data"]
    assert second["refresh_token"] != first["refresh_token"]
    assert (await _token(shop, REFRESH, refresh_token=first["refresh_token"]))["code"] == 36004005
    for token in (first, second):
        assert await shop.code("GET", "/authorization/202309/shops", cipher=False, token=token["access_token"]) == 0


async def test_refresh_without_rotation(shop: Caller) -> None:
    shop.world.settings.refresh_rotates = False
    first = (await _token(shop, GET, auth_code=(await shop.do("code"))["code"]))["data"]
    for kind in ("refresh_token", "authorized_code"):  # the platform's own Node SDK sends the second
        again = (await _token(shop, REFRESH, refresh_token=first["refresh_token"], grant_type=kind))["data"]
        assert again["refresh_token"] == first["refresh_token"]


async def test_the_refresh_token_expires(shop: Caller) -> None:
    first = await shop.do("authorize")
    await shop.do("expire-refresh-token")
    assert (await _token(shop, REFRESH, refresh_token=first["refresh_token"]))["code"] == 36004001


async def test_deauthorization_ends_everything(shop: Caller) -> None:
    first = await shop.do("authorize")
    shop_id = next(iter(shop.world.tiktok.shops))
    await shop.do("deauthorize", shop_id=shop_id)
    assert await shop.code("GET", "/authorization/202309/shops", cipher=False) == 36009004
    assert (await _token(shop, REFRESH, refresh_token=first["refresh_token"]))["code"] == 36004005
    assert [(one.topic, one.shop) for one in shop.world.outbox.kept] == [("6", shop_id)]


async def test_expiry_is_announced_daily(shop: Caller) -> None:
    await shop.do("authorize")
    shop.world.clock.advance(336 * 86_400)
    shop.world.ripening.tick()
    shop.world.clock.advance(86_400)
    shop.world.ripening.tick()
    told = [one for one in shop.world.outbox.kept if one.topic == "7"]
    assert len(told) == 2
    assert b'"expiration_time":"' in told[0].body
