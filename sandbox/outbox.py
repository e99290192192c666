"""Signed webhooks on their way out: made here, bent by rules, queued until due. `postman.py` carries them."""

import heapq
import uuid
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import cast

import orjson

from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.deliveries import Delivery, Platform, State, restored, shown
from sandbox.webhook_rules import WebhookRules
from sandbox.webhook_signing import shopify_signature, tiktok_signature

KEPT = 20_000
FIRST_NOTIFICATION = 7_327_112_393_057_371_000  # ids look like the samples of TikTok fact sheet 4.2
API_VERSION = "2026-10"
OPEN_STATES = frozenset({State.WAITING, State.HELD, State.SENDING})


@dataclass(slots=True)
class Targets:
    """Where webhooks without an own address go; None: nowhere."""

    tiktok: str | None = None
    shopify: str | None = None


@dataclass(slots=True)
class Outbox:
    """Queue and memory of webhooks. `ring` is called when something new is due; `exhausted` hooks when one gives up."""

    config: SandboxConfig
    clock: Clock
    rules: WebhookRules
    targets: Targets
    rng: Random
    paused: bool = False
    ring: Callable[[], None] = field(default=lambda: None)
    on_exhausted: list[Callable[[Delivery], None]] = field(default_factory=list)
    kept: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT))
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _numbers: int = 0
    _due: list[tuple[float, int, Delivery]] = field(default_factory=list)
    _order: int = 0

    @classmethod
    def fresh(cls, config: SandboxConfig, clock: Clock, seed: int) -> "Outbox":
        """An empty one, with the addresses the sandbox was started with."""
        targets = Targets(config.tiktok_webhook_url, config.shopify_webhook_url)
        return cls(config, clock, WebhookRules(seed), targets, _generator(seed))

    def tiktok(
        self,
        kind: int,
        shop_id: str,
        data: Mapping[str, object],
        *,
        seller_open_id: str | None = None,
        url: str | None = None,
    ) -> None:
        """Queue a TikTok webhook (TikTok fact sheet 4); `url` overrides the app's address (Event API, 4.5).

        With `seller_open_id` the envelope names the seller instead of the shop (types 19 and 52).
        """
        number = self._next()
        whose = {"shop_id": shop_id} if seller_open_id is None else {"seller_open_id": seller_open_id}
        body = orjson.dumps(
            {
                "type": kind,
                "tts_notification_id": str(FIRST_NOTIFICATION + number),
                **whose,
                "timestamp": self.clock.unix(),
                "data": data,
            }
        )
        sign = tiktok_signature(self.config.tiktok_app_key, self.config.tiktok_app_secret, body)
        headers = {"content-type": "application/json", "authorization": sign}
        thing = data.get("product_id", "")
        self._queue(
            Delivery(
                id=number,
                platform=Platform.TIKTOK,
                topic=str(kind),
                shop=shop_id or seller_open_id or "",
                url=url or self.targets.tiktok or "",
                headers=headers,
                body=body,
                lane=f"tiktok/{shop_id}/{thing}",
                queued_at=self.clock.now(),
                due=self.clock.now(),
            )
        )

    def shopify(
        self,
        topic: str,
        shop: str,
        payload: Mapping[str, object],
        *,
        url: str | None = None,
        api_version: str = API_VERSION,
        name: str | None = None,
        event_id: str | None = None,
        subscription: str | None = None,
    ) -> None:
        """Queue a Shopify webhook (Shopify fact sheet 2); `url` and `subscription` (gid) say whom it is for."""
        body = orjson.dumps(payload)
        headers = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-hmac-sha256": shopify_signature(self.config.shopify_client_secret, body),
            "x-shopify-shop-domain": shop,
            "x-shopify-api-version": api_version,
            "x-shopify-webhook-id": self._uuid(),
            "x-shopify-event-id": event_id or self._uuid(),
            "x-shopify-triggered-at": datetime.fromtimestamp(self.clock.now(), UTC).isoformat().replace("+00:00", "Z"),
        }
        if name is not None:
            headers["x-shopify-name"] = name
        thing = payload.get("admin_graphql_api_id") or payload.get("id") or ""
        self._queue(
            Delivery(
                id=self._next(),
                platform=Platform.SHOPIFY,
                topic=topic,
                shop=shop,
                url=url or self.targets.shopify or "",
                headers=headers,
                body=body,
                lane=f"shopify/{shop}/{thing}",
                queued_at=self.clock.now(),
                due=self.clock.now(),
                subscription=subscription or "",
            )
        )

    def take_due(self, most: int) -> list[Delivery]:
        """What is due by now, in order, at most so many; none while paused."""
        taken: list[Delivery] = []
        now = self.clock.now()
        while not self.paused and len(taken) < most and self._due and self._due[0][0] <= now:
            taken.append(heapq.heappop(self._due)[2])
        return taken

    def next_due(self) -> float | None:
        """The Unix time of the next attempt, if any and not paused."""
        return self._due[0][0] if self._due and not self.paused else None

    def settle(self, delivery: Delivery) -> None:
        """After an attempt: queue the next one, or count the end; what was forgotten meanwhile stays so."""
        if not delivery.listed:
            return
        if delivery.state is State.WAITING:
            self._push(delivery)
            return
        self._count(delivery)
        if delivery.state is State.EXHAUSTED:
            for hook in self.on_exhausted:
                hook(delivery)

    def pause(self, *, paused: bool) -> None:
        """Stop sending, or go on."""
        self.paused = paused
        self.ring()

    def flush(self) -> int:
        """Make everything due now: held windows, delays and waiting retries; how many."""
        for delivery in self.rules.release():
            self._push(delivery)
        now = self.clock.now()
        self._due = [(min(due, now), order, delivery) for due, order, delivery in self._due]
        heapq.heapify(self._due)
        self.ring()
        return len(self._due)

    def resend(self, number: int) -> bool:
        """Send a known webhook once more, with the same ids; False if it is not remembered."""
        for delivery in self.kept:
            if delivery.id == number:
                delivery.state, delivery.due = State.WAITING, self.clock.now()
                self._push(delivery)
                return True
        return False

    def release_rule(self, number: int) -> bool:
        """Take a rule out of force and send what it held back; False if there is none."""
        held = self.rules.remove(number)
        for delivery in held or ():
            self._push(delivery)
        return held is not None

    def open_count(self) -> int:
        """How many are not at an end yet and due by now (what a test waits for)."""
        now = self.clock.now()
        return sum(1 for due, _, _ in self._due if due <= now)

    def clear(self, seed: int) -> None:
        """Forget everything; back to the first addresses."""
        self.rules.clear(seed)
        self.rng = _generator(seed)
        self.targets.tiktok, self.targets.shopify = self.config.tiktok_webhook_url, self.config.shopify_webhook_url
        self.paused = False
        for delivery in self.kept:
            delivery.listed = False
        self.kept.clear()
        self.counts.clear()
        self._due.clear()
        self._numbers = 0

    def dump(self) -> dict[str, object]:
        """For the state file: what is still to be sent, rules, addresses."""
        going = [shown(one) for one in self.kept if one.state in OPEN_STATES]
        targets = {"tiktok": self.targets.tiktok, "shopify": self.targets.shopify}
        return {"deliveries": going, "rules": self.rules.dump(), "targets": targets, "number": self._numbers}

    def load(self, dumped: Mapping[str, object]) -> None:
        """From the state file; addresses given at this start win over the remembered ones."""
        self.rules.load(cast("list[dict[str, object]]", dumped["rules"]))
        self._numbers = cast("int", dumped["number"])
        targets = cast("dict[str, str | None]", dumped["targets"])
        self.targets.tiktok = self.config.tiktok_webhook_url or targets["tiktok"]
        self.targets.shopify = self.config.shopify_webhook_url or targets["shopify"]
        for one in cast("list[dict[str, object]]", dumped["deliveries"]):
            delivery = restored(one)
            delivery.state = State.WAITING
            self._list(delivery)
            self._push(delivery)

    def _queue(self, delivery: Delivery) -> None:
        if not delivery.url:
            delivery.state = State.NO_TARGET
            self._list(delivery)
            self._count(delivery)
            return
        for one in self.rules.apply(delivery, self.clock.now()):
            self._list(one)
            if one.state is State.WAITING:
                self._push(one)
            elif one.state is State.DROPPED:
                self._count(one)

    def _list(self, delivery: Delivery) -> None:
        """Keep it in sight, once (a window let go at once brings back what is listed already)."""
        if not delivery.listed:
            delivery.listed = True
            self.kept.append(delivery)

    def _push(self, delivery: Delivery) -> None:
        self._order += 1
        heapq.heappush(self._due, (delivery.due, self._order, delivery))
        self.ring()

    def _count(self, delivery: Delivery) -> None:
        self.counts[delivery.platform, delivery.topic, delivery.state] += 1

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))


def _generator(seed: int) -> Random:
    return Random(f"{seed}/outbox")  # noqa: S311  # repeatable runs, not secrets
