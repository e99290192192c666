"""Signatures against every vector of TikTok fact sheet 2.3."""

import pytest

from sandbox.tiktok.signing import is_signed, request_signature

KEY, SECRET, AT = "6test1k2y3abc", "9f3c2a7be1d84056a1c0", "1767225600"
CIPHER = "ROW_b3BlbmNvbm5lY3RvcnNhbmRib3g="
SHARED = {"app_key": KEY, "timestamp": AT}
WITH_SHOP = SHARED | {"shop_cipher": CIPHER}
JSON = "application/json"
RECOMMEND = (
    '{"product_title":"Ceramic Pour-Over Coffee Dripper – 2 Cup","description":"<p>Crème glaze</p>",'
    '"images":[{"uri":"tos-sandbox-i-abc/0001"}],"category_version":"v2"}'
).encode()
UPGRADE = "/product/202407/products/category_upgrade_task"

VECTORS = [
    (
        "A tricky values",
        "/product/202309/categories",
        WITH_SHOP | {"category_version": "v2", "locale": "en-US", "keyword": "Café & Tea"},
        None,
        b"",
        "8b4ae6a65ece18401f471c7d7672400c7371ba004d0c6aae862cf728217a79bf",
    ),
    (
        "B JSON body",
        "/product/202309/categories/recommend",
        WITH_SHOP,
        JSON,
        RECOMMEND,
        "b07b5b28d75e80f95bc16b4238340e3af28a8eba146a335a023e2216ec81ba45",
    ),
    (
        "C multipart",
        "/product/202309/images/upload",
        SHARED,
        "multipart/form-data; boundary=bnd",
        b"anything",
        "9f724c3054ce534826f4db26b9e3670143b61f614f5a73f323352fb7aa86489f",
    ),
    ("D1 no body", UPGRADE, WITH_SHOP, JSON, b"", "b125193d0314452309ceb43e4087a02d8c64e1be5f07b94096c4161d6bff17de"),
    ("D2 {}", UPGRADE, WITH_SHOP, JSON, b"{}", "afe08c6418776ee414d2f46f4facc1ac953ca7a0a5a380a3ebeb05d8e8210fa9"),
    (
        "E ignored parameters",
        "/product/202502/products/search",
        WITH_SHOP
        | {"page_size": "100", "page_token": "b2Zmc2V0PTAK", "sign": "stale", "access_token": "must-be-ignored"},
        "application/json; charset=utf-8",
        b'{"status":"ACTIVATE","category_version":"v1"}',
        "6042e7eca0f4dcf40130589a7a53b606c0674cf9e84768fe5ff8ace6275da5bc",
    ),
]


@pytest.mark.parametrize(("_case", "path", "query", "kind", "body", "sign"), VECTORS)
def test_vectors(_case: str, path: str, query: dict[str, str], kind: str | None, body: bytes, sign: str) -> None:
    assert request_signature(SECRET, path, query, kind, body) == sign
    assert is_signed(sign, SECRET, path, query, kind, body)
    assert not is_signed(sign[:-1] + ("0" if sign[-1] != "0" else "1"), SECRET, path, query, kind, body)
    assert not is_signed("é", SECRET, path, query, kind, body)


def test_the_documentations_own_vector() -> None:
    query = {"app_key": "29a39d", "timestamp": "1623812664"}
    found = request_signature("e59af819cc", "/authorization/202309/shops", query, JSON, b"")
    assert found == "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"
