"""Requests that are wrong get a clear answer, code, place and sentence, and leave nothing behind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from cli import story
from cli.bootstrap import SCOPES, id_token
from tests.journeys.asking import Caller
from tests.journeys.footprint import footprint
from tests.journeys.played import Played
from tests.journeys.town import Town

ERRORS = "userErrors { code field message }"
JSON_TYPE = {"content-type": "application/json"}
CHANGE = b'{"query": "mutation { productsImport { task { id } } }"}'


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request to the API's address, and what it is answered."""

    status: int
    code: str
    message: str
    method: str = "POST"
    request: Mapping[str, Any] = field(default_factory=dict)


HTTP = {
    "malformed JSON": Wrong(
        400, "BAD_USER_INPUT", "Unable to parse request body as JSON", request={"content": b"{", "headers": JSON_TYPE}
    ),
    "no body": Wrong(
        400, "BAD_USER_INPUT", "Unable to parse request body as JSON", request={"content": b"", "headers": JSON_TYPE}
    ),
    "not UTF-8": Wrong(
        400,
        "BAD_USER_INPUT",
        "Unable to parse request body as JSON",
        request={"content": b'{"query": "\xe9"}', "headers": JSON_TYPE},
    ),
    "JSON without end": Wrong(
        400,
        "BAD_USER_INPUT",
        "Unable to parse request body as JSON",
        request={"content": b"[" * 100_000, "headers": JSON_TYPE},
    ),
    "a form": Wrong(415, "BAD_USER_INPUT", "Send the request as application/json.", request={"data": {"query": "x"}}),
    "text": Wrong(
        415,
        "BAD_USER_INPUT",
        "Send the request as application/json.",
        request={"content": CHANGE, "headers": {"content-type": "text/plain"}},
    ),
    "an upload": Wrong(
        415, "BAD_USER_INPUT", "Send the request as application/json.", request={"files": {"operations": CHANGE}}
    ),
    "a huge body": Wrong(
        413,
        "BAD_USER_INPUT",
        "A request has at most 1048576 bytes.",
        request={"content": CHANGE + b" " * 1_048_576, "headers": JSON_TYPE},
    ),
    "a huge body of unknown length": Wrong(
        413,
        "BAD_USER_INPUT",
        "A request has at most 1048576 bytes.",
        request={"content": iter([CHANGE, b" " * 600_000, b" " * 600_000]), "headers": JSON_TYPE},
    ),
    "a batch": Wrong(
        400, "BAD_USER_INPUT", "Batching is not enabled", request={"json": [json.loads(CHANGE), json.loads(CHANGE)]}
    ),
    "variables that are a list": Wrong(
        400,
        "BAD_USER_INPUT",
        "The GraphQL operation's `variables` must be an object or null, if provided.",
        request={"json": {**json.loads(CHANGE), "variables": []}},
    ),
    "an operation that is not there": Wrong(
        400,
        "BAD_USER_INPUT",
        'Unknown operation named "B".',
        request={"json": {"query": "query A { shop { id } }", "operationName": "B"}},
    ),
    "a change by GET": Wrong(
        400,
        "BAD_USER_INPUT",
        "mutations are not allowed when using GET",
        method="GET",
        request={"params": {"query": "mutation { productsImport { task { id } } }"}},
    ),
    "another method": Wrong(
        405, "BAD_USER_INPUT", "GraphQL only supports GET and POST requests.", method="PUT", request={"json": {}}
    ),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", sorted(HTTP))
def test_a_request_that_is_none(town: Town, name: str) -> None:
    wrong = HTTP[name]
    answer = town.caller.send(wrong.method, **wrong.request)
    assert (answer.status, answer.codes, answer.messages) == (wrong.status, [wrong.code], [wrong.message])


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "token", [None, "garbage", "a.b.c", "lmk_", "lmk_0123456789", "lmk_" + "x" * 5000, "Bearer lmk_x"]
)
def test_a_stranger_gets_a_401_that_app_bridge_repeats(town: Town, token: str | None) -> None:
    answer = Caller(town.http, town.known["graphql_url"], token).ask(story.IMPORT)
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["x-shopify-retry-invalid-session-request"] == "1"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.messages[0].endswith(".")


