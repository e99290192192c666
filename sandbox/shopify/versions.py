"""API versions that live, and what a request for a dead one gets (Shopify fact sheet 3.2)."""

import re

LIVING = ("2026-01", "2026-04", "2026-07", "2026-10")
CANDIDATE = "2027-01"
SHAPE = re.compile(r"\d{4}-(?:01|04|07|10)")


def answered_by(asked: str) -> str | None:
    """The version that answers: itself when alive, the oldest living one for a dead one; None for no version at all."""
    if asked in LIVING or asked in {CANDIDATE, "unstable"}:
        return asked
    if SHAPE.fullmatch(asked) and asked < LIVING[0]:
        return LIVING[0]
    return None
