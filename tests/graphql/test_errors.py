"""What a client is told when something does not work, and what it is not told."""

import json
from typing import NoReturn
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs

from server.deps import Deps
from server.services import health, products, tasks
from server.services.access import Scope
from tests.graphql.conftest import Api, make_token

SECRET = "the password is hunter2"


async def broken(*_args: object, **_named: object) -> NoReturn:
    raise RuntimeError(SECRET)


async def test_what_we_did_not_expect_is_masked_and_logged_whole(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "count", broken)
    with capture_logs() as logs:
        answer = await api.run("{ shop { name productsCount } }")
    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert SECRET not in json.dumps(answer.body)
    assert "Traceback" not in json.dumps(answer.body)
    [line] = [line for line in logs if line["event"] == "graphql.unexpected"]
    assert line["incident"] == answer.body["errors"][0]["extensions"]["incident"]
    assert str(line["exc_info"]) == SECRET
    assert line["path"] == ["shop", "productsCount"]


async def test_a_change_that_breaks_is_masked_too_and_nothing_is_written(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "open_task", broken)
    with capture_logs():
        answer = await api.run("mutation { productsImport { task { id } userErrors { code } } }")
    assert answer.codes == ["INTERNAL_SERVER_ERROR"]
    assert answer.body["data"] == {"productsImport": None}
    monkeypatch.undo()
    assert (await api.data("{ tasks(first: 5) { totalCount } }"))["tasks"] == {"totalCount": 0}


async def test_one_broken_field_leaves_the_others(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "look", broken)
    with capture_logs():
        answer = await api.run('{ node(id: "nonsense") { id } product(id: "x") { id } shop { name } }')
    assert answer.codes == ["BAD_USER_INPUT", "BAD_USER_INPUT"]
    assert answer.body["data"] == {"node": None, "product": None, "shop": {"name": "One"}}


async def test_clients_mistakes_are_not_logged_as_ours(api: Api) -> None:
    with capture_logs() as logs:
        await api.run("{ nothing }")
        await api.run("{")
        await api.run("{ products(first: 0) { nodes { id } } }")
        await api.run("query Q($n: Int!) { products(first: $n) { nodes { id } } }", n="many")
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ shop", {}, "GRAPHQL_PARSE_FAILED"),
        ("query Q($n: Int!) { products(first: $n) { nodes { id } } }", {"n": "many"}, "BAD_USER_INPUT"),
        ("query Q($n: Int!) { products(first: $n) { nodes { id } } }", {}, "BAD_USER_INPUT"),
        ("query Q { products(first: $m) { nodes { id } } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "query Q($s: [TaskState!]) { tasks(first: 1, filter: {states: $s}) { totalCount } }",
            {"s": ["X"]},
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_each_kind_of_mistake_has_its_code(
    api: Api, document: str, variables: dict[str, object], code: str
) -> None:
    assert (await api.run(document, **variables)).codes == [code]
    assert (await api.run(document, **variables)).codes == [code], "also when it comes from the cache"


async def test_a_missing_token_is_a_401_that_app_bridge_repeats(http: httpx.AsyncClient) -> None:
    answer = await http.post("/graphql", json={"query": "{ shop { id } }"})
    assert answer.status_code == 401
    assert answer.headers["x-shopify-retry-invalid-session-request"] == "1"
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("body", [b"not json", b"[]", b"{}", b'{"query": 7}', b'{"query": ""}'])
async def test_requests_that_are_none_are_refused_in_json(http: httpx.AsyncClient, api: Api, body: bytes) -> None:
    headers = {"authorization": f"Bearer {api.token}", "content-type": "application/json"}
    answer = await http.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_mutation_by_get_is_refused(http: httpx.AsyncClient, api: Api) -> None:
    document = "mutation { productsImport { task { id } } }"
    answer = await http.get("/graphql", params={"query": document}, headers={"authorization": f"Bearer {api.token}"})
    assert answer.status_code == 400
    assert (await api.data("{ tasks(first: 5) { totalCount } }"))["tasks"] == {"totalCount": 0}


@pytest.mark.parametrize(
    ("scope", "document"),
    [
        (Scope.READ_PRODUCTS, "mutation { productsImport { task { id } } }"),
        (Scope.READ_PRODUCTS, 'mutation { apiTokenCreate(input: {name: "x", scopes: []}) { secret } }'),
        (Scope.READ_PRODUCTS, 'mutation { categoryTemplateDelete(id: "x") { deletedCategoryTemplateId } }'),
        (Scope.WRITE_TEMPLATES, 'mutation { categoryTemplateActivate(id: "x") { task { id } } }'),
        (Scope.WRITE_LISTINGS, "{ apiTokens(first: 1) { nodes { id } } }"),
        (Scope.WRITE_LISTINGS, "{ products(first: 1) { nodes { id } } }"),
    ],
)
async def test_a_missing_scope_is_named_and_nothing_happens(
    http: httpx.AsyncClient, deps: Deps, shop_id: UUID, scope: Scope, document: str
) -> None:
    token, caller = await make_token(deps, shop_id, scope)
    answer = await Api(http, shop_id, token, caller).run(document)
    assert answer.codes == ["FORBIDDEN"]
    assert answer.body["errors"][0]["extensions"]["scope"] in Scope.__members__
    whole, owner = await make_token(deps, shop_id)
    counts = "{ tasks(first: 1) { totalCount } apiTokens(first: 1) { totalCount } }"
    seen = await Api(http, shop_id, whole, owner).data(counts)
    assert seen == {"tasks": {"totalCount": 0}, "apiTokens": {"totalCount": 2}}


async def test_of_several_operations_one_must_be_named(api: Api) -> None:
    both = "query A { shop { name } } query B { shop { domain } }"
    answer = await api.run(both)
    assert (answer.codes, answer.body["data"]) == (["BAD_USER_INPUT"], None)
    assert "operationName" in answer.messages[0]
    headers = {"authorization": f"Bearer {api.token}"}
    named = await api.http.post("/graphql", json={"query": both, "operationName": "B"}, headers=headers)
    assert list(named.json()["data"]["shop"]) == ["domain"]


async def test_a_subscription_needs_a_road_for_its_answers(api: Api) -> None:
    answer = await api.run('subscription { taskProgress(taskId: "gid://leafmark/Task/1") { cursor } }')
    assert (answer.codes, answer.body["data"]) == (["BAD_USER_INPUT"], None)
    assert "text/event-stream" in answer.messages[0]
