"""Global ids of every kind, API tokens, and how the service is."""

from uuid import UUID

from server.kit.ids import to_gid
from tests.graphql.conftest import Api, Seller
from tests.graphql.playing import open_play
from tests.graphql.test_story import ERRORS, make_template, only, refused


async def test_tokens_are_made_shown_once_and_revoked(api: Api) -> None:
    document = f"""
    mutation T($input: ApiTokenCreateInput!) {{
      apiTokenCreate(input: $input) {{ apiToken {{ id name scopes createdBy {{ kind name }} }} secret {ERRORS} }}
    }}
    """
    payload = only(await api.data(document, input={"name": "ERP", "scopes": ["READ_PRODUCTS"]}))
    assert payload["userErrors"] == []
    assert payload["apiToken"] | {"id": None} == {
        "id": None,
        "name": "ERP",
        "scopes": ["READ_PRODUCTS"],
        "createdBy": {"kind": "TOKEN", "name": "Test"},
    }
    theirs = Api(api.http, api.shop_id, payload["secret"], api.caller)
    assert (await theirs.run("{ products(first: 1) { totalCount } }")).codes == []
    revoke = f"mutation R($id: ID!) {{ apiTokenRevoke(id: $id) {{ apiToken {{ revokedAt }} {ERRORS} }} }}"
    gone = only(await api.data(revoke, id=payload["apiToken"]["id"]))
    assert gone["apiToken"]["revokedAt"] is not None
    assert (await theirs.run("{ shop { id } }")).status == 401
    nobody = only(await api.data(document, input={"name": "", "scopes": ["READ_PRODUCTS"]}))
    assert (nobody["secret"], refused(nobody)) == (None, [("INVALID", ["input", "name"])])


async def test_nodes_of_every_kind_come_in_order(seller: Seller) -> None:
    [product] = await seller.add_products(1)
    template = await make_template(seller)
    play = await open_play(seller.deps, seller.shop_id, 1)
    items = await seller.api.data(
        "query I($id: ID!) { task(id: $id) { items(first: 1) { nodes { id } } } }", id=play.gid
    )
    tree = await seller.api.data(
        "query C($s: ID!) { categories(tiktokShopId: $s, version: V2, first: 1) { nodes { id } } }", s=seller.tiktok_gid
    )
    assert seller.api.caller.token_id is not None
    ids = [
        to_gid("Shop", seller.shop_id),
        to_gid("Shop", UUID(int=5)),
        seller.tiktok_gid,
        to_gid("Product", product),
        template,
        play.gid,
        items["task"]["items"]["nodes"][0]["id"],
        tree["categories"]["nodes"][0]["id"],
        to_gid("ApiToken", seller.api.caller.token_id),
    ]
    data = await seller.api.data("query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    found = [node and (node["__typename"], node["id"]) for node in data["nodes"]]
    kinds = ["Shop", None, "TikTokShop", "Product", "CategoryTemplate", "ListingTask", "TaskItem"]
    kinds += ["Category", "ApiToken"]
    assert found == [kind and (kind, gid) for kind, gid in zip(kinds, ids, strict=True)]


async def test_the_service_says_how_it_is(api: Api) -> None:
    data = await api.data("{ serviceStatus { isReady database queue queueLength workers } }")
    assert data["serviceStatus"] == {
        "isReady": True,
        "database": True,
        "queue": True,
        "queueLength": 0,
        "workers": 0,
    }
