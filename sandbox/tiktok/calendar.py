"""Which category tree a shop may use on which day (fact sheet section 7); the settings may override every date."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sandbox.settings import Settings


class TreeVersion(StrEnum):
    """The three-level tree and the tree of up to seven levels."""

    V1 = "v1"
    V2 = "v2"


class Audience(StrEnum):
    """Who a wave of the roll-out reached: development shops first, then invited sellers, then everyone."""

    DEVELOPMENT = "development"
    INVITED = "invited"
    EVERYONE = "everyone"


# US changelog: 5/30 development shops, 7/30 invited sellers, 9/05 general ("before the 6th not all sellers").
WAVES: Mapping[str, Mapping[Audience, date]] = {
    "US": {
        Audience.DEVELOPMENT: date(2024, 5, 30),
        Audience.INVITED: date(2024, 7, 30),
        Audience.EVERYONE: date(2024, 9, 6),
    }
}


def accepted_versions(region: str, on: date, audience: Audience, settings: Settings) -> frozenset[TreeVersion]:
    """The trees that create, edit and the category calls take; a market no changelog mentions takes both."""
    if not settings.strict_versions:
        return frozenset(TreeVersion)
    ends, starts = settings.v1_ends.get(region), settings.v2_starts.get(region)
    wave = WAVES.get(region, {}).get(audience)
    accepted = set()
    if ends is None or on < date.fromisoformat(ends):
        accepted.add(TreeVersion.V1)
    if (starts is None or on >= date.fromisoformat(starts)) and (wave is None or on >= wave or not accepted):
        accepted.add(TreeVersion.V2)
    return frozenset(accepted)
