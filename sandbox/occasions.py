"""When a rule strikes: the first n, every nth, by seeded chance, for a time. Shared by faults and webhook rules."""

from dataclasses import dataclass, field
from random import Random


@dataclass(slots=True)
class Occasion:
    """Counts what matched so far and says whether the rule strikes this time. Empty: always.

    `skip` lets the first n matches pass; `first` stops after n strikes; `every` strikes each nth match; `chance`
    (0 to 1) is drawn from the rule's own seeded generator, so two rules never disturb each other; `until` is a
    Unix time.
    """

    first: int | None = None
    every: int | None = None
    skip: int = 0
    chance: float | None = None
    until: float | None = None
    seen: int = 0
    struck: int = 0
    rng: Random = field(default_factory=Random, repr=False)

    def strikes(self, now: float) -> bool:
        """Count one match and answer whether the rule strikes it."""
        if self.is_over(now):
            return False
        self.seen += 1
        hit = self.seen > self.skip
        if hit and self.every is not None:
            hit = (self.seen - self.skip) % self.every == 0
        if self.chance is not None:  # drawn for every match, so that the sequence does not depend on other terms
            hit = self.rng.random() < self.chance and hit
        self.struck += hit
        return hit

    def is_over(self, now: float) -> bool:
        """Whether it can never strike again."""
        return (self.first is not None and self.struck >= self.first) or (self.until is not None and now >= self.until)
