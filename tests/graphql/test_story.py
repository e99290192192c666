"""The story through the API alone: connect, categories, a template, listing, watching, stopping."""

from typing import Any

import pytest

from server.domain.listings import ListingStatus
from server.kit.ids import new_id, to_gid
from tests.graphql.conftest import Seller

ERRORS = "userErrors { code field message }"
CREATE = f"""
mutation C($input: CategoryTemplateCreateInput!) {{
  categoryTemplateCreate(input: $input) {{ categoryTemplate {{ id }} {ERRORS} }}
}}
"""
UPDATE = f"""
mutation U($id: ID!, $input: CategoryTemplateInput!) {{
  categoryTemplateUpdate(id: $id, input: $input) {{
    categoryTemplate {{
      name rank revision shipping {{ weight {{ source value unit }} dimensions {{ length }} }}
      price {{ percent fixed }} rules {{ match conditions {{ field operator value }} }}
    }}
    {ERRORS}
  }}
}}
"""
LIST = f"""
mutation L($input: ProductsListInput!) {{
  productsList(input: $input) {{ task {{ id kind state counts {{ total }} startedBy {{ kind name }} }} {ERRORS} }}
}}
"""


def only(data: dict[str, Any]) -> dict[str, Any]:
    [payload] = data.values()
    found: dict[str, Any] = payload
    return found


