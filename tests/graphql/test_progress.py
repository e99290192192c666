"""Following a task: every event once, counts forward only, whatever road and however often the line breaks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from uuid import UUID

import pytest
from starlette.types import ASGIApp
from websockets.exceptions import ConnectionClosed

from graphql_schema import context, progress
from server.deps import Deps
from server.domain.tasks import ItemState
from server.services import access
from server.services.access import Scope
from tests.graphql.conftest import Api, make_shop, make_token
from tests.graphql.playing import Play, open_play
from tests.graphql.sockets import Json, open_socket, received, send, serving, sse, subscribe, until, until_complete

PROGRESS = """
subscription Progress($taskId: ID!, $after: String) {
  taskProgress(taskId: $taskId, after: $after) {
    task { state counts { total queued running succeeded skipped failed } percent }
    events { cursor kind itemId }
    items { id position state problems { code } product { id } }
    cursor
    lagged
  }
}
"""


@pytest.fixture
async def address(app: ASGIApp) -> AsyncIterator[str]:
    async with serving(app) as found:
        yield found


@pytest.fixture
async def play(deps: Deps, shop_id: UUID) -> Play:
    return await open_play(deps, shop_id, 4)


async def quiet(deps: Deps) -> None:
    """Until no listener is left."""
    await until(lambda: deps.feed.listeners == 0, "a listener was left behind")


def told(payloads: list[Json]) -> list[Json]:
    assert [payload for payload in payloads if payload.get("errors")] == []
    return [payload["data"]["taskProgress"] for payload in payloads]


def lines(looks: list[Json]) -> list[tuple[str, str]]:
    return [(event["cursor"], event["kind"]) for look in looks for event in look["events"]]


def assert_forward(looks: list[Json]) -> None:
    for before, after in pairwise(looks):
        for end in ("succeeded", "skipped", "failed"):
            assert before["task"]["counts"][end] <= after["task"]["counts"][end]
        assert before["task"]["percent"] <= after["task"]["percent"]


async def worked(play: Play) -> None:
    await play.begin()
    await play.slice(1)
    await play.slice(2, state=ItemState.FAILED)
    await play.slice(1)
    await play.finish()


async def test_a_socket_gets_a_snapshot_then_each_event_once_and_the_end(
    address: str, api: Api, deps: Deps, play: Play
) -> None:
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        first = await received(opened)
        snapshot = first["payload"]["data"]["taskProgress"]
        assert snapshot == {
            "task": {
                "state": "QUEUED",
                "counts": {"total": 4, "queued": 4, "running": 0, "succeeded": 0, "skipped": 0, "failed": 0},
                "percent": 0.0,
            },
            "events": [],
            "items": [],
            "cursor": "1",
            "lagged": False,
        }
        assert first["payload"]["extensions"]["cost"]["requestedQueryCost"] > 0
        await worked(play)
        looks = told(await until_complete(opened))
    log = await play.log()
    assert lines(looks) == log[1:]
    assert_forward([snapshot, *looks])
    assert looks[-1]["task"] == {
        "state": "PARTIALLY_SUCCEEDED",
        "counts": {"total": 4, "queued": 0, "running": 0, "succeeded": 2, "skipped": 0, "failed": 2},
        "percent": 100.0,
    }
    assert looks[-1]["cursor"] == log[-1][0]
    failed = {item["position"] for look in looks for item in look["items"] if item["state"] == "FAILED"}
    assert failed == {1, 2}
    await quiet(deps)


async def test_server_sent_events_tell_the_same(address: str, api: Api, deps: Deps, play: Play) -> None:
    payloads: list[Json] = []
    async for payload in sse(address, api.token, PROGRESS, taskId=play.gid, after="0"):
        payloads.append(payload)
        if len(payloads) == 1:
            await worked(play)
    looks = told(payloads)
    assert lines(looks) == await play.log()
    assert looks[-1]["task"]["state"] == "PARTIALLY_SUCCEEDED"
    await quiet(deps)


async def test_coming_back_with_the_cursor_misses_and_doubles_nothing(
    address: str, api: Api, deps: Deps, play: Play
) -> None:
    seen: list[Json] = []
    after: str | None = "0"
    steps: list[Callable[[], Awaitable[None]]] = [play.begin, *(lambda: play.slice(1) for _ in range(4)), play.finish]
    for step in steps:
        async with open_socket(address, api.token) as opened:
            await subscribe(opened, PROGRESS, taskId=play.gid, after=after)
            seen.append((await received(opened))["payload"]["data"]["taskProgress"])
            await step()
            if step is steps[-1]:
                seen += told(await until_complete(opened))
        after = seen[-1]["cursor"]
    assert lines(seen) == await play.log()
    assert_forward(seen)
    await quiet(deps)


async def test_polling_reads_the_same_log(api: Api, play: Play) -> None:
    await worked(play)
    found: list[tuple[str, str]] = []
    after, more = "0", True
    while more:
        data = await api.data(
            "query E($id: ID!, $after: String) { task(id: $id) { events(first: 3, after: $after) {"
            " totalCount nodes { cursor kind } pageInfo { hasNextPage endCursor } } } }",
            id=play.gid,
            after=after,
        )
        page = data["task"]["events"]
        found += [(line["cursor"], line["kind"]) for line in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found == await play.log()
    assert page["totalCount"] == len(found)


async def test_an_ended_task_is_told_at_once(address: str, api: Api, play: Play) -> None:
    await worked(play)
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        [look] = told(await until_complete(opened))
    assert (look["task"]["state"], look["events"]) == ("PARTIALLY_SUCCEEDED", [])


async def test_a_reader_far_behind_is_told_that_it_lags(
    address: str, api: Api, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVENTS_A_MESSAGE", 3)
    await worked(play)
    log = await play.log()
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid, after="0")
        looks = told(await until_complete(opened))
    assert lines(looks) == log
    assert [len(look["events"]) for look in looks] == [3] * (len(log) // 3) + ([len(log) % 3] if len(log) % 3 else [])
    assert [look["lagged"] for look in looks] == [True] * (len(looks) - 1) + [False]


async def test_a_dropped_socket_frees_its_listener(address: str, api: Api, deps: Deps, play: Play) -> None:
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        await received(opened)
        assert deps.feed.listeners == 1
    await quiet(deps)


async def test_a_client_that_completes_frees_its_listener(address: str, api: Api, deps: Deps, play: Play) -> None:
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        await received(opened)
        await send(opened, id="1", type="complete")
        await quiet(deps)


async def test_a_revoked_token_ends_its_subscription_with_the_cursor(
    address: str, api: Api, deps: Deps, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "LISTEN_AGAIN_AFTER", context.LISTEN_AGAIN_AFTER * 0)
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        await received(opened)
        assert api.caller.token_id is not None
        async with deps.database.write() as session:
            await access.revoke_token(session, shop_id=api.shop_id, token_id=api.caller.token_id, now=deps.clock())
        await deps.feed.ring([f"task:{play.task.id}"])
        [payload] = await until_complete(opened)
        assert [error["extensions"] for error in payload["errors"]] == [{"code": "UNAUTHENTICATED", "cursor": "1"}]
        await subscribe(opened, "{ shop { id } }", number="2")
        refused = await received(opened)
        assert refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    await quiet(deps)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"taskId": "nonsense"}, "BAD_USER_INPUT"),
        ({"taskId": f"gid://leafmark/Task/{UUID(int=1)}"}, "NOT_FOUND"),
        ({"after": "x"}, "BAD_USER_INPUT"),
        ({"after": "2"}, "BAD_USER_INPUT"),
        ({"after": "-1"}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_followed_is_refused(
    address: str, api: Api, deps: Deps, play: Play, variables: dict[str, str], code: str
) -> None:
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, **({"taskId": play.gid} | variables))
        payload = (await received(opened))["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        assert [error["extensions"]["code"] for error in errors] == [code]
    await quiet(deps)


async def test_another_shops_task_does_not_exist(address: str, deps: Deps, api: Api) -> None:
    theirs = await open_play(deps, await make_shop(deps, "two.myshopify.com"), 1)
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, PROGRESS, taskId=theirs.gid)
        payload = (await received(opened))["payload"]
        assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await api.data("query T($id: ID!) { task(id: $id) { id } }", id=theirs.gid)) == {"task": None}
    assert (await api.data("query T($id: ID!) { node(id: $id) { id } }", id=theirs.gid)) == {"node": None}


async def test_a_token_without_the_scope_may_not_follow(address: str, deps: Deps, shop_id: UUID, play: Play) -> None:
    token, _ = await make_token(deps, shop_id, Scope.WRITE_TEMPLATES)
    async with open_socket(address, token) as opened:
        await subscribe(opened, PROGRESS, taskId=play.gid)
        refused = await received(opened)
    errors = refused["payload"] if isinstance(refused["payload"], list) else refused["payload"]["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["FORBIDDEN"]
    assert deps.feed.listeners == 0


async def closing_code(address: str, *messages: Json) -> int:
    async with open_socket(address, None) as opened:
        for message in messages:
            await send(opened, **message)
        with pytest.raises(ConnectionClosed) as closed:
            await received(opened)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@pytest.mark.parametrize(
    "payload",
    [{}, {"Authorization": "Bearer lmk_unknown"}, {"Authorization": 7}, {"Authorization": "Basic eA=="}],
)
async def test_a_socket_without_a_good_proof_is_closed(address: str, shop_id: UUID, payload: Json) -> None:
    assert await closing_code(address, {"type": "connection_init", "payload": payload}) == 4403


async def test_a_socket_that_asks_before_it_says_who_it_is_is_closed(address: str, shop_id: UUID) -> None:
    query = {"id": "1", "type": "subscribe", "payload": {"query": "{ shop { id } }"}}
    assert await closing_code(address, query) == 4401


async def test_queries_work_on_a_socket_and_see_what_changed(address: str, api: Api, play: Play) -> None:
    """Loaders live for an operation, not for the socket."""
    document = "query T($id: ID!) { task(id: $id) { state } }"
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, document, id=play.gid)
        assert (await until_complete(opened))[0]["data"]["task"]["state"] == "QUEUED"
        await play.begin()
        await subscribe(opened, document, id=play.gid)
        assert (await until_complete(opened))[0]["data"]["task"]["state"] == "RUNNING"


async def test_a_syntax_error_is_told_on_every_road(address: str, api: Api) -> None:
    assert (await api.run("{ shop {")).codes == ["GRAPHQL_PARSE_FAILED"]
    payloads = [payload async for payload in sse(address, api.token, "{ shop {")]
    assert payloads[0]["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    async with open_socket(address, api.token) as opened:
        await subscribe(opened, "{ shop {")
        refused = await received(opened)
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "GRAPHQL_PARSE_FAILED")
        await subscribe(opened, "{ shop { name } }", number="2")
        assert (await until_complete(opened))[0]["data"] == {"shop": {"name": "One"}}
