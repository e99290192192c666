"""The leaky bucket of query points, one for each app and shop (Shopify fact sheet 3.5)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Points spent and given back with time; size and rate are asked anew each time, so tests can change them."""

    spent: float = 0.0
    at: float = 0.0

    def available(self, now: float, size: float, rate: float) -> float:
        """Points there are now."""
        if now > self.at:
            self.spent = max(0.0, self.spent - (now - self.at) * rate)
        self.at = now
        return size - self.spent

    def take(self, points: float) -> None:
        """Charge before running."""
        self.spent += points

    def give_back(self, points: float) -> None:
        """Return what was asked for and not used."""
        self.spent = max(0.0, self.spent - points)
