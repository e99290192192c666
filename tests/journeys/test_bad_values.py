"""Values that cannot be get a code, the path of the argument and a sentence, and leave nothing behind."""

import pytest

from cli.client import Json
from tests.journeys.footprint import footprint
from tests.journeys.played import Played
from tests.journeys.town import Town

ERRORS = "userErrors { code field message }"
IMPORT = (
    f"mutation I($key: String) {{ productsImport(input: {{ idempotencyKey: $key }}) {{ task {{ id }} {ERRORS} }} }}"
)
WRITE = (
    "mutation W($input: CategoryTemplateCreateInput!) "
    f"{{ categoryTemplateCreate(input: $input) {{ categoryTemplate {{ id }} {ERRORS} }} }}"
)

LEAF = object()
TEMPLATES: dict[str, tuple[Json, str, list[str]]] = {
    "no name": ({"category": LEAF}, "INVALID", ["input", "name"]),
    "a blank name": ({"name": "  ", "category": LEAF}, "INVALID", ["input", "name"]),
    "a long name": ({"name": "x" * 256, "category": LEAF}, "INVALID", ["input", "name"]),
    "an unknown category": (
        {"name": "A", "category": {"id": "999", "version": "V2"}},
        "INVALID",
        ["input", "category", "id"],
    ),
    "a category of letters": (
        {"name": "A", "category": {"id": "abc", "version": "V2"}},
        "INVALID",
        ["input", "category", "id"],
    ),
    "a weight of nothing": (
        {"name": "A", "category": LEAF, "shipping": {"weight": {"source": "CUSTOM"}}},
        "INVALID",
        ["input", "shipping", "weight"],
    ),
    "a price below nothing": (
        {"name": "A", "category": LEAF, "price": {"percent": "-100"}},
        "INVALID",
        ["input", "price", "percent"],
    ),
    "an empty condition": (
        {
            "name": "A",
            "category": LEAF,
            "rules": {"conditions": [{"field": "TITLE", "operator": "EQUALS", "value": ""}]},
        },
        "INVALID",
        ["input", "rules", "conditions", "0", "value"],
    ),
    "a negative rank": ({"name": "A", "category": LEAF, "rank": -1}, "INVALID", ["input", "rank"]),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_that_cannot_be(town: Town, played: Played, name: str) -> None:
    said, code, path = TEMPLATES[name]
    written = {key: played.leaf if value is LEAF else value for key, value in said.items()}
    answer = town.caller.ask(WRITE, input={"tiktokShopId": played.tiktok_shop, **written})
    assert answer.refusals == [(code, path)]
    assert answer.payload["userErrors"][0]["message"].endswith(".")


@pytest.mark.usefixtures("unchanged")
def test_an_inner_category_is_no_place_for_products(town: Town, played: Played) -> None:
    document = (
        "query R($id: ID!) { categories(tiktokShopId: $id, version: V2, filter: { roots: true }, first: 1) "
        "{ nodes { ref { id version } isLeaf } } }"
    )
    [root] = town.client.ask(document, id=played.tiktok_shop)["categories"]["nodes"]
    assert not root["isLeaf"]
    answer = town.caller.ask(WRITE, input={"tiktokShopId": played.tiktok_shop, "name": "A", "category": root["ref"]})
    assert answer.refusals == [("INVALID", ["input", "category", "id"])]


def test_a_second_default_takes_the_place_of_the_first(town: Town, played: Played) -> None:
    """Never two: the older one stays as a template, without being the default."""
    document = "{ categoryTemplates(first: 50) { nodes { id isDefault } } }"
    written = {"tiktokShopId": played.tiktok_shop, "name": "Other", "isDefault": True, "category": played.leaf}
    other = town.client.do(WRITE, input=written)["categoryTemplate"]["id"]
    defaults = [each["id"] for each in town.client.ask(document)["categoryTemplates"]["nodes"] if each["isDefault"]]
    assert defaults == [other]
    update = (
        "mutation U($id: ID!, $input: CategoryTemplateInput!) { categoryTemplateUpdate(id: $id, input: $input) "
        "{ categoryTemplate { id } userErrors { message } } }"
    )
    town.client.do(update, id=played.template, input={"isDefault": True})
    town.client.do(
        "mutation D($id: ID!) { categoryTemplateDelete(id: $id) { deletedCategoryTemplateId userErrors { message } } }",
        id=other,
    )
    defaults = [each["id"] for each in town.client.ask(document)["categoryTemplates"]["nodes"] if each["isDefault"]]
    assert defaults == [played.template]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("key", ["", "x" * 129], ids=["empty", "too long"])
def test_an_idempotency_key_that_is_none(town: Town, key: str) -> None:
    assert town.caller.ask(IMPORT, key=key).refusals == [("INVALID", ["input", "idempotencyKey"])]


@pytest.mark.usefixtures("unchanged")
def test_no_text_holds_nul(town: Town, played: Played) -> None:
    """PostgreSQL could keep it nowhere, so it is no text, as letters are no number."""
    named = {"tiktokShopId": played.tiktok_shop, "name": "a\0b", "category": played.leaf}
    answers = {("key",): town.caller.ask(IMPORT, key="a\0b"), ("input", "name"): town.caller.ask(WRITE, input=named)}
    for place, answer in answers.items():
        [error] = answer.body["errors"]
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", list(place))
        assert error["message"].endswith(".")


def test_the_same_key_is_the_same_task(town: Town, played: Played) -> None:
    first = town.client.do(IMPORT, key="once")["task"]["id"]
    list(town.client.follow(first))
    before = footprint(town)
    assert town.client.do(IMPORT, key="once")["task"]["id"] == first
    assert footprint(town) == before


NOTHING: dict[str, tuple[Json, list[str]]] = {
    "no products": ({"productIds": []}, ["input", "productIds"]),
    "neither products nor template": ({}, ["input", "productIds"]),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", sorted(NOTHING))
def test_listing_nothing_is_refused(town: Town, played: Played, name: str) -> None:
    said, path = NOTHING[name]
    document = f"mutation L($i: ProductsListInput!) {{ productsList(input: $i) {{ task {{ id }} {ERRORS} }} }}"
    answer = town.caller.ask(document, i={"tiktokShopId": played.tiktok_shop, **said})
    assert answer.refusals == [("INVALID", path)]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("change", ["taskPause", "taskResume", "taskCancel"])
def test_a_task_that_has_ended_stays_so(town: Town, played: Played, change: str) -> None:
    answer = town.caller.ask(
        f"mutation T($id: ID!) {{ {change}(id: $id) {{ task {{ id }} {ERRORS} }} }}", id=played.listed
    )
    assert answer.refusals == [("CONFLICT", ["id"])]
    assert "PARTIALLY_SUCCEEDED" in answer.payload["userErrors"][0]["message"]
