"""What belongs to one shop is not there for another: every place that takes an id is tried with ids of a stranger."""

from collections.abc import Mapping

import pytest

from tests.journeys.asking import Answer
from tests.journeys.feeds import opened, received, subscribe
from tests.journeys.footprint import footprint
from tests.journeys.id_places import ALL as PLACES
from tests.journeys.id_places import ERRORS, NOWHERE
from tests.journeys.id_places import REFUSING_QUERIES as REFUSING
from tests.journeys.merchants import Merchant
from tests.journeys.played import Played
from tests.journeys.strangers import places, told_schema
from tests.journeys.template_id_places import TEMPLATE_REFUSING, TEMPLATE_TRIES
from tests.journeys.town import Town

ALL = PLACES | TEMPLATE_TRIES | TEMPLATE_REFUSING
REFUSING_QUERIES = REFUSING | TEMPLATE_REFUSING
BLOCK = (
    "mutation B($input: TemplateBlockCreateInput!) "
    f"{{ templateBlockCreate(input: $input) {{ templateBlock {{ id }} {ERRORS} }} }}"
)
TEMPLATE = (
    "mutation T($input: CategoryTemplateCreateInput!) "
    f"{{ categoryTemplateCreate(input: $input) {{ categoryTemplate {{ id }} {ERRORS} }} }}"
)
MAP = (
    "mutation M($input: CategoryMappingSetInput!) "
    f"{{ categoryMappingSet(input: $input) {{ categoryMapping {{ id }} {ERRORS} }} }}"
)
RECOMMEND = (
    "mutation R($input: RecommendationsRefreshInput!) "
    f"{{ recommendationsRefresh(input: $input) {{ task {{ id }} {ERRORS} }} }}"
)
ANNOUNCE = (
    "mutation A($input: [StagedUploadInput!]!) "
    f"{{ stagedUploadCreate(input: $input) {{ results {{ target {{ resourceId }} }} {ERRORS} }} }}"
)
CHART = {"filename": "a.png", "mimeType": "image/png", "fileSize": 9, "purpose": "SIZE_CHART_IMAGE"}
ITEMS = "query I($id: ID!) { task(id: $id) { items(first: 1) { nodes { id } } } }"
LINK = f"mutation L($input: ListingLinkInput!) {{ listingLink(input: $input) {{ listing {{ id }} {ERRORS} }} }}"
UNLINK = f"mutation U($id: ID!) {{ listingUnlink(listingId: $id) {{ listing {{ id }} {ERRORS} }} }}"
REMOTE = "query R($id: ID!) { listing(id: $id) { remoteId } }"
PROPOSED = "query P($id: ID!) { linkProposals(tiktokShopId: $id, first: 1) { nodes { id } } }"
RECOMMENDED = "query R($id: ID!) { recommendations(tiktokShopId: $id, first: 1) { nodes { id } } }"


@pytest.fixture(scope="module")
def stranger(town: Town, played: Played) -> Merchant:
    """Another shop, installed and connected, with two products and a template of its own."""
    merchant = Merchant.settled(town, 2)
    merchant.client.do(TEMPLATE, input={"tiktokShopId": merchant.tiktok_shop, "name": "Own"})
    return merchant


@pytest.fixture(scope="module")
def theirs(town: Town, played: Played) -> Mapping[str, str]:
    """An id of each kind that belongs to the main job's merchant."""
    shop, product = played.tiktok_shop, played.listings[0]["product"]["id"]
    source = {"kind": "PRODUCT_TYPE", "key": "Candles"}
    mapped = town.client.do(MAP, input={"tiktokShopId": shop, "source": source, "category": played.leaf})[
        "categoryMapping"
    ]
    refresh = town.client.do(RECOMMEND, input={"tiktokShopId": shop, "productIds": [product]})["task"]["id"]
    list(town.client.follow(refresh))
    recommended = town.client.ask(RECOMMENDED, id=shop)["recommendations"]["nodes"]
    listing = played.listings[0]
    remote = town.client.ask(REMOTE, id=listing["id"])["listing"]["remoteId"]
    town.client.do(UNLINK, id=listing["id"])
    town.client.do(LINK, input={"tiktokShopId": shop, "productId": product, "remoteId": remote})
    (file,) = town.client.do(ANNOUNCE, input=[CHART])["results"]
    items = town.client.ask(ITEMS, id=played.listed)["task"]["items"]["nodes"]
    tokens = town.client.ask("{ apiTokens(first: 1) { nodes { id } } }")["apiTokens"]["nodes"]
    papers = {"tiktokShopId": shop, "kind": "COMPLIANCE", "name": "Papers", "manufacturerIds": ["1"]}
    return {
        "TemplateBlock": town.client.do(BLOCK, input=papers)["templateBlock"]["id"],
        "TikTokShop": played.tiktok_shop,
        "CategoryTemplate": played.template,
        "Task": played.listed,
        "TaskItem": items[0]["id"],
        "Listing": played.listings[0]["id"],
        "Product": played.listings[0]["product"]["id"],
        "ApiToken": tokens[0]["id"],
        "CategoryMapping": mapped["id"],
        "File": file["target"]["resourceId"],
        "Recommendation": recommended[0]["id"],
        "LinkProposal": town.client.ask(PROPOSED, id=shop)["linkProposals"]["nodes"][0]["id"],
    }


