"""Browsing, permissions, trees with their changes, and the policy, as clients read them."""

from datetime import date, timedelta

from server.domain.categories import CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.policy_rows import Audience
from server.services import categories, versions
from tests.graphql.conftest import Seller, seller
from tests.graphql.test_statements import amount

__all__ = ["seller"]

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
POLICY = """
query P($on: Date, $audience: PolicyAudience! = ORDINARY, $reading: PolicyReading! = CAREFUL) {
  categoryPolicy(market: US, on: $on, audience: $audience, reading: $reading) {
    on timeZone listableVersions editableVersions recommendableVersions recommendedVersion recommendInputs v1EndsOn
    autoUpgradeOn enforcedVersion platformAnswers { code } sources notices { until }
    calendar { startsAt accepts audience source }
  }
}
"""
BROWSE = """
query B($shop: ID!) {
  categories(tiktokShopId: $shop, version: V2, first: 10) {
    nodes {
      name
      parent { name }
      permission { status applyUrl isApplyUrlAssumed }
      children(first: 1) { nodes { name parent { name } } pageInfo { hasNextPage } totalCount }
    }
  }
}
"""
TREES = """
query T($id: ID!) {
  tiktokShop(id: $id) {
    categoryTrees { version locale nodes changes(first: 5) { nodes { kind ref { id version } pathBefore pathAfter
      permissionsBefore permissionsAfter category { name } } } }
    categoryPolicy { enforcedVersion listableVersions sources
      platformAnswers { code saidAt askedVersion askedCategory { id version } demands } }
  }
}
"""


async def test_a_tree_is_browsed_up_and_down_with_permissions(seller: Seller) -> None:
    nodes = (await seller.api.data(BROWSE, shop=seller.tiktok_gid))["categories"]["nodes"]
    free = {"status": "AVAILABLE", "applyUrl": None, "isApplyUrlAssumed": False}
    assert nodes[0] == {
        "name": "Home",
        "parent": None,
        "permission": free,
        "children": {
            "nodes": [{"name": "Knives", "parent": {"name": "Home"}}],
            "pageInfo": {"hasNextPage": True},
            "totalCount": 2,
        },
    }
    assert nodes[1]["permission"] == {
        "status": "INVITE_ONLY",
        "applyUrl": "https://seller-us.tiktok.com/qualification",
        "isApplyUrlAssumed": True,
    }


async def test_browsing_makes_a_statement_a_level(seller: Seller) -> None:
    assert await amount(seller, BROWSE, shop=seller.tiktok_gid) <= 7


async def test_a_parent_of_the_other_tree_is_refused(seller: Seller) -> None:
    document = (
        "query C($s: ID!, $f: CategoriesFilter) {"
        " categories(tiktokShopId: $s, version: V2, filter: $f, first: 1) { nodes { name } } }"
    )
    answer = await seller.api.run(document, s=seller.tiktok_gid, f={"parent": {"id": "1", "version": "V1"}})
    assert answer.codes == ["BAD_USER_INPUT"]


async def test_trees_changes_and_the_platforms_answer(seller: Seller) -> None:
    now = seller.deps.clock()
    where = {"shop_id": seller.shop_id, "tiktok_shop_id": seller.tiktok_shop_id}
    nodes = [FlatNode("1", "0", "Home", False), FlatNode("2", "1", "Mugs", True, ("PROHIBITED",))]
    async with seller.deps.database.write() as session:
        await categories.keep(session, **where, version=V2, locale="en-US", nodes=nodes, now=now)
        await versions.told(session, **where, code=12052217, version=V1, category_id="77", now=now)
    shop = (await seller.api.data(TREES, id=seller.tiktok_gid))["tiktokShop"]
    [tree] = shop["categoryTrees"]
    assert (tree["version"], tree["locale"], tree["nodes"]) == ("V2", "en-US", 2)
    assert sorted(tree["changes"]["nodes"], key=lambda one: str(one["kind"])) == [
        {
            "kind": "PERMISSIONS_CHANGED",
            "ref": {"id": "2", "version": "V2"},
            "pathBefore": ["Home", "Mugs"],
            "pathAfter": ["Home", "Mugs"],
            "permissionsBefore": ["AVAILABLE"],
            "permissionsAfter": ["PROHIBITED"],
            "category": {"name": "Mugs"},
        },
        {
            "kind": "REMOVED",
            "ref": {"id": "3", "version": "V2"},
            "pathBefore": ["Home", "Knives"],
            "pathAfter": None,
            "permissionsBefore": ["INVITE_ONLY"],
            "permissionsAfter": None,
            "category": None,
        },
    ]
    [told] = shop["categoryPolicy"].pop("platformAnswers")
    assert told.pop("saidAt") == now.isoformat().replace("+00:00", "Z")
    assert told == {
        "code": 12052217,
        "askedVersion": "V1",
        "askedCategory": {"id": "77", "version": "V1"},
        "demands": "V2",
    }
    assert shop["categoryPolicy"]["enforcedVersion"] == "V2"
    assert shop["categoryPolicy"]["listableVersions"] == ["V2"]
    assert shop["categoryPolicy"]["sources"][0] == "the platform's own answer to this shop"


async def policy(seller: Seller, on: date, **more: str) -> dict[str, object]:
    found: dict[str, object] = (await seller.api.data(POLICY, on=on.isoformat(), **more))["categoryPolicy"]
    return found


async def test_the_time_machine_tells_each_audience_and_reading(seller: Seller) -> None:
    day = date(2024, 9, 5)
    assert (await policy(seller, day))["listableVersions"] == ["V1"]
    assert (await policy(seller, day, audience=Audience.INVITED))["listableVersions"] == ["V1", "V2"]
    assert (await policy(seller, day, reading="LITERAL"))["listableVersions"] == ["V1", "V2"]
    next_day = await policy(seller, day + timedelta(days=1))
    assert (next_day["listableVersions"], next_day["timeZone"]) == (["V1", "V2"], "UTC")
    assert (next_day["v1EndsOn"], next_day["autoUpgradeOn"]) == ("2024-09-16", "2024-10-08")
    assert next_day["recommendInputs"] == ["TITLE", "DESCRIPTION", "IMAGE"]
    assert "US changelog, 9/05 all sellers, but not all before 09/06" in str(next_day["sources"])


async def test_a_day_before_the_calendar_is_refused(seller: Seller) -> None:
    answer = await seller.api.run(POLICY, on="2019-12-31")
    assert answer.codes == ["NOT_FOUND"]
