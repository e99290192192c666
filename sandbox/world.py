"""Everything the sandbox knows, in one object that routes hold and `reset` renews in place."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Self, cast

from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.outbox import Outbox
from sandbox.pulse import Pulse
from sandbox.ripening import Ripening
from sandbox.settings import Settings
from sandbox.shopify.state import ShopifyState
from sandbox.state_file import Keeper, State, read_state
from sandbox.tiktok.state import TikTokState


@dataclass(slots=True)
class World:
    """Hold the world, never its parts: `reset` replaces the two states and `rng`; other parts keep their identity."""

    config: SandboxConfig
    clock: Clock
    rng: Random
    settings: Settings
    calls: CallLog
    faults: Faults
    ripening: Ripening
    outbox: Outbox
    pulse: Pulse
    tiktok: TikTokState
    shopify: ShopifyState
    seed: int

    @classmethod
    def fresh(cls, config: SandboxConfig) -> Self:
        """A new world as `config` describes it (its state file is not looked at; see `recall`)."""
        clock, rng, settings = Clock(), _generator(config.seed), Settings.from_config(config)
        ripening, outbox = Ripening(clock), Outbox.fresh(config, clock, config.seed)
        return cls(
            config=config,
            clock=clock,
            rng=rng,
            settings=settings,
            calls=CallLog(),
            faults=Faults(config.seed),
            ripening=ripening,
            outbox=outbox,
            pulse=Pulse(clock, settings, ripening, outbox),
            tiktok=TikTokState.fresh(config, clock, rng),
            shopify=ShopifyState.fresh(config, clock, rng),
            seed=config.seed,
        )

    def reset(self, seed: int | None = None) -> None:
        """Back to the start, with another seed if given; the clock runs with real time again."""
        self.seed = self.config.seed if seed is None else seed
        self.rng = _generator(self.seed)
        self.clock.reset()
        self.settings.replace_by(Settings.from_config(self.config))
        self.calls.clear()
        self.faults.clear(self.seed)
        self.ripening.clear()
        self.outbox.clear(self.seed)
        self.tiktok = TikTokState.fresh(self.config, self.clock, self.rng)
        self.shopify = ShopifyState.fresh(self.config, self.clock, self.rng)

    def recall(self) -> None:
        """Load the state file, if the configuration names one, and keep it up to date from now on."""
        path = self.config.state
        if path is None:
            return
        found = read_state(path)
        if found is not None:
            self.load(found)
        self.pulse.keeper = Keeper(path, self.dump)

    def dump(self) -> State:
        """The whole world as JSON values (the call log is not part of it)."""
        return {
            "seed": self.seed,
            "rng": self.rng.getstate(),
            "clock": self.clock.dump(),
            "settings": asdict(self.settings),
            "faults": self.faults.dump(),
            "ripening": self.ripening.dump(),
            "outbox": self.outbox.dump(),
            "tiktok": self.tiktok.dump(),
            "shopify": self.shopify.dump(),
        }

    def load(self, dumped: Mapping[str, object]) -> None:
        """The world as `dump` wrote it; handlers and routes stay."""
        self.seed = cast("int", dumped["seed"])
        version, numbers, last = cast("tuple[int, list[int], float | None]", dumped["rng"])
        self.rng.setstate((version, tuple(numbers), last))
        self.clock.load(cast("dict[str, object]", dumped["clock"]))
        known = Settings(**cast("dict[str, object]", dumped["settings"]))  # type: ignore[arg-type]  # as dump wrote it
        self.settings.replace_by(known)
        self.faults.clear(self.seed)
        self.faults.load(cast("list[dict[str, object]]", dumped["faults"]))
        self.outbox.clear(self.seed)
        self.outbox.load(cast("dict[str, object]", dumped["outbox"]))
        self.tiktok.load(cast("dict[str, object]", dumped["tiktok"]))
        self.shopify.load(cast("dict[str, object]", dumped["shopify"]))
        self.ripening.load(cast("list[Mapping[str, object]]", dumped["ripening"]))


def _generator(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # repeatable runs, not secrets
