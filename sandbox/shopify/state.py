"""What this platform remembers."""

from collections.abc import Mapping
from random import Random
from typing import Self

from sandbox.clock import Clock
from sandbox.config import SandboxConfig


class ShopifyState:
    """The platform's memory."""

    @classmethod
    def fresh(cls, config: SandboxConfig, clock: Clock, rng: Random) -> Self:
        """A new memory."""
        return cls()

    def dump(self) -> dict[str, object]:
        """For the state file."""
        return {}

    def load(self, dumped: Mapping[str, object]) -> None:
        """From the state file."""