def refused(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def make_template(seller: Seller, **changes: object) -> str:
    given = {
        "tiktokShopId": seller.tiktok_gid,
        "name": "Everything",
        "isDefault": True,
        "category": {"id": "2", "version": "V2"},
        "shipping": {
            "weight": {"value": "0.5", "unit": "KILOGRAM"},
            "dimensions": {"length": "20", "width": "15", "height": "10", "unit": "CENTIMETER"},
        },
    }
    payload = only(await seller.api.data(CREATE, input=given | changes))
    assert payload["userErrors"] == []
    made: str = payload["categoryTemplate"]["id"]
    return made


async def test_the_connect_link_leads_to_the_markets_page(seller: Seller) -> None:
    document = f"""
    mutation C($input: TikTokShopConnectInput!) {{
      tiktokShopConnect(input: $input) {{ authorizeUrl expiresAt {ERRORS} }}
    }}
    """
    payload = only(await seller.api.data(document, input={"market": "US"}))
    assert payload["userErrors"] == []
    assert payload["authorizeUrl"].startswith("http://127.0.0.1:9/open/authorize?")
    assert payload["expiresAt"].endswith("Z")


async def test_a_disconnected_shop_is_known_and_lists_nothing(seller: Seller) -> None:
    document = f"""
    mutation D($input: TikTokShopDisconnectInput!) {{
      tiktokShopDisconnect(input: $input) {{ tiktokShop {{ status }} {ERRORS} }}
    }}
    """
    payload = only(await seller.api.data(document, input={"tiktokShopId": seller.tiktok_gid}))
    assert payload == {"tiktokShop": {"status": "DISCONNECTED"}, "userErrors": []}
    [product] = await seller.add_products(1)
    given = {"tiktokShopId": seller.tiktok_gid, "productIds": [to_gid("Product", product)]}
    payload = only(await seller.api.data(LIST, input=given))
    assert payload["task"] is None
    assert refused(payload) == [("AUTHORIZATION_NEEDED", ["input", "tiktokShopId"])]


async def test_the_tree_is_browsed_and_searched(seller: Seller) -> None:
    document = """
    query C($shop: ID!, $filter: CategoriesFilter) {
      categories(tiktokShopId: $shop, version: V2, filter: $filter, first: 10) {
        totalCount nodes { ref { id version } path level isLeaf permissions }
      }
    }
    """
    home = {"ref": {"id": "1", "version": "V2"}, "path": ["Home"], "level": 1, "isLeaf": False}
    roots = await seller.api.data(document, shop=seller.tiktok_gid, filter={"roots": True})
    assert roots["categories"] == {"totalCount": 1, "nodes": [home | {"permissions": ["AVAILABLE"]}]}
    children = await seller.api.data(document, shop=seller.tiktok_gid, filter={"parent": {"id": "1", "version": "V2"}})
    assert [node["path"] for node in children["categories"]["nodes"]] == [["Home", "Knives"], ["Home", "Mugs"]]
    found = await seller.api.data(document, shop=seller.tiktok_gid, filter={"search": "kni ho", "leavesOnly": True})
    assert [node["permissions"] for node in found["categories"]["nodes"]] == [["INVITE_ONLY"]]


async def test_a_tree_that_was_never_fetched_says_so(seller: Seller) -> None:
    document = "query C($shop: ID!) { categories(tiktokShopId: $shop, version: V1, first: 1) { totalCount } }"
    assert (await seller.api.run(document, shop=seller.tiktok_gid)).codes == ["NOT_FOUND"]


async def test_a_category_reference_holds_its_version(seller: Seller) -> None:
    document = "query C($shop: ID!, $ref: CategoryRefInput!) { category(tiktokShopId: $shop, ref: $ref) { name } }"
    asked = [{"id": "2", "version": "V2"}, {"id": "2", "version": "V1"}]
    found = [(await seller.api.data(document, shop=seller.tiktok_gid, ref=ref))["category"] for ref in asked]
    assert found == [{"name": "Mugs"}, None]
    assert (await seller.api.run(document, shop=seller.tiktok_gid, ref={"id": "x", "version": "V2"})).codes == [
        "BAD_USER_INPUT"
    ]


async def test_the_same_key_starts_one_sync(seller: Seller) -> None:
    document = f"""
    mutation S($input: CategoriesSyncInput!) {{
      categoriesSync(input: $input) {{ task {{ id ... on CategoriesSyncTask {{ versions }} }} {ERRORS} }}
    }}
    """
    given = {"tiktokShopId": seller.tiktok_gid, "versions": ["V2"], "idempotencyKey": "k1"}
    first, again = [only(await seller.api.data(document, input=given)) for _ in range(2)]
    other = only(await seller.api.data(document, input=given | {"idempotencyKey": "k2"}))
    assert first["task"]["versions"] == ["V2"]
    assert first == again
    assert other["task"]["id"] != first["task"]["id"]


async def test_a_template_is_written_read_and_changed_in_parts(seller: Seller) -> None:
    template = await make_template(seller, price={"percent": "10", "fixed": "1.5"})
    change = {
        "rank": 3,
        "price": {"percent": "5"},
        "rules": {"conditions": [{"field": "VENDOR", "operator": "EQUALS", "value": "Acme"}]},
    }
    payload = only(await seller.api.data(UPDATE, id=template, input=change))
    assert payload == {
        "categoryTemplate": {
            "name": "Everything",
            "rank": 3,
            "revision": 2,
            "shipping": {
                "weight": {"source": "FROM_STORE", "value": "0.5", "unit": "KILOGRAM"},
                "dimensions": {"length": "20"},
            },
            "price": {"percent": "5", "fixed": "0"},
            "rules": {"match": "ALL", "conditions": [{"field": "VENDOR", "operator": "EQUALS", "value": "Acme"}]},
        },
        "userErrors": [],
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": " "}, [("INVALID", ["input", "name"])]),
        ({"category": {"id": "1", "version": "V2"}}, [("INVALID", ["input", "category", "id"])]),
        ({"category": {"id": "99", "version": "V2"}}, [("INVALID", ["input", "category", "id"])]),
        ({"tiktokShopId": "x"}, [("BAD_USER_INPUT", ["input", "tiktokShopId"])]),
        ({"shipping": {"weight": {"source": "CUSTOM"}}}, [("INVALID", ["input", "shipping", "weight"])]),
        (
            {"stock": {"percent": -1}, "price": {"exchangeRate": "0"}},
            [("INVALID", ["input", "price", "exchangeRate"]), ("INVALID", ["input", "stock", "percent"])],
        ),
    ],
)
async def test_every_fault_of_a_template_is_told_with_its_path(
    seller: Seller, change: dict[str, object], expected: list[tuple[str, list[str]]]
) -> None:
    given: dict[str, object] = {
        "tiktokShopId": seller.tiktok_gid,
        "name": "T",
        "category": {"id": "2", "version": "V2"},
    }
    payload = only(await seller.api.data(CREATE, input=given | change))
    assert sorted(refused(payload)) == expected
    assert payload["categoryTemplate"] is None
    listed = await seller.api.data("{ categoryTemplates(first: 5) { totalCount } }")
    assert listed["categoryTemplates"] == {"totalCount": 0}


