"""Recommendations when things go wrong: a platform that is gone, workers that die, decisions made meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from server.domain.candidates import CandidateSource, LeafCandidate
from server.domain.recommendations import NoProposal, PlatformAnswer
from server.domain.recommendations import RecommendationState as State
from server.domain.runs import LeaseLost
from server.services import versions
from server.services.recommendations import Wanted, work
from server.tables import Recommendation, TaskChunk
from tests.listing.stall import CANDLES, a_product, codes
from tests.recommending.conftest import Advisor

IVORY, ROSE = a_product("Scented Candle in Ivory"), a_product("Scented Candle in Rose")


def candidates(row: Recommendation) -> list[LeafCandidate]:
    return [LeafCandidate.from_json(one) for one in row.candidates]


async def test_without_the_platform_our_own_ranking_speaks(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY, ROSE)
    await advisor.disconnected()
    rows = await advisor.refreshed(threshold=0.0)
    assert [row.platform_answer for row in rows] == [PlatformAnswer.NOT_AUTHORIZED] * 2
    assert [row.state for row in rows] == [State.PENDING] * 2
    assert {source for row in rows for one in candidates(row) for source in one.sources} == {CandidateSource.TEXT}
    assert advisor.stall.calls("Recommend Category") == 0


async def test_a_quota_that_is_used_up_ends_no_task(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    advisor.stall.fault(kind="tiktok", operation="Recommend Category", code=36009037)
    [row] = await advisor.refreshed(threshold=0.0)
    assert (row.platform_answer, row.state) == (PlatformAnswer.LIMITED, State.PENDING)


async def test_a_platform_that_is_down_is_not_waited_for_long(advisor: Advisor) -> None:
    await advisor.stall.trees()
    amount = 3 * advisor.deps.settings.worker_calls
    await advisor.stall.imported(*(a_product(f"Scented Candle No. {n}") for n in range(amount)))
    advisor.stall.fault(kind="http", path="/product/202309/", status=503, retry_after="60")
    rows = await advisor.refreshed(threshold=0.0)
    assert {(row.platform_answer, row.state) for row in rows} == {(PlatformAnswer.UNREACHABLE, State.PENDING)}
    assert len(rows) == amount
    assert advisor.stall.calls("Recommend Category") <= 2 * advisor.deps.settings.worker_calls


async def test_a_title_that_the_platform_refuses_is_told_and_ranked_by_us(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    advisor.stall.fault(kind="tiktok", operation="Recommend Category", code=12052931, message="Bad format")
    [row] = await advisor.refreshed(threshold=0.0)
    assert (row.platform_answer, row.platform_code, row.state) == (PlatformAnswer.REFUSED, 12052931, State.PENDING)
    assert "Bad format" in row.platform_message


@pytest.mark.parametrize("code", [12052262, 12052266])
async def test_another_language_than_the_markets_is_told_as_such(advisor: Advisor, code: int) -> None:
    """R6: the platform recommends in the language of the seller's market."""
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    advisor.stall.fault(kind="tiktok", operation="Recommend Category", code=code, message="Not in English")
    [row] = await advisor.refreshed(threshold=1.0)
    assert (row.platform_answer, row.platform_code) == (PlatformAnswer.WRONG_LANGUAGE, code)
    assert (row.state, row.reason) == (State.NONE, NoProposal.WRONG_LANGUAGE)
    assert "Not in English" in row.platform_message
    [row] = await advisor.refreshed(threshold=0.0)
    assert (row.state, row.platform_answer) == (State.PENDING, PlatformAnswer.WRONG_LANGUAGE)


async def test_a_tree_that_the_platform_no_longer_takes_is_remembered(advisor: Advisor) -> None:
    await advisor.stall.imported(IVORY)
    advisor.stall.fault(kind="tiktok", operation="Recommend Category", code=12052217)
    await advisor.refreshed()
    async with advisor.deps.database.read() as session:
        told = await versions.answers_of(
            session, shop_id=advisor.stall.shop.id, tiktok_shop_ids=[advisor.stall.tiktok_shop.id]
        )
    assert [(one.code, one.asked_version) for one in told[advisor.stall.tiktok_shop.id]] == [(12052217, "v2")]


async def test_a_worker_that_dies_halfway_leaves_nothing_twice(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease runs out after the calls and before the record: the next worker does the slice again."""
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY, ROSE)
    task = await advisor.started(wanted=Wanted.ALL)
    real, died = work.record, False

    async def dies(*args: Any, **named: Any) -> Any:
        nonlocal died
        if not died:
            died = True
            raise LeaseLost
        return await real(*args, **named)

    monkeypatch.setattr(work, "record", dies)
    await advisor.stall.once(task)
    assert await advisor.known() == []
    assert advisor.stall.calls("Recommend Category") == 2
    async with advisor.deps.database.write() as session:
        for chunk in await session.exec(select(TaskChunk).where(TaskChunk.task_id == task.id)):
            chunk.lease_until = advisor.deps.clock() - timedelta(days=1)
    done = await advisor.stall.played(task)
    assert (done.state, done.succeeded) == ("SUCCEEDED", 2)
    rows = await advisor.known()
    assert [len(row.proposals) for row in rows] == [1, 1]
    assert advisor.stall.calls("Recommend Category") == 4
    assert advisor.stall.calls("Upload Product Image") == len({row.product_id for row in rows})


async def test_a_decision_made_while_the_platform_is_asked_stands(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    real = work.rank

    async def meanwhile(*args: Any, **named: Any) -> Any:
        await advisor.approved(row, CANDLES)
        return await real(*args, **named)

    monkeypatch.setattr(work, "rank", meanwhile)
    task = await advisor.stall.played(await advisor.started(wanted=Wanted.ALL))
    [item] = await advisor.stall.items(task)
    assert (item.state, codes(item)) == ("SKIPPED", ["CATEGORY_DECIDED_MEANWHILE"])
    [row] = await advisor.known()
    assert (row.state, row.chosen_id) == (State.APPROVED, CANDLES.id)