def field_of(place: str) -> list[str]:
    """The path that a refusal must name."""
    return place.partition(" ")[2].split(".")


def put(merchant: Merchant, place: str, gid: str) -> Answer:
    own: dict[str, object] = {"own": merchant.tiktok_shop} if "$own" in ALL[place].document else {}
    if "$file" in ALL[place].document:
        document = "query P($id: ID!) { categoryMappingPack(tiktokShopId: $id) { file } }"
        own["file"] = merchant.caller.ask(document, id=merchant.tiktok_shop).payload["file"]
    if "$template" in ALL[place].document:
        found = merchant.caller.ask("{ categoryTemplates(first: 1) { nodes { id } } }").payload["nodes"]
        own["template"] = found[0]["id"]
    return merchant.caller.ask(ALL[place].document, id=gid, **own)


def test_every_place_for_an_id_is_tried(town: Town) -> None:
    assert {str(place) for place in places(told_schema(town.caller))} == set(ALL)


def refusals(answer: Answer) -> list[tuple[str, list[str] | None]]:
    """Why a change was not made; nothing else of its payload is there but empty lists, and rows that were refused."""
    payload = dict(answer.payload)
    rows = payload.pop("results", None) or []
    assert not any(row.get("done") for row in rows), payload
    payload["userErrors"] = [*payload["userErrors"], *(error for row in rows for error in row["userErrors"])]
    assert all(not made for name, made in payload.items() if name != "userErrors"), payload
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


def assert_not_there(place: str, answer: Answer) -> None:
    found = ALL[place]
    if place in REFUSING_QUERIES:
        assert answer.codes == ["NOT_FOUND"]
    elif found.document.startswith("mutation"):
        [(code, path)] = refusals(answer)
        assert code == "NOT_FOUND"
        assert path is not None
        assert path[: len(field_of(place))] == field_of(place)
    else:
        assert list(answer.data.values()) == [found.nothing]


@pytest.mark.parametrize("place", sorted(ALL))
def test_ids_of_another_shop_and_of_nobody_are_not_there(
    town: Town, stranger: Merchant, theirs: Mapping[str, str], place: str
) -> None:
    before = footprint(town), footprint(town, stranger.caller)
    assert_not_there(place, put(stranger, place, theirs[ALL[place].kind]))
    assert_not_there(place, put(stranger, place, f"{theirs[ALL[place].kind].rpartition('/')[0]}/{NOWHERE}"))
    assert (footprint(town), footprint(town, stranger.caller)) == before


@pytest.mark.parametrize("place", sorted(set(ALL) - {"node id", "nodes ids"}))
def test_ids_of_another_kind_are_no_ids(town: Town, stranger: Merchant, theirs: Mapping[str, str], place: str) -> None:
    before = footprint(town, stranger.caller)
    other = "Task" if ALL[place].kind != "Task" else "Product"
    for wrong in (theirs[other], "8012300011264", "gid://shopify/Product/1", ""):
        answer = put(stranger, place, wrong)
        if ALL[place].document.startswith("mutation"):
            [(code, path)] = refusals(answer)
            assert path is not None
            assert path[: len(field_of(place))] == field_of(place)
        else:
            [code] = answer.codes
        assert code == "BAD_USER_INPUT", (wrong, answer.body)
    assert footprint(town, stranger.caller) == before


def test_a_strangers_task_cannot_be_followed(stranger: Merchant, town: Town, played: Played) -> None:
    with opened(town, token=stranger.client.token) as socket:
        subscribe(socket, "subscription F($id: ID!) { taskProgress(taskId: $id) { cursor } }", {"id": played.listed})
        payload = received(socket)["payload"]
        [error] = payload if isinstance(payload, list) else payload["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"


def test_a_list_of_ids_keeps_what_is_mine(stranger: Merchant, theirs: Mapping[str, str]) -> None:
    ids = [theirs["Task"], stranger.tiktok_shop, theirs["Product"], theirs["TikTokShop"]]
    answer = stranger.caller.ask("query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer.data == {"nodes": [None, {"id": stranger.tiktok_shop}, None, None]}


def test_lists_hold_only_the_callers_own(stranger: Merchant, town: Town, played: Played) -> None:
    listed = "tasks(first: 1, filter: { kinds: [IMPORT, CATEGORIES, LISTING] })"
    document = (
        f"{{ products(first: 1) {{ totalCount }} {listed} {{ totalCount }} listings(first: 1) {{ totalCount }} }}"
    )
    counted = {name: page["totalCount"] for name, page in stranger.caller.ask(document).data.items()}
    assert counted == {"products": 0, "tasks": 0, "listings": 0}
    assert town.caller.ask("{ products(first: 1) { totalCount } }").data == {"products": {"totalCount": 178}}