async def test_activating_lists_what_the_template_takes(seller: Seller) -> None:
    await seller.add_products(3)
    template = await make_template(seller)
    document = f"""
    mutation A($id: ID!, $key: String) {{
      categoryTemplateActivate(id: $id, idempotencyKey: $key) {{
        categoryTemplate {{ isActive category {{ name }} tiktokShop {{ name }} }}
        task {{
          id kind state counts {{ total queued }}
          items(first: 2) {{ nodes {{ product {{ title }} listing {{ status }} }} }}
          ... on ListingTask {{ template {{ id }} tiktokShop {{ id }} }}
        }}
        {ERRORS}
      }}
    }}
    """
    payload = only(await seller.api.data(document, id=template, key="once"))
    assert payload["userErrors"] == []
    assert payload["categoryTemplate"] == {
        "isActive": True,
        "category": {"name": "Mugs"},
        "tiktokShop": {"name": "One on TikTok"},
    }
    assert payload["task"] | {"id": None} == {
        "id": None,
        "kind": "LISTING",
        "state": "QUEUED",
        "counts": {"total": 3, "queued": 3},
        "items": {
            "nodes": [
                {"product": {"title": "Mug 0"}, "listing": {"status": "QUEUED"}},
                {"product": {"title": "Mug 1"}, "listing": {"status": "QUEUED"}},
            ]
        },
        "template": {"id": template},
        "tiktokShop": {"id": seller.tiktok_gid},
    }
    again = only(await seller.api.data(document, id=template, key="once"))
    assert again["task"]["id"] == payload["task"]["id"]
    shop = await seller.api.data("{ shop { tiktokShops { status listingCounts { status count } } } }")
    [tiktok_shop] = shop["shop"]["tiktokShops"]
    assert tiktok_shop["status"] == "CONNECTED"
    assert {line["status"]: line["count"] for line in tiktok_shop["listingCounts"]} == {
        status.value: 3 if status is ListingStatus.QUEUED else 0 for status in ListingStatus
    }


async def test_products_are_listed_by_name_and_stopped(seller: Seller) -> None:
    products = await seller.add_products(2)
    await make_template(seller)
    given = {"tiktokShopId": seller.tiktok_gid, "productIds": [to_gid("Product", product) for product in products]}
    payload = only(await seller.api.data(LIST, input=given))
    assert payload["task"]["counts"] == {"total": 2}
    assert payload["task"]["startedBy"] == {"kind": "TOKEN", "name": "Test"}
    steer = f"mutation S($id: ID!) {{ %s(id: $id) {{ task {{ state }} {ERRORS} }} }}"
    task = payload["task"]["id"]
    steps = ("taskPause", "taskPause", "taskResume", "taskCancel")
    states = [only(await seller.api.data(steer % step, id=task))["task"]["state"] for step in steps]
    assert states == ["PAUSED", "PAUSED", "QUEUED", "CANCELLING"]
    late = only(await seller.api.data(steer % "taskPause", id=task))
    assert (late["task"], refused(late)) == (None, [("CONFLICT", ["id"])])
    unknown = only(await seller.api.data(steer % "taskCancel", id=to_gid("Task", new_id())))
    assert refused(unknown) == [("NOT_FOUND", ["id"])]


async def test_products_that_are_none_stop_the_listing(seller: Seller) -> None:
    [product] = await seller.add_products(1)
    given = {
        "tiktokShopId": seller.tiktok_gid,
        "productIds": [to_gid("Product", product), to_gid("Product", new_id())],
        "errorPolicy": "REJECT_EVERYTHING",
    }
    payload = only(await seller.api.data(LIST, input=given))
    assert refused(payload) == [("NOT_FOUND", ["input", "productIds", "1"])]
    payload = only(await seller.api.data(LIST, input=given | {"productIds": [to_gid("Product", product), "x"]}))
    assert refused(payload) == [("BAD_USER_INPUT", ["input", "productIds", "1"])]
    assert (await seller.api.data("{ tasks(first: 1) { totalCount } }"))["tasks"] == {"totalCount": 0}
