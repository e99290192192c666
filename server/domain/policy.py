"""Which category tree a shop may list with on a day: the roll-out of the seven-level tree as rows with sources.

Rows are calendar days in UTC: the documents give days and name no time zone. Whatever the calendar says, the
platform's own answer to a shop (codes 12052217, 12052230) is kept as ``enforced`` and overrides it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from server.domain.categories import CategoryVersion
from server.domain.markets import EU, SEA, Market, SellerType

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
BOTH = frozenset({V1, V2})
ONLY_V1 = frozenset({V1})
ONLY_V2 = frozenset({V2})


class Audience(StrEnum):
    """Whom a row is for. Ordinary shops are only ever ``EVERYONE``."""

    DEVELOPMENT = "DEVELOPMENT"
    INVITED = "INVITED"
    EVERYONE = "EVERYONE"


EVERY_SELLER = frozenset(SellerType)
ORDINARY = frozenset({Audience.EVERYONE})


@dataclass(frozen=True, slots=True)
class Roll:
    """From the start of ``since`` (UTC), these sellers may create and edit products with these trees."""

    markets: frozenset[Market]
    since: date
    listable: frozenset[CategoryVersion]
    source: str
    audience: Audience = Audience.EVERYONE
    seller_types: frozenset[SellerType] = EVERY_SELLER


_START = date(2020, 1, 1)
_US = frozenset({Market.US})
_UK_EU_JP = frozenset({Market.GB, Market.JP}) | EU
_UNMENTIONED = frozenset({Market.BR, Market.MX})
_BEFORE = "before any seven-level changelog"
_US_LOG, _SEA_LOG, _UK_LOG = "US changelog", "TikTok fact sheet 7 item 2, SEA", "UK/EU/JP changelog"

CALENDAR: tuple[Roll, ...] = (
    Roll(_US | SEA | _UK_EU_JP, _START, ONLY_V1, _BEFORE),
    Roll(_UNMENTIONED, _START, BOTH, "TikTok fact sheet 7 item 2: not mentioned in any changelog"),
    Roll(_US, date(2024, 5, 30), BOTH, f"{_US_LOG}, 5/30 development shops", Audience.DEVELOPMENT),
    Roll(_US, date(2024, 7, 30), BOTH, f"{_US_LOG}, 7/30 invited sellers", Audience.INVITED),
    Roll(_US, date(2024, 9, 6), BOTH, f"{_US_LOG}, 9/05 all sellers, but not all before 09/06"),
    Roll(_US, date(2024, 9, 16), ONLY_V2, f"{_US_LOG}, 9/16 hard cut-off"),
    Roll(SEA, date(2025, 8, 20), BOTH, f"{_SEA_LOG}, August 2025"),
    Roll(SEA, date(2026, 1, 12), ONLY_V2, f"{_SEA_LOG}, cut-off 12 January 2026"),
    Roll(_UK_EU_JP, date(2025, 10, 13), BOTH, f"{_UK_LOG}, page of 13 October 2025, no cut-off named"),
)

AUTO_UPGRADE: Mapping[Market, tuple[date, str]] = {Market.US: (date(2024, 10, 8), f"{_US_LOG}, 10/08")}
"""When the platform itself upgrades what was left; after it there are only ``v2`` listings."""


class RecommendInput(StrEnum):
    """What Recommend Category is to be given."""

    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    IMAGE = "IMAGE"


RECOMMEND_INPUTS: tuple[tuple[date, frozenset[RecommendInput], str], ...] = (
    (_START, frozenset({RecommendInput.TITLE}), "migration guide: title is required"),
    (date(2024, 6, 30), frozenset(RecommendInput), "migration guide: description and image required by 6/30"),
)


@dataclass(frozen=True, slots=True)
class CategoryPolicy:
    """The calendar's answer for one shop and day. ``v1_ends`` is the first day without ``v1``, if one was published."""

    market: Market
    on: date
    listable: frozenset[CategoryVersion]
    recommended: CategoryVersion
    recommend_inputs: frozenset[RecommendInput]
    source: str
    v1_ends: date | None
    auto_upgrade: date | None
    enforced: CategoryVersion | None


class UnknownPolicy(LookupError):
    """No row covers this market and day: an error, never a guess."""


def policy_day(moment: datetime) -> date:
    """The calendar day of a moment, in UTC."""
    return moment.astimezone(UTC).date()


def listing_version(
    market: Market,
    seller_type: SellerType,
    on: date,
    enforced: CategoryVersion | None = None,
    audiences: frozenset[Audience] = ORDINARY,
) -> CategoryVersion:
    """The tree to list with: what the platform enforced, else the newest one that is open to the shop."""
    if enforced is not None:
        return enforced
    return max(_in_force(market, seller_type, on, audiences).listable)


def category_policy(
    market: Market,
    seller_type: SellerType,
    on: date,
    enforced: CategoryVersion | None = None,
    audiences: frozenset[Audience] = ORDINARY,
) -> CategoryPolicy:
    """Everything the calendar says for a shop on a day; ``enforced`` narrows what may be listed."""
    row = _in_force(market, seller_type, on, audiences)
    listable = frozenset({enforced}) if enforced is not None else row.listable
    upgrade = AUTO_UPGRADE.get(market)
    return CategoryPolicy(
        market=market,
        on=on,
        listable=listable,
        recommended=max(listable),
        recommend_inputs=max((entry for entry in RECOMMEND_INPUTS if entry[0] <= on), key=lambda entry: entry[0])[1],
        source="the platform's own answer to this shop" if enforced is not None else row.source,
        v1_ends=min(
            (roll.since for roll in CALENDAR if market in roll.markets and roll.listable == ONLY_V2), default=None
        ),
        auto_upgrade=upgrade[0] if upgrade else None,
        enforced=enforced,
    )


def _in_force(market: Market, seller_type: SellerType, on: date, audiences: frozenset[Audience]) -> Roll:
    rows = [
        roll
        for roll in CALENDAR
        if market in roll.markets
        and seller_type in roll.seller_types
        and roll.since <= on
        and roll.audience in audiences | ORDINARY
    ]
    if not rows:
        raise UnknownPolicy(f"No category policy is known for {market} ({seller_type}) on {on}.")
    return max(rows, key=lambda roll: roll.since)
