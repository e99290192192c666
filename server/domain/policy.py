"""Which category tree a shop may use on a day, and what the platform demands: the calendar's answers.

Days are calendar days in UTC: the documents give days and name no time zone. Whatever the calendar says, the
platform's own answer to a shop (codes 12052217, 12052230) is kept as ``enforced`` and overrides it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from server.domain.categories import CategoryVersion
from server.domain.markets import Market, SellerType
from server.domain.policy_rows import (
    AUTO_UPGRADE,
    CALENDAR,
    NOTICES,
    ONLY_V2,
    RECOMMEND_INPUTS,
    RECOMMEND_MINIMUM,
    Audience,
    Notice,
    Reading,
    RecommendInput,
    Roll,
    Use,
)
from server.kit.errors import NotFound

TIME_ZONE = "UTC"
"""Where the calendar's days begin and end."""

OUTDATED = 12052217
"""The platform: every shop of this region must use ``v2``."""

MISMATCH = 12052230
"""The platform: this id does not belong to the tree that the call named."""

PLATFORM = "the platform's own answer to this shop"


@dataclass(frozen=True, slots=True)
class CategoryPolicy:
    """The calendar's answer for one shop and day. ``v1_ends`` is the first day without ``v1``, if one was published.

    ``sources`` name the rows that decided, ``rows`` all that concern such a shop, in order.
    """

    market: Market
    on: date
    listable: frozenset[CategoryVersion]
    editable: frozenset[CategoryVersion]
    recommendable: frozenset[CategoryVersion]
    recommended: CategoryVersion
    recommend_inputs: frozenset[RecommendInput]
    recommend_minimum: frozenset[RecommendInput]
    sources: tuple[str, ...]
    rows: tuple[Roll, ...]
    notices: tuple[Notice, ...]
    v1_ends: date | None
    auto_upgrade: date | None
    enforced: CategoryVersion | None

    @property
    def source(self) -> str:
        """What decided which trees may be listed with."""
        return self.sources[0]


class UnknownPolicy(NotFound):
    """No row covers this market and day: an error, never a guess."""


def policy_day(moment: datetime) -> date:
    """The calendar day of a moment, in the calendar's time zone."""
    return moment.astimezone(UTC).date()


def start_of(day: date) -> datetime:
    """The moment at which a row of this day comes into force."""
    return datetime.combine(day, time(), UTC)


def demanded_by(code: int, asked: CategoryVersion, *, id_was_ours: bool) -> CategoryVersion | None:
    """The tree that a platform's answer demands from now on, if it does.

    12052217 says so itself. 12052230 says it when the id came from the shop's own kept ``v1`` tree: then that tree is
    no longer the shop's. About a ``v2`` id, or one that we cannot vouch for, it only says that something is stale.
    """
    if code == OUTDATED or (code == MISMATCH and asked is CategoryVersion.V1 and id_was_ours):
        return CategoryVersion.V2
    return None


def category_policy(
    market: Market,
    seller_type: SellerType,
    on: date,
    enforced: CategoryVersion | None = None,
    audience: Audience = Audience.ORDINARY,
    reading: Reading = Reading.CAREFUL,
) -> CategoryPolicy:
    """Everything the calendar says for a shop on a day; ``enforced`` overrides which trees may be used."""
    rows = _rows(market, seller_type, audience, reading)
    deciding = {use: _in_force(rows, use, market, on) for use in Use}
    accepted = {use: frozenset({enforced}) if enforced else row.accepts for use, row in deciding.items()}
    upgrade = AUTO_UPGRADE.get(market)
    inputs = max((entry for entry in RECOMMEND_INPUTS if entry[0] <= on), key=lambda entry: entry[0])
    minimum, minimum_source = RECOMMEND_MINIMUM
    said = (PLATFORM,) if enforced else tuple(row.source for row in deciding.values())
    return CategoryPolicy(
        market=market,
        on=on,
        listable=accepted[Use.LIST],
        editable=accepted[Use.EDIT],
        recommendable=accepted[Use.RECOMMEND],
        recommended=max(accepted[Use.LIST]),
        recommend_inputs=inputs[1] if reading is Reading.CAREFUL else minimum,
        recommend_minimum=minimum,
        sources=tuple(dict.fromkeys((*said, inputs[2], minimum_source, *(upgrade[1:] if upgrade else ())))),
        rows=rows,
        notices=tuple(one for one in NOTICES if market in one.markets and one.since <= on <= (one.until or on)),
        v1_ends=min((row.since for row in rows if row.accepts == ONLY_V2 and Use.LIST in row.uses), default=None),
        auto_upgrade=upgrade[0] if upgrade else None,
        enforced=enforced,
    )


def _rows(market: Market, seller_type: SellerType, audience: Audience, reading: Reading) -> tuple[Roll, ...]:
    concerned = (
        row
        for row in CALENDAR
        if market in row.markets
        and seller_type in row.seller_types
        and row.audience in (audience, Audience.ORDINARY)
        and reading in row.readings
    )
    return tuple(sorted(concerned, key=lambda row: row.since))


def _in_force(rows: tuple[Roll, ...], use: Use, market: Market, on: date) -> Roll:
    begun = [row for row in rows if use in row.uses and row.since <= on]
    if not begun:
        raise UnknownPolicy(f"No category policy is known for {market} on {on}.", field=("on",))
    return begun[-1]
