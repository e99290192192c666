"""A subscriber that reads every event of a task and comes back with its cursor however often it is cut off."""

import json
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

EVENTS = """
subscription Events($task: ID!, $after: String) {
  taskProgress(taskId: $task, after: $after) {
    cursor
    task { state counts { total succeeded skipped failed } }
    events { cursor kind itemId }
  }
}
"""


class Watcher(Thread):
    """Runs until the task's end. ``seen`` holds (cursor, kind, item) in the order they came; ``ends`` the counts."""

    def __init__(self, url: str, token: str, task_id: str, *, seconds: float) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.token = token
        self.task_id = task_id
        self.deadline = monotonic() + seconds
        self.cursor = "0"
        self.seen: list[tuple[int, str, str | None]] = []
        self.ends: list[int] = []
        self.connections = 0
        self.state = "QUEUED"

    def run(self) -> None:
        """Follow; connect again whenever the line breaks."""
        while self.state not in ("SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED"):
            assert monotonic() < self.deadline, f"the task is still {self.state} at {self.cursor}"
            try:
                self._follow()
            except (OSError, WebSocketException):
                sleep(0.05)

    def _follow(self) -> None:
        with connect(self.url, subprotocols=["graphql-transport-ws"], open_timeout=20) as socket:  # type: ignore[list-item]  # the library's own NewType around str
            self.connections += 1
            socket.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {self.token}"}}))
            socket.recv(timeout=20)
            variables = {"task": self.task_id, "after": self.cursor}
            message = {"id": str(uuid4()), "type": "subscribe", "payload": {"query": EVENTS, "variables": variables}}
            socket.send(json.dumps(message))
            while True:
                answer = json.loads(socket.recv(timeout=30))
                if answer["type"] == "complete":
                    return
                if answer["type"] != "next" or answer["payload"].get("errors"):
                    raise OSError(f"the feed broke: {answer}")
                self._keep(answer["payload"]["data"]["taskProgress"])

    def _keep(self, look: dict[str, object]) -> None:
        events = look["events"]
        task = look["task"]
        assert isinstance(events, list)
        assert isinstance(task, dict)
        self.seen += [(int(event["cursor"]), event["kind"], event["itemId"]) for event in events]
        self.ends.append(task["counts"]["succeeded"] + task["counts"]["skipped"] + task["counts"]["failed"])
        self.cursor = str(look["cursor"])
        self.state = task["state"]
