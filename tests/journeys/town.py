"""A running service with a merchant in it, and the questions that tests ask of both."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic, sleep
from typing import Any, Self, TypeVar

import httpx

from cli import bootstrap
from cli.client import Client, Json
from cli.processes import Stack
from tests.journeys.asking import Caller

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Town:
    """The stack, a client of its API, the addresses that `dev.json` would name, and what the API was heard to say."""

    stack: Stack
    http: httpx.Client = field(repr=False)
    client: Client = field(repr=False)
    known: dict[str, str] = field(repr=False)
    heard: list[str] = field(default_factory=list, repr=False)
    tokens: list[str] = field(default_factory=list, repr=False)

    @classmethod
    def settled(cls, stack: Stack, http: httpx.Client) -> Self:
        """Installed and connected through public HTTP."""
        known = bootstrap.connect(stack)
        town = cls(stack, http, Client(http, known["graphql_url"], known["api_token"]), known)
        town.tokens.append(known["api_token"])
        http.event_hooks["response"].append(town.listen)
        return town

    def listen(self, response: httpx.Response) -> None:
        """Keep what the API says to anybody, for whoever looks for secrets in it. Streams are not waited for."""
        at_home = str(response.request.url).startswith(self.stack.addresses.api)
        if at_home and not response.headers.get("content-type", "").startswith("text/event-stream"):
            response.read()
            self.heard.append(f"{response.headers}\n{response.text}")

    @property
    def caller(self) -> Caller:
        """The first merchant's client with every scope, for questions that may go wrong."""
        return Caller(self.http, self.known["graphql_url"], self.known["api_token"])

    def sandbox(self, method: str, path: str, **said: object) -> Any:
        """One call of the sandbox's control API."""
        response = self.http.request(method, f"{self.known['sandbox_url']}/_sandbox/{path}", json=said or None)
        assert response.is_success, f"{method} {path}: {response.text}"
        return response.json()

    def on_tiktok(self, shop_id: str | None = None) -> list[Json]:
        """The products on TikTok Shop as the sandbox tells them, of one TikTok shop or of all."""
        products: list[Json] = self.sandbox("GET", "products?platform=tiktok&limit=5000")["tiktok"]
        return [product for product in products if shop_id in (None, product["shop_id"])]

    def created(self, shop_id: str | None = None) -> Counter[str]:
        """How often each of our products was created on TikTok Shop, by its Shopify id."""
        return Counter(str(product["external_product_id"]) for product in self.on_tiktok(shop_id))

    def calls(self, operation: str) -> int:
        """How many calls of this name the platforms saw."""
        return int(self.sandbox("GET", "calls/summary")["operations"].get(operation, 0))

    @contextmanager
    def sandbox_rules(self, **rules: object) -> Iterator[None]:
        """Other settings of the sandbox for a while."""
        before = self.sandbox("GET", "settings")
        self.sandbox("PATCH", "settings", **rules)
        try:
            yield
        finally:
            self.sandbox("PATCH", "settings", **{name: before[name] for name in rules})

    @contextmanager
    def app_settings(self, **settings: str) -> Iterator[None]:
        """The API and the worker, restarted with other settings for a while."""
        plan = self.stack.plan
        self._restart(replace(plan, settings={**plan.settings, **settings}))
        try:
            yield
        finally:
            self._restart(plan)

    def _restart(self, plan: Any) -> None:
        self.stack.plan = plan
        for name in ("worker-1", "api"):
            self.stack.processes[name].let_go()
        self.stack.processes["worker-1"].stop()
        self.stack.start_worker("worker-1")
        self.stack.processes["api"].stop()
        self.stack.restart_api()


def eventually(look: Callable[[], Seen], good: Callable[[Seen], bool], *, seconds: float = 30) -> Seen:
    """The first good answer; fails with the last one seen when none comes in time."""
    deadline = monotonic() + seconds
    while not good(seen := look()):
        assert monotonic() < deadline, f"after {seconds} s still {seen!r}"
        sleep(0.1)
    return seen


def unwatched(_title: str, looks: Iterator[Json]) -> Json:
    """Follow a task without showing it."""
    return list(looks)[-1]
