"""Three ways to follow a task as outside clients do: WebSocket, server-sent events, polling."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from cli.client import Json
from tests.journeys.town import Town

PROTOCOL = Subprotocol("graphql-transport-ws")
SECONDS = 30.0


@contextmanager
def opened(town: Town, *, token: str | None = None, protocol: str = PROTOCOL) -> Iterator[ClientConnection]:
    """A socket, acknowledged, of the first merchant or of whom the token belongs to."""
    with connect(town.known["ws_url"], subprotocols=[Subprotocol(protocol)], open_timeout=SECONDS) as socket:
        proof = {"Authorization": f"Bearer {token or town.known['api_token']}"}
        socket.send(json.dumps({"type": "connection_init", "payload": proof}))
        assert received(socket) == {"type": "connection_ack"}
        yield socket


def received(socket: ClientConnection) -> Json:
    """The next message; pings are answered."""
    while (message := json.loads(socket.recv(timeout=SECONDS)))["type"] == "ping":
        socket.send(json.dumps({"type": "pong"}))
    found: Json = message
    return found


def subscribe(socket: ClientConnection, document: str, variables: Mapping[str, object], *, number: str = "1") -> None:
    """Begin an operation on a socket."""
    payload = {"query": document, "variables": variables}
    socket.send(json.dumps({"id": number, "type": "subscribe", "payload": payload}))


def looks_of(socket: ClientConnection) -> Iterator[Json]:
    """The one field of each message until the operation completes; fails on errors."""
    while (message := received(socket))["type"] != "complete":
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        [look] = message["payload"]["data"].values()
        yield look


@contextmanager
def subscribed(town: Town, document: str, **variables: object) -> Iterator[Iterator[Json]]:
    """What a subscription of its own socket tells."""
    with opened(town) as socket:
        subscribe(socket, document, variables)
        yield looks_of(socket)


def over_sse(town: Town, document: str, **variables: object) -> Iterator[Json]:
    """What the same subscription tells over server-sent events, to its end."""
    headers = {"authorization": f"Bearer {town.known['api_token']}", "accept": "text/event-stream"}
    body = {"query": document, "variables": variables}
    event = ""
    with httpx.stream("POST", town.known["graphql_url"], json=body, headers=headers, timeout=SECONDS) as response:
        assert response.headers["content-type"].startswith("text/event-stream"), response.headers
        for line in response.iter_lines():
            if line.startswith("event:"):
                event = line.removeprefix("event:").strip()
            elif line.startswith("data:") and event == "next":
                payload = json.loads(line.removeprefix("data:"))
                assert "errors" not in payload, payload
                [look] = payload["data"].values()
                yield look
    assert event == "complete", f"the stream ended with {event!r}"
