"""The public GraphQL API as any client sees it: questions over HTTP, progress over a WebSocket."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any
from uuid import uuid4

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from cli.problems import CannotRun

SECONDS = 30.0
THROTTLED = "THROTTLED"
SHORTEST_WAIT = 0.1
"""Seconds; points come back all the time."""

Json = dict[str, Any]

PROGRESS = """
subscription Progress($task: ID!, $after: String) {
  taskProgress(taskId: $task, after: $after) {
    task { id kind state percent counts { total queued running succeeded skipped failed } problem { code message } }
    cursor
    lagged
  }
}
"""


@dataclass(frozen=True, slots=True)
class Client:
    """One caller: where the API is and the token that proves who asks."""

    http: httpx.Client
    url: str
    token: str

    def ask(self, document: str, **variables: object) -> Json:
        """The answer's ``data``; points are waited for. Raises CannotRun with what the API said instead."""
        while True:
            response, answer = self._answer(document, variables)
            wait = _until_points(answer)
            if wait is None:
                break
            sleep(wait)
        if not response.is_success or answer.get("errors"):
            raise CannotRun(f"The API refused a question: {_told(answer)}", status=1)
        data: Json = answer["data"]
        return data

    def _answer(self, document: str, variables: Mapping[str, object]) -> tuple[httpx.Response, Json]:
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            response = self.http.post(self.url, json={"query": document, "variables": variables}, headers=headers)
            return response, response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CannotRun(f"The API at {self.url} does not answer: {error}.", status=1) from None

    def do(self, document: str, **variables: object) -> Json:
        """One mutation's payload. Raises CannotRun with its user errors."""
        payload: Json = next(iter(self.ask(document, **variables).values()))
        if payload["userErrors"]:
            raise CannotRun(f"The API refused a change: {_told(payload['userErrors'])}", status=1)
        return payload

    def follow(self, task_id: str) -> Iterator[Json]:
        """A task's progress until its end. A socket that breaks is opened again at the cursor, up to ten times."""
        after: str | None = None
        broken = 0
        while True:
            try:
                with self._socket() as socket:
                    for look in self._looks(socket, task_id, after):
                        after, broken = look["cursor"], 0
                        yield look
                    return
            except (OSError, WebSocketException) as error:
                broken += 1
                if broken > 10:
                    raise CannotRun(f"The progress feed does not answer: {error}.", status=1) from None

    @contextmanager
    def _socket(self) -> Iterator[ClientConnection]:
        address = self.url.replace("http", "ws", 1)
        with connect(address, subprotocols=["graphql-transport-ws"], open_timeout=SECONDS) as socket:  # type: ignore[list-item]  # the library's own NewType around str
            socket.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {self.token}"}}))
            _expect(socket, "connection_ack")
            yield socket

    def _looks(self, socket: ClientConnection, task_id: str, after: str | None) -> Iterator[Json]:
        number = str(uuid4())
        payload = {"query": PROGRESS, "variables": {"task": task_id, "after": after}}
        socket.send(json.dumps({"id": number, "type": "subscribe", "payload": payload}))
        while (message := _received(socket))["type"] != "complete":
            if message["type"] == "ping":
                socket.send(json.dumps({"type": "pong"}))
            elif message["type"] == "error" or message["payload"].get("errors"):
                raise CannotRun(f"The progress feed ended with an error: {_told(message['payload'])}", status=1)
            else:
                yield message["payload"]["data"]["taskProgress"]


def _received(socket: ClientConnection) -> Json:
    message: Json = json.loads(socket.recv(timeout=60))
    return message


def _expect(socket: ClientConnection, kind: str) -> None:
    if (message := _received(socket))["type"] != kind:
        raise CannotRun(f"The progress feed answered {message} instead of {kind}.", status=1)


def _until_points(answer: Json) -> float | None:
    """Seconds until a refused question's points are there again; None when it was not refused for want of them."""
    if not isinstance(answer, Mapping) or THROTTLED not in [_code(each) for each in answer.get("errors") or ()]:
        return None
    cost: Json = answer["extensions"]["cost"]
    status = cost["throttleStatus"]
    missing: float = (cost["requestedQueryCost"] - status["currentlyAvailable"]) / status["restoreRate"]
    return max(missing, SHORTEST_WAIT)


def _code(error: object) -> object:
    extensions = error.get("extensions") if isinstance(error, Mapping) else None
    return extensions.get("code") if isinstance(extensions, Mapping) else None


def _told(errors: object) -> str:
    """The errors' own sentences, else what came, shortened."""
    listed = errors.get("errors", errors) if isinstance(errors, Mapping) else errors
    if isinstance(listed, list) and all(isinstance(each, Mapping) and "message" in each for each in listed):
        return " ".join(str(each["message"]) for each in listed)
    return str(listed)[:300]