@pytest.mark.usefixtures("unchanged")
def test_a_stale_and_a_forged_id_token_are_no_proof(town: Town) -> None:
    stale = town.sandbox("POST", "shopify/id-token", expires_in=-60)["id_token"]
    head, body, signature = id_token(town.http, town.known["sandbox_url"], town.known["shop_domain"]).split(".")
    forged = f"{head}.{body}.{signature[::-1]}"
    for token in (stale, forged):
        answer = Caller(town.http, town.known["graphql_url"], token).ask(story.IMPORT)
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["x-shopify-retry-invalid-session-request"] == "1"


MISSING = {
    "WRITE_LISTINGS": "mutation { productsImport { task { id } } }",
    "WRITE_TEMPLATES": 'mutation { categoryTemplateDelete(id: "x") { deletedCategoryTemplateId } }',
    "MANAGE_SHOP": "{ apiTokens(first: 1) { totalCount } }",
    "READ_PRODUCTS": "{ products(first: 1) { totalCount } }",
}


@pytest.mark.parametrize("scope", sorted(MISSING))
def test_a_token_may_do_what_it_was_made_for(town: Town, played: Played, scope: str) -> None:
    others = [each for each in SCOPES if each != scope]
    made = town.client.do(
        "mutation T($input: ApiTokenCreateInput!) "
        "{ apiTokenCreate(input: $input) { apiToken { id } secret userErrors { message } } }",
        input={"name": f"all but {scope}", "scopes": others},
    )
    town.tokens.append(made["secret"])
    before = footprint(town)
    limited = Caller(town.http, town.known["graphql_url"], made["secret"])
    answer = limited.ask(MISSING[scope])
    assert answer.codes == ["FORBIDDEN"]
    assert scope in answer.messages[0]
    assert limited.ask("{ shop { domain } }").data == {"shop": {"domain": town.known["shop_domain"]}}
    if scope == "READ_PRODUCTS":
        more = limited.ask(
            'mutation { apiTokenCreate(input: { name: "more", scopes: [READ_PRODUCTS] }) { secret ' + ERRORS + " } }"
        )
        assert more.refusals == [("FORBIDDEN", ["input", "scopes"])]
    assert footprint(town) == before


QUERIES = {
    "{ shop {": "GRAPHQL_PARSE_FAILED",
    "{ nothing }": "GRAPHQL_VALIDATION_FAILED",
    "{ shop " + "{ a " * 11 + "{ id }" + " }" * 11 + " }": "GRAPHQL_VALIDATION_FAILED",
    "{ " + " ".join(f"a{n}: shop {{ id }}" for n in range(31)) + " }": "GRAPHQL_VALIDATION_FAILED",
    "{ " + "shop { id } " * 1000 + "}": "GRAPHQL_PARSE_FAILED",
    "{ products(first: 250) { nodes { variants(first: 250) { nodes { sku } } } } }": "MAX_COST_EXCEEDED",
    "{ products(first: 0) { totalCount } }": "BAD_USER_INPUT",
    "{ products(first: 251) { totalCount } }": "BAD_USER_INPUT",
    "{ products(first: -1) { totalCount } }": "BAD_USER_INPUT",
    "{ products { totalCount } }": "BAD_USER_INPUT",
    "{ products(first: 1, last: 1) { totalCount } }": "BAD_USER_INPUT",
    '{ products(first: 1, after: "x") { totalCount } }': "BAD_USER_INPUT",
    '{ tasks(first: 1, after: "e30=") { totalCount } }': "BAD_USER_INPUT",
    '{ listings(last: 1, before: "") { totalCount } }': "BAD_USER_INPUT",
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("document", QUERIES, ids=lambda text: text[:60])
def test_a_question_that_asks_for_too_much_or_for_nothing(town: Town, document: str) -> None:
    answer = town.caller.ask(document)
    assert (answer.status, set(answer.codes)) == (200, {QUERIES[document]})
    assert all(len(message) > 10 for message in answer.messages)


def test_a_cursor_of_another_list_is_no_cursor(town: Town, played: Played) -> None:
    cursor = town.client.ask("{ products(first: 1) { pageInfo { endCursor } } }")["products"]["pageInfo"]["endCursor"]
    answer = town.caller.ask("query C($a: String) { categoryTemplates(first: 1, after: $a) { totalCount } }", a=cursor)
    assert answer.codes == ["BAD_USER_INPUT"]
