"""Drop, delay, double, reorder or corrupt webhooks by rule."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from random import Random

from sandbox.asked import Asked
from sandbox.deliveries import Delivery, Platform, State
from sandbox.faults import read_occasion
from sandbox.occasions import Occasion


class Trick(StrEnum):
    """What happens to a webhook that a rule strikes."""

    DROP = "drop"
    DELAY = "delay"  # by `seconds` of the sandbox's clock
    DOUBLE = "double"  # the same notification twice
    REORDER = "reorder"  # held until `window` of them are there, then sent in a seeded other order
    CORRUPT_SIGNATURE = "corrupt_signature"
    CORRUPT_BODY = "corrupt_body"  # cut in the middle after signing


@dataclass(slots=True)
class WebhookRule:
    """One rule; empty conditions fit every webhook. `topics` are TikTok types ("18") or Shopify topics."""

    id: int
    trick: Trick
    platform: Platform | None = None
    topics: list[str] = field(default_factory=list)
    shop: str | None = None
    seconds: float = 60.0
    window: int = 5
    occasion: Occasion = field(default_factory=Occasion)
    held: list[Delivery] = field(default_factory=list)

    def fits(self, delivery: Delivery) -> bool:
        """Whether the rule is about this webhook."""
        return (
            (self.platform is None or self.platform is delivery.platform)
            and (not self.topics or delivery.topic in self.topics)
            and (self.shop is None or self.shop == delivery.shop)
        )


def read_rule(given: object, now: float) -> WebhookRule:
    """A rule as the control API is sent it; raises BadControl naming the wrong field."""
    asked = Asked(given)
    trick = asked.choice("trick", [trick.value for trick in Trick])
    if trick is None:
        raise asked.wrong("trick", "is required")
    platform = asked.choice("platform", [one.value for one in Platform])
    rule = WebhookRule(0, Trick(trick), topics=asked.texts("topics"), shop=asked.text("shop"))
    rule.platform = None if platform is None else Platform(platform)
    rule.seconds = asked.number("seconds", least=0) or rule.seconds
    rule.window = asked.whole("window", least=2, most=1000) or rule.window
    rule.occasion = read_occasion(asked, now)
    asked.finish()
    return rule


class WebhookRules:
    """The rules in force; each that fits may strike, in their order."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._numbers = itertools.count(1)
        self.rules: list[WebhookRule] = []

    def add(self, rule: WebhookRule) -> WebhookRule:
        """Put a rule in force; gives it its id."""
        rule.id = next(self._numbers)
        rule.occasion.rng = Random(f"{self._seed}/webhook/{rule.id}")  # noqa: S311  # repeatable runs, not secrets
        self.rules.append(rule)
        return rule

    def remove(self, number: int) -> list[Delivery] | None:
        """Take a rule out of force; what it held back, or None if there is no such rule."""
        for rule in self.rules:
            if rule.id == number:
                self.rules.remove(rule)
                return _released(rule)
        return None

    def apply(self, delivery: Delivery, now: float) -> list[Delivery]:
        """What is to be sent instead of `delivery`: itself, nothing, twice, changed, or a whole shuffled window."""
        going = [delivery]
        for rule in self.rules:
            if rule.fits(delivery) and rule.occasion.strikes(now):
                delivery.rules.append(f"{rule.id} {rule.trick}")
                going = [changed for one in going for changed in _play(rule, one)]
        return going

    def release(self) -> list[Delivery]:
        """Everything held back, each rule's in a seeded other order."""
        return [delivery for rule in self.rules for delivery in _released(rule)]

    def clear(self, seed: int | None = None) -> None:
        """No rules, nothing held."""
        self._seed = self._seed if seed is None else seed
        self._numbers = itertools.count(1)
        self.rules = []

    def dump(self) -> list[dict[str, object]]:
        """For the control API and the state file."""
        return [shown(rule) for rule in self.rules]

    def load(self, dumped: Iterable[Mapping[str, object]]) -> None:
        """From the state file; what was held back is sent instead, so nothing is lost."""
        self.clear()
        for one in dumped:
            values = {name: value for name, value in one.items() if name not in {"occasion", "held"}}
            occasion = Occasion(**one["occasion"])  # type: ignore[arg-type]  # as `shown` wrote it
            rule = self.add(WebhookRule(**values, occasion=occasion))  # type: ignore[arg-type]  # as `shown` wrote it
            rule.trick = Trick(rule.trick)
            rule.platform = None if rule.platform is None else Platform(rule.platform)


def shown(rule: WebhookRule) -> dict[str, object]:
    """The rule as JSON."""
    values = asdict(replace(rule, held=[]))
    del values["occasion"]["rng"]
    values["held"] = len(rule.held)
    return values


def _play(rule: WebhookRule, delivery: Delivery) -> list[Delivery]:
    match rule.trick:
        case Trick.DROP:
            delivery.state = State.DROPPED
        case Trick.DELAY:
            delivery.due += rule.seconds
            delivery.lane = f"delayed/{delivery.id}"  # it may be overtaken by what comes after it
        case Trick.DOUBLE:
            twin = replace(
                delivery, attempts=[], headers=dict(delivery.headers), rules=list(delivery.rules), listed=False
            )
            return [delivery, twin]
        case Trick.REORDER:
            return _hold(rule, delivery)
        case Trick.CORRUPT_SIGNATURE:
            name = "authorization" if delivery.platform is Platform.TIKTOK else "x-shopify-hmac-sha256"
            delivery.headers[name] = delivery.headers[name][::-1]
        case Trick.CORRUPT_BODY:
            delivery.body = delivery.body[: len(delivery.body) // 2]
    return [delivery]


def _hold(rule: WebhookRule, delivery: Delivery) -> list[Delivery]:
    delivery.state = State.HELD
    delivery.lane = f"reordered/{rule.id}"  # one lane: they arrive in exactly the shuffled order
    rule.held.append(delivery)
    return _released(rule) if len(rule.held) >= rule.window else [delivery]


def _released(rule: WebhookRule) -> list[Delivery]:
    """What the rule holds, in another order (really another one, if there are two or more)."""
    held, rule.held = rule.held, []
    before = list(held)
    while len(held) > 1 and held == before:
        rule.occasion.rng.shuffle(held)
    for delivery in held:
        delivery.state = State.WAITING
    return held
