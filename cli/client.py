"""The public GraphQL API as any client sees it: questions over HTTP, progress over a WebSocket."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from cli.problems import CannotRun

SECONDS = 30.0
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
        """The answer's ``data``. Raises CannotRun with what the API said instead."""
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            response = self.http.post(self.url, json={"query": document, "variables": variables}, headers=headers)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CannotRun(f"The API at {self.url} does not answer: {error}.", status=1) from None
        if not response.is_success or answer.get("errors"):
            raise CannotRun(f"The API refused a question: {_told(answer)}", status=1)
        data: Json = answer["data"]
        return data

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


def _told(errors: object) -> str:
    """The errors' own sentences, else what came, shortened."""
    listed = errors.get("errors", errors) if isinstance(errors, Mapping) else errors
    if isinstance(listed, list) and all(isinstance(each, Mapping) and "message" in each for each in listed):
        return " ".join(str(each["message"]) for each in listed)
    return str(listed)[:300]
