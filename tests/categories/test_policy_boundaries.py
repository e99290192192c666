"""The calendar the second before, at and after each of its boundaries, for every audience and in both readings."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.categories import CategoryVersion
from server.domain.markets import EU, Market, SellerType
from server.domain.policy import CategoryPolicy, category_policy, demanded_by, policy_day, start_of
from server.domain.policy_rows import CALENDAR, NOTICES, Audience, Reading, RecommendInput, Use

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
OLD, BOTH, NEW = {V1}, {V1, V2}, {V2}
DEV, INVITED, ORDINARY = Audience.DEVELOPMENT, Audience.INVITED, Audience.ORDINARY
CAREFUL, LITERAL = Reading.CAREFUL, Reading.LITERAL
SECOND = timedelta(seconds=1)


def at(market: Market, moment: datetime, audience: Audience, reading: Reading) -> CategoryPolicy:
    return category_policy(market, SellerType.LOCAL, policy_day(moment), None, audience, reading)


@pytest.mark.parametrize(
    ("market", "audience", "reading", "day", "before", "after"),
    [
        (Market.US, DEV, CAREFUL, date(2024, 5, 30), OLD, BOTH),
        (Market.US, DEV, LITERAL, date(2024, 5, 30), OLD, BOTH),
        (Market.US, INVITED, CAREFUL, date(2024, 5, 30), OLD, OLD),
        (Market.US, INVITED, CAREFUL, date(2024, 7, 30), OLD, BOTH),
        (Market.US, ORDINARY, CAREFUL, date(2024, 7, 30), OLD, OLD),
        (Market.US, ORDINARY, LITERAL, date(2024, 9, 5), OLD, BOTH),
        (Market.US, ORDINARY, CAREFUL, date(2024, 9, 5), OLD, OLD),
        (Market.US, ORDINARY, CAREFUL, date(2024, 9, 6), OLD, BOTH),
        (Market.US, INVITED, CAREFUL, date(2024, 9, 6), BOTH, BOTH),
        (Market.US, ORDINARY, CAREFUL, date(2024, 9, 16), BOTH, NEW),
        (Market.US, ORDINARY, LITERAL, date(2024, 9, 16), BOTH, BOTH),
        (Market.US, ORDINARY, LITERAL, date(2024, 9, 17), BOTH, NEW),
        (Market.US, DEV, CAREFUL, date(2024, 9, 16), BOTH, NEW),
        (Market.US, ORDINARY, CAREFUL, date(2024, 10, 8), NEW, NEW),
        (Market.VN, ORDINARY, LITERAL, date(2025, 8, 20), OLD, BOTH),
        (Market.VN, ORDINARY, CAREFUL, date(2025, 8, 20), OLD, OLD),
        (Market.VN, ORDINARY, CAREFUL, date(2025, 8, 21), OLD, BOTH),
        (Market.VN, ORDINARY, CAREFUL, date(2026, 1, 12), BOTH, NEW),
        (Market.GB, ORDINARY, CAREFUL, date(2025, 10, 13), OLD, BOTH),
        (Market.FR, ORDINARY, LITERAL, date(2025, 10, 13), OLD, BOTH),
        (Market.JP, ORDINARY, CAREFUL, date(2025, 10, 13), OLD, BOTH),
        (Market.MX, ORDINARY, CAREFUL, date(2025, 10, 13), BOTH, BOTH),
    ],
)
def test_listing_either_side_of_each_boundary(
    market: Market,
    audience: Audience,
    reading: Reading,
    day: date,
    before: set[CategoryVersion],
    after: set[CategoryVersion],
) -> None:
    boundary = start_of(day)
    seen = [
        at(market, moment, audience, reading).listable for moment in (boundary - SECOND, boundary, boundary + SECOND)
    ]
    assert seen == [before, after, after]


def test_every_row_takes_effect_exactly_at_its_start() -> None:
    """Whatever rows are added: nothing changes but at the start of a row, for no market, shop or reading."""
    for market in Market:
        for audience in Audience:
            for reading in Reading:
                starts = {row.since for row in at(market, datetime(2026, 11, 1, tzinfo=UTC), audience, reading).rows}
                for row in CALENDAR:
                    boundary = start_of(row.since)
                    if row.since == date(2020, 1, 1) or row.since in starts:
                        continue
                    assert accepted(at(market, boundary - SECOND, audience, reading)) == accepted(
                        at(market, boundary, audience, reading)
                    )


def accepted(found: CategoryPolicy) -> tuple[frozenset[CategoryVersion], ...]:
    return found.listable, found.editable, found.recommendable


def test_careful_is_never_refused_under_the_literal_reading() -> None:
    for row in CALENDAR:
        if row.since > date(2020, 1, 1):
            for market in row.markets:
                for offset in (-1, 0, 1):
                    moment = start_of(row.since + timedelta(days=offset))
                    careful = at(market, moment, ORDINARY, CAREFUL).recommended
                    assert careful in at(market, moment, ORDINARY, LITERAL).listable, (market, moment)


@pytest.mark.parametrize("market", sorted(EU))
def test_in_the_eu_the_newest_reference_asks_for_v2_in_edits_and_recommendations(market: Market) -> None:
    boundary = start_of(date(2026, 10, 1))
    before, after = (at(market, moment, ORDINARY, CAREFUL) for moment in (boundary - SECOND, boundary))
    assert [before.editable, before.recommendable, before.listable] == [BOTH, BOTH, BOTH]
    assert [after.editable, after.recommendable, after.listable] == [NEW, NEW, BOTH]
    assert at(market, boundary, ORDINARY, LITERAL).recommendable == BOTH


def test_what_recommend_needs_in_both_readings() -> None:
    boundary = start_of(date(2024, 6, 30))
    title = {RecommendInput.TITLE}
    careful = [at(Market.US, moment, ORDINARY, CAREFUL).recommend_inputs for moment in (boundary - SECOND, boundary)]
    literal = [at(Market.US, moment, ORDINARY, LITERAL).recommend_inputs for moment in (boundary - SECOND, boundary)]
    assert careful == [title, set(RecommendInput)]
    assert literal == [title, title]
    assert at(Market.US, boundary, ORDINARY, CAREFUL).recommend_minimum == title


def test_ends_and_auto_upgrade() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    found = {market: at(market, now, ORDINARY, CAREFUL) for market in Market}
    assert {market: one.v1_ends for market, one in found.items() if one.v1_ends} == {
        Market.US: date(2024, 9, 16),
        **dict.fromkeys((Market.SG, Market.PH, Market.VN, Market.TH, Market.MY, Market.ID), date(2026, 1, 12)),
    }
    assert at(Market.US, now, ORDINARY, LITERAL).v1_ends == date(2024, 9, 17)
    assert {market: one.auto_upgrade for market, one in found.items() if one.auto_upgrade} == {
        Market.US: date(2024, 10, 8)
    }


def test_notices_end_with_their_last_day() -> None:
    amnesty = NOTICES[0]
    last = start_of(date(2025, 1, 1))
    assert at(Market.US, last - SECOND, ORDINARY, CAREFUL).notices == (amnesty,)
    assert at(Market.US, last, ORDINARY, CAREFUL).notices == ()
    assert [one.source for one in at(Market.GB, last, ORDINARY, CAREFUL).notices] == []
    assert len(at(Market.GB, start_of(date(2025, 10, 13)), ORDINARY, CAREFUL).notices) == 1


@pytest.mark.parametrize(
    ("code", "asked", "ours", "demanded"),
    [
        (12052217, V1, False, V2),
        (12052217, V2, True, V2),
        (12052230, V1, True, V2),
        (12052230, V1, False, None),
        (12052230, V2, True, None),
    ],
)
def test_what_an_answer_demands(
    code: int, asked: CategoryVersion, ours: bool, demanded: CategoryVersion | None
) -> None:
    assert demanded_by(code, asked, id_was_ours=ours) is demanded


def test_an_answer_overrides_every_use() -> None:
    found = category_policy(Market.GB, SellerType.LOCAL, date(2025, 1, 1), V2)
    assert accepted(found) == (frozenset(NEW),) * len(Use)
    assert found.sources[0] == "the platform's own answer to this shop"
