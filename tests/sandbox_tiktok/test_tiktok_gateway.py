"""The gateway: its order of checks, codes and HTTP statuses (TikTok fact sheet 5.2, 5.3, 8.1)."""

from typing import Any

import pytest

from tests.sandbox_tiktok.conftest import Caller, form, picture

CATEGORIES = "/product/202309/categories"
SHOPS = "/authorization/202309/shops"
PRODUCTS = "/product/202309/products"

# What is wrong, in the order the platform looks; every row is right in all that the rows above ask for.
REFUSALS: list[tuple[str, str, str, dict[str, Any], int, int]] = [
    ("unknown path", "GET", "/product/202309/nothing", {"app_key": "bad"}, 36009009, 404),
    ("unknown root", "GET", "/", {"app_key": "bad"}, 36009009, 404),
    ("wrong method", "PUT", CATEGORIES, {"app_key": "bad"}, 36009010, 400),
    ("unknown version", "GET", "/product/202001/categories", {"app_key": "bad"}, 36009014, 400),
    ("retired call", "GET", "/product/202407/listing_schemas", {"app_key": "bad"}, 36009014, 400),
    ("app_key unknown", "GET", CATEGORIES, {"app_key": "bad", "timestamp": "1"}, 36009004, 400),
    ("app_key missing", "GET", CATEGORIES, {"app_key": None, "timestamp": "1"}, 36009004, 400),
    ("timestamp missing", "GET", CATEGORIES, {"timestamp": None, "sign": ""}, 36009004, 400),
    ("timestamp no number", "GET", CATEGORIES, {"timestamp": "soon", "sign": ""}, 36009004, 400),
    ("timestamp negative", "GET", CATEGORIES, {"timestamp": "-1", "sign": ""}, 36009004, 400),
    ("sign missing", "GET", CATEGORIES, {"sign": "", "token": ""}, 36009004, 400),
    ("sign wrong", "GET", CATEGORIES, {"sign": "0" * 64, "token": ""}, 106001, 401),
    ("token missing", "GET", CATEGORIES, {"token": "", "cipher": False}, 36009004, 400),
    ("token unknown", "GET", CATEGORIES, {"token": "TTP_nobody", "cipher": False}, 36009004, 400),
    ("cipher missing", "GET", CATEGORIES, {"cipher": False}, 106013, 400),
    ("cipher unexpected", "GET", SHOPS, {}, 36009004, 400),
    ("asset cipher unexpected", "GET", CATEGORIES, {"query": {"category_asset_cipher": "x"}}, 36009004, 400),
    ("shop_id invalid", "GET", CATEGORIES, {"query": {"shop_id": "1"}}, 36009004, 400),
    ("cipher foreign", "GET", CATEGORIES, {"shop_cipher": "ROW_foreign"}, 101000, 401),
    ("body no JSON", "POST", PRODUCTS, {"content": b"{broken"}, 36009022, 400),
    ("body no object", "POST", PRODUCTS, {"content": b"[]"}, 36009022, 400),
    ("body not named JSON", "POST", PRODUCTS, {"content": b"{}", "content_type": "text/plain"}, 36009022, 400),
    ("upload not multipart", "POST", "/product/202309/images/upload", {"cipher": False}, 36009023, 400),
]


@pytest.mark.parametrize(("_case", "method", "path", "options", "code", "status"), REFUSALS)
async def test_refusals(
    shop: Caller, _case: str, method: str, path: str, options: dict[str, Any], code: int, status: int
) -> None:
    response = await shop.raw(method, path, **options)
    answer = response.json()
    assert (answer["code"], response.status_code) == (code, status), answer
    assert answer["data"] is None
    assert len(answer["request_id"]) == 34
    assert not shop.world.tiktok.products


@pytest.mark.parametrize(
    ("off", "code"), [(-300, 0), (-301, 36009004), (30, 0), (31, 36009004)], ids=["-300", "-301", "+30", "+31"]
)
async def test_the_window_of_the_timestamp(shop: Caller, off: int, code: int) -> None:
    shop.world.clock.freeze()
    assert await shop.code("GET", CATEGORIES, timestamp=str(shop.world.clock.unix() + off)) == (code or 12052217)


async def test_the_keywords_of_36009004(shop: Caller) -> None:
    said = [
        (await shop.call("GET", CATEGORIES, **options))["message"]
        for options in (
            {"app_key": "bad"},
            {"timestamp": "1"},
            {"sign": ""},
            {"token": ""},
            {"token": "TTP_nobody"},
            {"query": {"category_asset_cipher": "x"}},
            {"query": {"shop_id": "1"}},
        )
    ]
    keywords = [
        "Invalid app_key",
        "Invalid timestamp",
        "Missing credentials",
        "x-tts-access-token",
        "access_token",
        "Unexpected identifier",
        "Invalid identifier",
    ]
    assert [keyword in message for keyword, message in zip(keywords, said, strict=True)] == [True] * 7, said


async def test_signed_bytes_are_the_raw_ones(shop: Caller) -> None:
    query = {"category_version": "v2", "keyword": "Café & Tea + more"}
    assert await shop.code("GET", CATEGORIES, query=query) == 0
    assert await shop.code("POST", f"{PRODUCTS}/activate", content=b'{ "product_ids" : ["1"] }') == 0
    json_with_charset = "Application/JSON; charset=utf-8"
    assert (
        await shop.code("POST", f"{PRODUCTS}/activate", body={"product_ids": ["1"]}, content_type=json_with_charset)
        == 0
    )


