"""One task, three roads: WebSocket, server-sent events and polling tell the same lines, under the same cursors."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from socket import SHUT_RDWR

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from cli import story
from cli.client import Json
from tests.journeys.feeds import PROTOCOL, opened, over_sse, received, subscribe, subscribed
from tests.journeys.merchants import Merchant
from tests.journeys.played import Played
from tests.journeys.town import Town, eventually

PROGRESS = """
subscription Progress($taskId: ID!, $after: String) {
  taskProgress(taskId: $taskId, after: $after) {
    task { state percent counts { total queued running succeeded skipped failed } }
    events { cursor kind itemId state problemCodes }
    cursor
    lagged
  }
}
"""
POLL = """
query Poll($id: ID!, $after: String) {
  task(id: $id) {
    state cursor
    events(first: 7, after: $after) { edges { cursor node { cursor kind itemId state problemCodes } } }
  }
}
"""
ENDS = {"SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED"}


def lines(looks: list[Json]) -> list[Json]:
    return [event for look in looks for event in look["events"]]


def polled(town: Town, task: str) -> list[Json]:
    """By asking again and again, seven lines at a time, until the task has ended and its last line is read."""
    found: list[Json] = []
    after = "0"
    while True:
        seen = town.client.ask(POLL, id=task, after=after)["task"]
        edges = seen["events"]["edges"]
        assert [edge["cursor"] for edge in edges] == [edge["node"]["cursor"] for edge in edges]
        found += [edge["node"] for edge in edges]
        after = found[-1]["cursor"] if found else after
        if not edges and seen["state"] in ENDS:
            assert after == seen["cursor"]
            return found


def open_files(town: Town) -> int:
    """How many files and sockets the API process holds open."""
    return len(list(Path(f"/proc/{town.stack.processes['api'].pid}/fd").iterdir()))


def test_the_three_roads_tell_the_same_while_the_task_runs(town: Town, played: Played) -> None:
    with town.sandbox_rules(latency_ms=40):
        task = town.client.do(story.IMPORT)["task"]["id"]
        with ThreadPoolExecutor(3) as roads:
            by_socket = roads.submit(lambda: over_socket(town, task))
            by_sse = roads.submit(lambda: list(over_sse(town, PROGRESS, taskId=task, after="0")))
            by_polling = roads.submit(lambda: polled(town, task))
    expected = polled(town, task)
    assert [line["cursor"] for line in expected] == [str(number) for number in range(1, len(expected) + 1)]
    assert [expected[0]["kind"], expected[-1]["state"]] == ["TASK_CREATED", "SUCCEEDED"]
    assert by_polling.result() == expected
    for looks in (by_socket.result(), by_sse.result()):
        assert lines(looks) == expected
        assert looks[-1]["task"] == {
            "state": "SUCCEEDED",
            "percent": 100.0,
            "counts": {"total": 178, "queued": 0, "running": 0, "succeeded": 178, "skipped": 0, "failed": 0},
        }
        assert (looks[-1]["cursor"], looks[-1]["lagged"]) == (expected[-1]["cursor"], False)
        for before, after in pairwise(looks):
            assert before["task"]["counts"]["succeeded"] <= after["task"]["counts"]["succeeded"]


def over_socket(town: Town, task: str) -> list[Json]:
    with subscribed(town, PROGRESS, taskId=task, after="0") as looks:
        return list(looks)


@pytest.mark.parametrize("after", ["0", "1", "175", "350"])
def test_a_cursor_means_the_same_on_every_road(town: Town, played: Played, after: str) -> None:
    """Each road goes on behind the cursor that another one gave, and nothing is missed or doubled."""
    whole = polled(town, played.listed)
    rest = [line for line in whole if int(line["cursor"]) > int(after)]
    assert len(whole) == 351
    with subscribed(town, PROGRESS, taskId=played.listed, after=after) as looks:
        assert lines(list(looks)) == rest
    assert lines(list(over_sse(town, PROGRESS, taskId=played.listed, after=after))) == rest
    page = town.client.ask(POLL, id=played.listed, after=after)["task"]["events"]["edges"]
    assert [edge["node"] for edge in page] == rest[:7]


def test_without_a_cursor_an_ended_task_is_told_in_one_message(town: Town, played: Played) -> None:
    with subscribed(town, PROGRESS, taskId=played.listed) as looks:
        [look] = list(looks)
    assert (look["events"], look["cursor"], look["task"]["state"]) == ([], "351", "PARTIALLY_SUCCEEDED")


def test_sockets_that_drop_leave_nothing_behind(town: Town, played: Played, settle: Callable[[int], Merchant]) -> None:
    """Followers of a task that stands still go without a goodbye: the API lets go of each."""
    with town.sandbox_rules(latency_ms=500):
        merchant = settle(1)
        task = merchant.client.do(story.IMPORT)["task"]["id"]
        merchant.client.ask("mutation P($id: ID!) { taskPause(id: $id) { task { state } } }", id=task)
    before = open_files(town)
    with ExitStack() as sockets:
        followers = [sockets.enter_context(opened(town, token=merchant.client.token)) for _ in range(20)]
        for socket in followers:
            subscribe(socket, PROGRESS, {"taskId": task})
            assert received(socket)["payload"]["data"]["taskProgress"]["task"]["state"] == "PAUSED"
        assert open_files(town) >= before + 20
        for socket in followers:
            socket.socket.shutdown(SHUT_RDWR)
    eventually(lambda: open_files(town), lambda seen: seen <= before + 2)
    merchant.client.ask("mutation C($id: ID!) { taskCancel(id: $id) { task { state } } }", id=task)
    assert merchant.ended(task)["state"] == "CANCELLED"


def refused(town: Town, *messages: Json, protocol: str = PROTOCOL) -> int:
    """With which code a socket is closed that says this."""
    with connect(town.known["ws_url"], subprotocols=[Subprotocol(protocol)]) as socket:
        for message in messages:
            socket.send(json.dumps(message))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)
        assert socket.protocol.close_rcvd is not None
        return socket.protocol.close_rcvd.code


def test_a_stranger_gets_no_socket(town: Town) -> None:
    garbage = {"type": "connection_init", "payload": {"Authorization": "Bearer lmk_garbage"}}
    assert refused(town, garbage) == 4403
    assert refused(town, {"type": "connection_init"}) == 4403
    assert refused(town, {"id": "1", "type": "subscribe", "payload": {"query": "{ shop { id } }"}}) == 4401


def test_an_unknown_subprotocol_is_refused(town: Town) -> None:
    assert refused(town, protocol="mqtt") == 4406


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"taskId": "gid://leafmark/Task/00000000-0000-0000-0000-000000000001"}, "NOT_FOUND"),
        ({"taskId": "nonsense"}, "BAD_USER_INPUT"),
        ({"after": "x"}, "BAD_USER_INPUT"),
        ({"after": "352"}, "BAD_USER_INPUT"),
        ({"after": "-1"}, "BAD_USER_INPUT"),
    ],
)
def test_what_cannot_be_followed_is_told_on_the_socket(town: Town, played: Played, variables: Json, code: str) -> None:
    with opened(town) as socket:
        subscribe(socket, PROGRESS, {"taskId": played.listed} | variables)
        payload = received(socket)["payload"]
        [error] = payload if isinstance(payload, list) else payload["errors"]
        assert error["extensions"]["code"] == code
        assert error["message"].endswith((".", "?"))
        subscribe(socket, "{ shop { name } }", {}, number="2")
        messages: Iterator[Json] = iter(lambda: received(socket), None)
        assert next(message for message in messages if message["id"] == "2")["type"] == "next"
