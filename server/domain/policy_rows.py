"""The roll-out of the seven-level tree as dated rows, each naming its document. ``policy.py`` reads them.

Where sources disagree there is a row for each reading. Careful: a tree counts as open from the latest day that any
source names, and as closed from the earliest, so that whoever is right, nothing is refused. Literal: the announced day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.domain.categories import CategoryVersion
from server.domain.markets import EU, SEA, Market, SellerType

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
BOTH = frozenset({V1, V2})
ONLY_V1 = frozenset({V1})
ONLY_V2 = frozenset({V2})
EVERY_SELLER = frozenset(SellerType)


class Audience(StrEnum):
    """Which shops a wave of the roll-out reached; ordinary ones come last."""

    DEVELOPMENT = "DEVELOPMENT"
    INVITED = "INVITED"
    ORDINARY = "ORDINARY"


class Reading(StrEnum):
    """How dates are read where the documents leave a doubt."""

    CAREFUL = "CAREFUL"
    LITERAL = "LITERAL"


class Use(StrEnum):
    """What a category is named for in a call."""

    LIST = "LIST"
    EDIT = "EDIT"
    RECOMMEND = "RECOMMEND"


class RecommendInput(StrEnum):
    """What Recommend Category is to be given."""

    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class Roll:
    """From the start of ``since``, these sellers may use these trees. ``audience`` ORDINARY means every shop."""

    markets: frozenset[Market]
    since: date
    accepts: frozenset[CategoryVersion]
    source: str
    audience: Audience = Audience.ORDINARY
    readings: frozenset[Reading] = frozenset(Reading)
    uses: frozenset[Use] = frozenset(Use)
    seller_types: frozenset[SellerType] = EVERY_SELLER


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a merchant or developer should know, from the start of ``since`` to the end of ``until``."""

    markets: frozenset[Market]
    since: date
    until: date | None
    text: str
    source: str


_START = date(2020, 1, 1)
_US = frozenset({Market.US})
_UK_EU_JP = frozenset({Market.GB, Market.JP}) | EU
_UNMENTIONED = frozenset({Market.BR, Market.MX})
_CAREFUL, _LITERAL = frozenset({Reading.CAREFUL}), frozenset({Reading.LITERAL})
_CHANGES_NOTHING_LISTED = frozenset({Use.EDIT, Use.RECOMMEND})
_US_LOG, _GUIDE = "US changelog", "L7 migration guide"
_SEA_LOG, _UK_LOG = "TikTok fact sheet 7 item 2, SEA", "UK/EU/JP changelog"

CALENDAR: tuple[Roll, ...] = (
    Roll(_US | SEA | _UK_EU_JP, _START, ONLY_V1, "before any seven-level changelog"),
    Roll(_UNMENTIONED, _START, BOTH, "TikTok fact sheet 7 item 2: not mentioned in any changelog"),
    Roll(_US, date(2024, 5, 30), BOTH, f"{_US_LOG}, 5/30 development shops", Audience.DEVELOPMENT),
    Roll(_US, date(2024, 7, 30), BOTH, f"{_US_LOG}, 7/30 invited sellers", Audience.INVITED),
    Roll(_US, date(2024, 9, 5), BOTH, f"{_US_LOG}, 9/05 all sellers", readings=_LITERAL),
    Roll(_US, date(2024, 9, 6), BOTH, f"{_US_LOG}, 9/05 all sellers, but not all before 09/06", readings=_CAREFUL),
    Roll(_US, date(2024, 9, 16), ONLY_V2, f"{_US_LOG}, 9/16 hard cut-off", readings=_CAREFUL),
    Roll(_US, date(2024, 9, 17), ONLY_V2, f"{_US_LOG}, after 9/16 create and edit with L3 fail", readings=_LITERAL),
    Roll(SEA, date(2025, 8, 20), BOTH, f"{_SEA_LOG}, August 2025 (20/21)", readings=_LITERAL),
    Roll(SEA, date(2025, 8, 21), BOTH, f"{_SEA_LOG}, August 2025 (20/21)", readings=_CAREFUL),
    Roll(SEA, date(2026, 1, 12), ONLY_V2, f"{_SEA_LOG}, 12 January 2026 for create and edit"),
    Roll(_UK_EU_JP, date(2025, 10, 13), BOTH, f"{_UK_LOG}, page of 13 October 2025, no cut-off named"),
    Roll(
        EU,
        date(2026, 10, 1),
        ONLY_V2,
        "TikTok fact sheet 3.2, source P (versions to 202610): v2 is a must in Recommend Category and Partial Edit",
        readings=_CAREFUL,
        uses=_CHANGES_NOTHING_LISTED,
    ),
)

AUTO_UPGRADE: Mapping[Market, tuple[date, str]] = {
    Market.US: (date(2024, 10, 8), f"{_US_LOG}, 10/08 shops not upgraded are upgraded; after it only L7")
}
"""When the platform itself upgrades what was left; after it there are only ``v2`` listings."""

RECOMMEND_INPUTS: tuple[tuple[date, frozenset[RecommendInput], str], ...] = (
    (_START, frozenset({RecommendInput.TITLE}), f"{_GUIDE}: title is required"),
    (date(2024, 6, 30), frozenset(RecommendInput), f"{_GUIDE}: description and image required by 6/30"),
)
"""What the guide demands (careful reading)."""

RECOMMEND_MINIMUM = (frozenset({RecommendInput.TITLE}), "TikTok fact sheet 3.6: today's reference requires the title")
"""Without what the platform refuses the call, as its reference says today (literal reading)."""

NOTICES: tuple[Notice, ...] = (
    Notice(
        _US,
        date(2024, 5, 30),
        date(2024, 12, 31),
        "A seller who uses recommended categories is not penalized for miscategorized products.",
        f"{_US_LOG}, Recommend Category",
    ),
    Notice(
        _UK_EU_JP,
        date(2025, 10, 13),
        None,
        "For global products (GS POP), move to the new publishing workflow instead of adapting the old calls.",
        f"{_UK_LOG}, note on GS POP",
    ),
)
