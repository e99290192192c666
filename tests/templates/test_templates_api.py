"""Templates over the API: nested rules and blocks written and read back, products filtered by where they stand."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graphql_schema.asgi import create_for
from server.domain.listings import ListingStatus
from server.kit.ids import new_id, to_gid
from server.services.access import Scope
from tests.graphql.conftest import Api, make_token
from tests.graphql.test_statements import counted
from tests.templates.conftest import Desk, takes

ERRORS = "userErrors { code field message }"
CREATE = f"""
mutation C($input: CategoryTemplateCreateInput!) {{
  categoryTemplateCreate(input: $input) {{ categoryTemplate {{ ...T }} {ERRORS} }}
}}
"""
UPDATE = f"""
mutation U($id: ID!, $input: CategoryTemplateInput!, $apply: Boolean! = false) {{
  categoryTemplateUpdate(id: $id, input: $input, applyToListings: $apply) {{
    categoryTemplate {{ ...T }} task {{ id }} {ERRORS}
  }}
}}
"""
SHOWN = """
fragment T on CategoryTemplate {
  id name revision said categoryRef { id }
  rules { match conditions { field operator value values } groups { match conditions { field operator values unit } } }
  blocks { id kind name }
  attributes { id values { name } source { field key } }
  title { source key }
  stock { cap warehouseId }
  price { percent rounding }
}
"""
MATCHES = """
query M($shop: ID!, $n: Int!) {
  products(first: $n) {
    nodes { title templateMatch(tiktokShopId: $shop) { because takenBy template { name } lost { template { name } } } }
  }
}
"""


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_for(desk.deps))
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        yield client


@pytest.fixture
async def api(desk: Desk, http: httpx.AsyncClient) -> Api:
    token, caller = await make_token(desk.deps, desk.shop.id)
    return Api(http, desk.shop.id, token, caller)


def gid(desk: Desk) -> str:
    return to_gid("TikTokShop", desk.tiktok_shop.id)


async def made(api: Api, document: str, **variables: object) -> dict[str, Any]:
    [payload] = (await api.data(document, **variables)).values()
    assert payload["userErrors"] == []
    found: dict[str, Any] = payload
    return found


async def test_a_template_is_written_and_read_back_whole(desk: Desk, api: Api) -> None:
    box = await made(
        api,
        "mutation B($input: TemplateBlockCreateInput!) "
        f"{{ templateBlockCreate(input: $input) {{ templateBlock {{ id content {{ said }} }} {ERRORS} }} }}",
        input={
            "tiktokShopId": gid(desk),
            "kind": "SHIPPING",
            "name": "Box",
            "shipping": {"dimensions": {"length": "30", "width": "20", "height": "10", "unit": "CENTIMETER"}},
        },
    )
    assert box["templateBlock"]["content"]["said"] == ["DIMENSIONS"]
    weights = {"field": "WEIGHT", "operator": "BETWEEN", "values": ["1", "2.5"], "unit": "KILOGRAM"}
    given = {
        "tiktokShopId": gid(desk),
        "name": "Mugs",
        "rules": {
            "match": "ANY",
            "conditions": [{"field": "TAG", "operator": "IN", "values": ["mug", "cup"]}],
            "groups": [{"match": "ALL", "conditions": [weights]}],
        },
        "shippingBlockId": box["templateBlock"]["id"],
        "attributes": [{"id": "7", "source": {"field": "METAFIELD", "key": "custom.material"}}],
        "title": {"source": "METAFIELD", "key": "custom.title"},
        "stock": {"cap": 5, "warehouseId": "7001"},
        "price": {"percent": "10", "rounding": "UP"},
    }
    shown = (await made(api, CREATE + SHOWN, input=given))["categoryTemplate"]
    assert shown["rules"]["conditions"] == [{"field": "TAG", "operator": "IN", "value": None, "values": ["mug", "cup"]}]
    assert shown["rules"]["groups"] == [{"match": "ALL", "conditions": [weights]}]
    assert [(one["kind"], one["name"]) for one in shown["blocks"]] == [("SHIPPING", "Box")]
    assert shown["attributes"] == [
        {"id": "7", "values": [], "source": {"field": "METAFIELD", "key": "custom.material"}}
    ]
    assert (shown["categoryRef"], shown["title"]) == (None, {"source": "METAFIELD", "key": "custom.title"})
    assert shown["said"] == ["PRICE", "STOCK", "TITLE"]
    assert (shown["stock"], shown["price"]) == (
        {"cap": 5, "warehouseId": "7001"},
        {"percent": "10", "rounding": "UP"},
    )
    changed = await made(api, UPDATE + SHOWN, id=shown["id"], input={"stock": None, "shippingBlockId": None})
    assert (changed["categoryTemplate"]["said"], changed["categoryTemplate"]["blocks"]) == (["PRICE", "TITLE"], [])


async def test_applying_needs_the_scope_of_listings_and_without_it_nothing_is_saved(desk: Desk, api: Api) -> None:
    row = await desk.make("Mugs", takes("mug"))
    token, caller = await make_token(desk.deps, desk.shop.id, Scope.READ_PRODUCTS, Scope.WRITE_TEMPLATES)
    clerk = Api(api.http, desk.shop.id, token, caller)
    [payload] = (
        await clerk.data(UPDATE + SHOWN, id=to_gid("CategoryTemplate", row.id), input={"name": "X"}, apply=True)
    ).values()
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [("FORBIDDEN", ["applyToListings"])]
    plain = await made(clerk, UPDATE + SHOWN, id=to_gid("CategoryTemplate", row.id), input={"rank": 3})
    assert (plain["categoryTemplate"]["name"], plain["categoryTemplate"]["revision"]) == ("Mugs", 2)


async def test_products_are_filtered_by_where_they_stand(desk: Desk, api: Api) -> None:
    row = await desk.make("Mugs", takes("mug"))
    live, _, never = await desk.add(["mug"], ["mug"], ["tea"])
    await desk.list_with(row.id, live)

    async def count(**wanted: object) -> int:
        shown = "products(filter: $filter, first: 5) { totalCount nodes { id } }"
        document = f"query P($filter: ProductsFilter!) {{ {shown} }}"
        page = (await api.data(document, filter=wanted))["products"]
        assert len(page["nodes"]) == page["totalCount"]
        total: int = page["totalCount"]
        return total

    shop = {"tiktokShopId": gid(desk)}
    counts = {status.value: await count(**shop, listingStatuses=[status.value]) for status in ListingStatus}
    told = await api.data("query C($id: ID!) { tiktokShop(id: $id) { listingCounts { status count } } }", id=gid(desk))
    assert counts == {one["status"]: one["count"] for one in told["tiktokShop"]["listingCounts"]}
    assert {name: amount for name, amount in counts.items() if amount} == {"LIVE": 1, "NOT_SYNCED": 2}
    assert await count(**shop, listingStatuses=["LIVE", "NOT_SYNCED"]) == 3
    assert await count(templateId=to_gid("CategoryTemplate", row.id)) == 1
    refused = await api.run("{ products(filter: { listingStatuses: [LIVE] }, first: 5) { totalCount } }")
    assert refused.codes == ["BAD_USER_INPUT"]
    stranger = await api.run(
        "query P($id: ID!) { products(filter: { tiktokShopId: $id }, first: 5) { totalCount } }",
        id=to_gid("TikTokShop", new_id()),
    )
    assert stranger.codes == ["NOT_FOUND"]
    assert never != live


async def test_a_page_of_explanations_makes_no_more_statements_than_one(desk: Desk, api: Api) -> None:
    await desk.make("Mugs", takes("mug"))
    await desk.make("Rest", is_default=True)
    await desk.add(*([["mug"], ["tea"]] * 6))
    amounts = []
    for n in (1, 12):
        with counted() as statements:
            page = (await api.data(MATCHES, shop=gid(desk), n=n))["products"]["nodes"]
        amounts.append(len([one for one in statements if "api_token" not in one]))
    assert amounts[0] == amounts[1]
    assert [one["templateMatch"]["template"]["name"] for one in page[:2]] == ["Mugs", "Rest"]
    assert {one["templateMatch"]["takenBy"] for one in page} == {"RULE", "DEFAULT"}
