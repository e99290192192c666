"""Everything the sandbox knows, in one object that routes hold and `reset` renews in place."""

from dataclasses import dataclass
from random import Random
from typing import Self

from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.outbox import Outbox
from sandbox.ripening import Ripening
from sandbox.settings import Settings
from sandbox.shopify.state import ShopifyState
from sandbox.tiktok.state import TikTokState


@dataclass(slots=True)
class World:
    """Hold the world, never its parts: `reset` replaces the two states and `rng`; `settings` keeps its identity."""

    config: SandboxConfig
    clock: Clock
    rng: Random
    settings: Settings
    calls: CallLog
    faults: Faults
    ripening: Ripening
    outbox: Outbox
    tiktok: TikTokState
    shopify: ShopifyState
    seed: int

    @classmethod
    def fresh(cls, config: SandboxConfig) -> Self:
        """A new world as `config` describes it."""
        clock, rng = Clock(), Random(config.seed)  # noqa: S311  # repeatable runs, not secrets
        return cls(
            config=config,
            clock=clock,
            rng=rng,
            settings=Settings.from_config(config),
            calls=CallLog(),
            faults=Faults(),
            ripening=Ripening(clock),
            outbox=Outbox(),
            tiktok=TikTokState.fresh(config, clock, rng),
            shopify=ShopifyState.fresh(config, clock, rng),
            seed=config.seed,
        )

    def reset(self, seed: int | None = None) -> None:
        """Back to the start, with another seed if given; the clock runs with real time again."""
        self.seed = self.config.seed if seed is None else seed
        self.rng = Random(self.seed)  # noqa: S311  # repeatable runs, not secrets
        self.clock.reset()
        self.settings.replace_by(Settings.from_config(self.config))
        self.calls.clear()
        self.ripening.clear()
        self.tiktok = TikTokState.fresh(self.config, self.clock, self.rng)
        self.shopify = ShopifyState.fresh(self.config, self.clock, self.rng)
