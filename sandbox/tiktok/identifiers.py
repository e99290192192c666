"""Ids and tokens as the platform's look, the same for the same seed and order of events."""

from dataclasses import dataclass, field
from hashlib import blake2b

# How ids of a kind begin; the samples of the fact sheet look so.
PREFIXES = {"product": 1729, "sku": 1730, "shop": 7494, "warehouse": 7068, "brand": 7082, "notification": 7327}


@dataclass(slots=True)
class Identifiers:
    """Counters by kind, and a salt drawn from the seed."""

    salt: int
    counters: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """The next number of a kind, from 1."""
        number = self.counters.get(kind, 0) + 1
        self.counters[kind] = number
        return number

    def decimal(self, kind: str) -> str:
        """A 19-digit id, rising within its kind."""
        number = self.count(kind)
        return str(PREFIXES.get(kind, 7000) * 10**15 + (self.salt % 10**7) * 10**8 + number * 64 + self.salt % 61)

    def short(self, kind: str) -> str:
        """A 7-digit id as attributes and values have."""
        return str(7_000_000 + self.count(kind))

    def token(self, kind: str, length: int = 48) -> str:
        """Unguessable-looking text."""
        seed = f"{self.salt}/{kind}/{self.count(kind)}".encode()
        return (blake2b(seed, digest_size=64).hexdigest() * 2)[:length]
