"""The published vectors of TikTok fact sheet 2.3 and 4.2."""

import httpx
import pytest

from server.clients.tiktok_signing import SignedAuth, sign, sign_webhook, webhook_is_genuine
from server.kit.clock import from_unix
from server.kit.secrets import Secret

KEY, SECRET = "6test1k2y3abc", Secret("9f3c2a7be1d84056a1c0")
CIPHER = "ROW_b3BlbmNvbm5lY3RvcnNhbmRib3g="
AT = {"app_key": KEY, "timestamp": "1767225600"}
JSON = "application/json"
BODY_B = (
    '{"product_title":"Ceramic Pour-Over Coffee Dripper – 2 Cup","description":"<p>Crème glaze</p>",'
    '"images":[{"uri":"tos-sandbox-i-abc/0001"}],"category_version":"v2"}'
).encode()
UPGRADE = "/product/202407/products/category_upgrade_task"

VECTORS = [
    (
        "A",
        "/product/202309/categories",
        {"category_version": "v2", "locale": "en-US", "keyword": "Café & Tea", "shop_cipher": CIPHER},
        b"",
        JSON,
        "8b4ae6a65ece18401f471c7d7672400c7371ba004d0c6aae862cf728217a79bf",
    ),
    (
        "B",
        "/product/202309/categories/recommend",
        {"shop_cipher": CIPHER},
        BODY_B,
        JSON,
        "b07b5b28d75e80f95bc16b4238340e3af28a8eba146a335a023e2216ec81ba45",
    ),
    (
        "C",
        "/product/202309/images/upload",
        {},
        b"any bytes at all",
        "multipart/form-data; boundary=bnd",
        "9f724c3054ce534826f4db26b9e3670143b61f614f5a73f323352fb7aa86489f",
    ),
    (
        "D1",
        UPGRADE,
        {"shop_cipher": CIPHER},
        b"",
        JSON,
        "b125193d0314452309ceb43e4087a02d8c64e1be5f07b94096c4161d6bff17de",
    ),
    (
        "D2",
        UPGRADE,
        {"shop_cipher": CIPHER},
        b"{}",
        JSON,
        "afe08c6418776ee414d2f46f4facc1ac953ca7a0a5a380a3ebeb05d8e8210fa9",
    ),
    (
        "E",
        "/product/202502/products/search",
        {
            "page_size": "100",
            "page_token": "b2Zmc2V0PTAK",
            "sign": "stale",
            "access_token": "must-be-ignored",
            "shop_cipher": CIPHER,
        },
        b'{"status":"ACTIVATE","category_version":"v1"}',
        "application/json; charset=utf-8",
        "6042e7eca0f4dcf40130589a7a53b606c0674cf9e84768fe5ff8ace6275da5bc",
    ),
]


@pytest.mark.parametrize(
    ("name", "path", "query", "body", "content_type", "expected"), VECTORS, ids=lambda v: str(v)[:4]
)
def test_vectors(name: str, path: str, query: dict[str, str], body: bytes, content_type: str, expected: str) -> None:
    assert sign(SECRET, path, AT | query, body, content_type) == expected


def test_the_official_vector() -> None:
    query = {"app_key": "29a39d", "timestamp": "1623812664"}
    signed = sign(Secret("e59af819cc"), "/authorization/202309/shops", query, b"", JSON)
    assert signed == "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"


@pytest.mark.parametrize(
    ("name", "path", "query", "body", "content_type", "expected"), VECTORS, ids=lambda v: str(v)[:4]
)
async def test_the_auth_signs_what_is_sent(
    name: str, path: str, query: dict[str, str], body: bytes, content_type: str, expected: str
) -> None:
    sent: list[httpx.Request] = []

    async def platform(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    auth = SignedAuth(KEY, SECRET, lambda: from_unix(1767225600))
    asked = {key: value for key, value in query.items() if key not in ("sign", "access_token")}
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as http:
        await http.post(
            f"https://open-api.test{path}",
            params=asked,
            content=body,
            headers={"content-type": content_type},
            auth=auth,
        )
    [request] = sent
    assert dict(request.url.params) == AT | asked | {"sign": expected}
    assert request.content == body


OFFICIAL = (
    b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,'
    b'"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID",'
    b'"update_time":1718305585}}'
)
W18 = (
    b'{"type":18,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1767225600,'
    b'"data":{"product_id":"1729592969712207008","previous_category_id":"600002","current_category_id":"853000",'
    b'"update_time":1767225595}}'
)
W5 = (
    b'{"type":5,"tts_notification_id":"7327112393057371911","shop_id":"7494049642642441621","timestamp":1767225600,'
    b'"data":{"product_id":1729592969712207008,"status":"PRODUCT_AUDIT_FAILURE",'
    b'"suspended_reason":"violate listing rules","update_time":1767225595}}'
)


@pytest.mark.parametrize(
    ("app_key", "secret", "raw", "expected"),
    [
        ("abcdef", Secret("123"), OFFICIAL, "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"),
        (KEY, SECRET, W18, "7ca6a97c44e384810f8a8d7ae2ebadfe693c282ad83cbd89ca81920df85eebb1"),
        (KEY, SECRET, W5, "3c1f9478380a21acd8268f31cff9c38d4fa7db41821c9031f64ab97fbef045c9"),
    ],
    ids=["official", "W18", "W5"],
)
def test_webhook_vectors(app_key: str, secret: Secret, raw: bytes, expected: str) -> None:
    assert sign_webhook(app_key, secret, raw) == expected
    assert webhook_is_genuine(app_key, secret, raw, expected)
    assert not webhook_is_genuine(app_key, secret, raw + b" ", expected)
    assert not webhook_is_genuine(app_key, secret, raw, "")
    assert not webhook_is_genuine(app_key, secret, raw, "é" * 64)