async def test_a_plus_and_a_percent_sign_mean_the_same(shop: Caller) -> None:
    params = {"app_key": shop.app_key, "timestamp": str(shop.world.clock.unix()), "shop_cipher": shop.cipher}
    params |= {"category_version": "v2", "keyword": "a b"}
    sign = shop.sign(CATEGORIES, params, b"")
    cipher = shop.cipher.replace("=", "%3D").replace("+", "%2B").replace("/", "%2F")
    for space in ("+", "%20"):
        url = (
            f"{CATEGORIES}?app_key={shop.app_key}&timestamp={params['timestamp']}&shop_cipher={cipher}"
            f"&category_version=v2&keyword=a{space}b&sign={sign}"
        )
        assert (await shop.http.get(url, headers={"x-tts-access-token": shop.token})).json()["code"] == 0


async def test_an_expired_token(shop: Caller) -> None:
    await shop.do("expire-token")
    response = await shop.raw("GET", CATEGORIES)
    assert (response.json()["code"], response.status_code) == (105002, 401)


async def test_a_token_lives_seven_days(shop: Caller) -> None:
    shop.world.clock.advance(7 * 86_400 - 5)
    assert await shop.code("GET", SHOPS, cipher=False) == 0
    shop.world.clock.advance(6)
    assert await shop.code("GET", SHOPS, cipher=False) == 105002


async def test_scopes(shop: Caller) -> None:
    await shop.do("scopes", scopes=["seller.product.basic"])
    response = await shop.raw("POST", PRODUCTS, body={})
    assert (response.json()["code"], response.status_code) == (105005, 401)
    assert await shop.code("GET", SHOPS, cipher=False) == 105005
    assert await shop.code("GET", CATEGORIES, query={"category_version": "v2"}) == 0


async def test_a_cipher_of_another_seller(shop: Caller) -> None:
    other = await shop.do("seller", region="GB")
    assert await shop.code("GET", CATEGORIES, shop_cipher=other["shops"][0]["cipher"]) == 101000


async def test_closed_shops_and_sellers(shop: Caller) -> None:
    shop.world.settings.shop_active = False
    response = await shop.raw("GET", CATEGORIES)
    assert (response.json()["code"], response.status_code) == (36009043, 401)
    results = (await shop.ok("GET", "/product/202312/prerequisites"))["check_results"]
    assert [one["check_item"] for one in results if one["is_failed"]] == ["SHOP_STATUS"]
    shop.world.settings.seller_active = False
    assert await shop.code("GET", CATEGORIES) == 36009044


async def test_too_many_requests(shop: Caller) -> None:
    shop.world.settings.tiktok_qps = 0.001
    assert await shop.code("GET", CATEGORIES, query={"category_version": "v2"}) == 0
    response = await shop.raw("GET", CATEGORIES)
    assert (response.json()["code"], response.status_code) == (36009002, 429)
    assert int(response.headers["retry-after"]) > 900


async def test_the_hourly_quota(shop: Caller) -> None:
    shop.world.settings.tiktok_hourly_quota = 2
    shop.world.clock.set(1_800_000_000 - 1_800_000_000 % 3600 + 3600)
    await shop.do("authorize")
    shop.token = (await shop.do("authorize"))["access_token"]
    codes = [await shop.code("GET", CATEGORIES, query={"category_version": "v2"}) for _ in range(3)]
    assert codes == [0, 0, 36009037]
    shop.world.clock.advance(3600)
    assert await shop.code("GET", CATEGORIES, query={"category_version": "v2"}) == 0


async def test_unknown_fields_are_taken_and_reported(shop: Caller) -> None:
    body = {"product_title": "Coffee mug", "category_version": "v2", "colour": 1, "images": [], "deep": {"er": 1}}
    await shop.ok("POST", f"{CATEGORIES}/recommend", body=body, query={"extra": "1"})
    assert shop.world.calls.entries[-1].unknown_fields == ["colour", "deep", "?extra"]
    assert shop.world.calls.entries[-1].operation == "Recommend Category"


async def test_wrong_types_name_the_field(shop: Caller) -> None:
    answer = await shop.call(
        "POST", PRODUCTS, body={"category_version": "v2", "skus": [{"inventory": [{"quantity": {}}]}]}
    )
    assert (answer["code"], answer["message"]) == (
        36009004,
        "Invalid parameter: skus[].inventory[].quantity must be of type int",
    )


async def test_the_same_seed_and_calls_give_the_same_bytes(shop: Caller) -> None:
    world = shop.world
    world.clock.freeze()
    seen = []
    for _ in range(2):
        world.reset()
        world.clock.set(1_900_000_000)
        world.clock.freeze()
        token = await shop.do("authorize")
        shop.token = token["access_token"]
        shops = await shop.raw("GET", SHOPS, cipher=False)
        shop.cipher = shops.json()["data"]["shops"][0]["cipher"]
        image = await shop.raw("POST", "/product/202309/images/upload", **form(picture(400, 400)))
        seen.append((token, shops.content, image.content))
    assert seen[0] == seen[1]
