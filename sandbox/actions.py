"""What the platforms offer to test scripts: named actions under `/_sandbox/tiktok/` and `/_sandbox/shopify/`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the world holds the platforms, and the platforms' actions receive the world
    from sandbox.world import World

Answer = Mapping[str, object]


class BadControl(ValueError):
    """Control input that cannot be followed: answered 400 with this sentence and the field."""

    def __init__(self, sentence: str, field_name: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field_name


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a script may do to a platform: `POST /_sandbox/{platform}/{name}` with a JSON object.

    `fields` names each accepted field with its meaning; a meaning that begins with "required" is checked, and unknown
    fields are refused, before `run` is called. `run` raises `BadControl` for what it cannot follow.
    """

    name: str
    summary: str
    run: "Callable[[World, Mapping[str, object]], Answer | Awaitable[Answer]]"
    fields: Mapping[str, str] = field(default_factory=dict)
