"""The market calendar: one row either side of every boundary, and the platform's own answer above it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from server.domain.categories import CategoryVersion
from server.domain.markets import EU, SEA, Market, SellerType
from server.domain.policy import (
    UnknownPolicy,
    category_policy,
    policy_day,
)
from server.domain.policy_rows import AUTO_UPGRADE, CALENDAR, Audience, RecommendInput

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
LOCAL, CROSS = SellerType.LOCAL, SellerType.CROSS_BORDER
BOTH = {V1, V2}


@pytest.mark.parametrize(
    ("market", "moment", "listable", "version"),
    [
        (Market.US, "2024-09-05T23:59:59", {V1}, V1),
        (Market.US, "2024-09-06T00:00:00", BOTH, V2),
        (Market.US, "2024-09-06T00:00:01", BOTH, V2),
        (Market.US, "2024-09-15T23:59:59", BOTH, V2),
        (Market.US, "2024-09-16T00:00:00", {V2}, V2),
        (Market.US, "2024-10-08T00:00:00", {V2}, V2),
        (Market.SG, "2025-08-20T23:59:59", {V1}, V1),
        (Market.SG, "2025-08-21T00:00:00", BOTH, V2),
        (Market.ID, "2026-01-11T23:59:59", BOTH, V2),
        (Market.ID, "2026-01-12T00:00:00", {V2}, V2),
        (Market.GB, "2025-10-12T23:59:59", {V1}, V1),
        (Market.GB, "2025-10-13T00:00:00", BOTH, V2),
        (Market.DE, "2025-10-13T00:00:00", BOTH, V2),
        (Market.JP, "2026-11-21T00:00:00", BOTH, V2),
        (Market.BR, "2024-01-01T00:00:00", BOTH, V2),
    ],
)
@pytest.mark.parametrize("seller", [LOCAL, CROSS])
def test_boundaries(
    market: Market, moment: str, listable: set[CategoryVersion], version: CategoryVersion, seller: SellerType
) -> None:
    on = policy_day(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    policy = category_policy(market, seller, on)
    assert policy.listable == listable
    assert policy.recommended is version


@pytest.mark.parametrize(
    ("audience", "day", "version"),
    [
        (Audience.DEVELOPMENT, date(2024, 5, 29), V1),
        (Audience.DEVELOPMENT, date(2024, 5, 30), V2),
        (Audience.INVITED, date(2024, 7, 29), V1),
        (Audience.INVITED, date(2024, 7, 30), V2),
        (Audience.ORDINARY, date(2024, 7, 30), V1),
        (Audience.INVITED, date(2024, 9, 5), V2),
        (Audience.ORDINARY, date(2024, 9, 5), V1),
    ],
)
def test_development_and_invited_shops_go_first(audience: Audience, day: date, version: CategoryVersion) -> None:
    assert category_policy(Market.US, LOCAL, day, audience=audience).recommended is version


def test_the_platform_overrides_the_calendar() -> None:
    day = date(2026, 1, 1)
    assert category_policy(Market.GB, LOCAL, day, enforced=V2).listable == {V2}
    assert category_policy(Market.GB, LOCAL, day, enforced=V2).source == "the platform's own answer to this shop"
    assert category_policy(Market.US, LOCAL, day, enforced=V1).recommended is V1


def test_the_day_is_utc() -> None:
    evening = datetime(2024, 9, 15, 17, 0, tzinfo=timezone(timedelta(hours=-7)))
    assert policy_day(evening) == date(2024, 9, 16)


def test_ends_and_inputs() -> None:
    before = category_policy(Market.US, LOCAL, date(2024, 6, 29))
    after = category_policy(Market.US, LOCAL, date(2024, 6, 30))
    assert before.recommend_inputs == {RecommendInput.TITLE}
    assert after.recommend_inputs == set(RecommendInput)
    assert (after.v1_ends, after.auto_upgrade) == (date(2024, 9, 16), date(2024, 10, 8))
    assert category_policy(Market.GB, LOCAL, date(2026, 1, 1)).v1_ends is None
    assert category_policy(Market.TH, CROSS, date(2025, 9, 1)).v1_ends == date(2026, 1, 12)


def test_every_market_has_a_policy_and_every_row_a_source() -> None:
    for market in Market:
        for seller in SellerType:
            assert category_policy(market, seller, date(2020, 1, 1)).listable
    assert all(row.source for row in CALENDAR)
    assert all(source for _, source in AUTO_UPGRADE.values())
    assert EU | SEA | {Market.US, Market.GB, Market.JP, Market.BR, Market.MX} == set(Market)


def test_no_guess_before_the_first_row() -> None:
    with pytest.raises(UnknownPolicy):
        category_policy(Market.US, LOCAL, date(2019, 12, 31))
