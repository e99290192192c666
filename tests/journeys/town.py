"""A running service with a merchant in it, and the questions that tests ask of both."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Self, TypeVar

import httpx

from cli import bootstrap
from cli.client import Client, Json
from cli.processes import Stack

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Town:
    """The stack, a client of its API and the addresses that `dev.json` would name."""

    stack: Stack
    http: httpx.Client
    client: Client
    known: dict[str, str]

    @classmethod
    def settled(cls, stack: Stack, http: httpx.Client) -> Self:
        """Installed and connected through public HTTP."""
        known = bootstrap.connect(stack)
        return cls(stack, http, Client(http, known["graphql_url"], known["api_token"]), known)

    def sandbox(self, method: str, path: str, **said: object) -> Any:
        """One call of the sandbox's control API."""
        response = self.http.request(method, f"{self.known['sandbox_url']}/_sandbox/{path}", json=said or None)
        response.raise_for_status()
        return response.json()

    def created(self) -> Counter[str]:
        """How often each of our products was created on TikTok Shop, by its Shopify id."""
        products = self.sandbox("GET", "products?platform=tiktok&limit=5000")["tiktok"]
        return Counter(str(product["external_product_id"]) for product in products)

    def calls(self, operation: str) -> int:
        """How many calls of this name the platforms saw."""
        return int(self.sandbox("GET", "calls/summary")["operations"].get(operation, 0))


def eventually(look: Callable[[], Answer], good: Callable[[Answer], bool], *, seconds: float = 30) -> Answer:
    """The first good answer; fails with the last one seen when none comes in time."""
    deadline = monotonic() + seconds
    while not good(seen := look()):
        assert monotonic() < deadline, f"after {seconds} s still {seen!r}"
        sleep(0.1)
    return seen


def unwatched(_title: str, looks: Iterator[Json]) -> Json:
    """Follow a task without showing it."""
    return list(looks)[-1]
