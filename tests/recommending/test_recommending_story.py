"""Recommendations against the sandbox: matches, none, permissions, a platform that is gone, and the merchant's word."""

from typing import Any

import pytest

from server.domain.candidates import CandidateSource, LeafCandidate
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import Source, SourceKind
from server.domain.paging import PageArgs
from server.domain.recommendations import NoProposal, PlatformAnswer
from server.domain.recommendations import RecommendationState as State
from server.domain.recommender import Ground, Reason
from server.kit.errors import Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.services import categories, mappings, recommendations
from server.services.mappings import Wish
from server.services.recommendations import Wanted
from server.tables import Product, Recommendation
from tests.listing.stall import CANDLES, a_product, codes
from tests.recommending.conftest import Advisor

IVORY, ROSE = a_product("Scented Candle in Ivory"), a_product("Scented Candle in Rose")
ODD = a_product("Zzyzx qwrtp", html="<p>Zzyzx.</p>")


def candidates(row: Recommendation) -> list[LeafCandidate]:
    return [LeafCandidate.from_json(one) for one in row.candidates]


async def test_a_match_waits_for_approval_with_its_provenance(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    assert (row.state, row.platform_answer, row.reason) == (State.PENDING, PlatformAnswer.RECOMMENDED, None)
    best = candidates(row)[0]
    assert row.proposed_id == best.place.ref.id
    assert {CandidateSource.TIKTOK} <= {source for one in candidates(row) for source in one.sources}
    assert row.inputs == ["TITLE", "DESCRIPTION", "IMAGE"]
    assert row.request_id
    assert row.tree_fetched_at is not None
    assert advisor.stall.calls("Upload Product Image") == 1
    assert advisor.stall.world.calls.unknown == {}


async def test_a_picture_is_uploaded_once_and_a_second_look_changes_nothing(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    [first] = await advisor.refreshed()
    [again] = await advisor.refreshed()
    assert advisor.stall.calls("Upload Product Image") == 1
    assert (again.id, again.state, again.proposals) == (first.id, State.PENDING, first.proposals)


@pytest.mark.parametrize("code", [12019064, 12052913, 12052912])
async def test_no_match_is_no_failure_and_says_what_to_do(advisor: Advisor, code: int) -> None:
    advisor.stall.world.settings.no_match_code = code
    await advisor.stall.trees()
    await advisor.stall.imported(ODD)
    task = await advisor.stall.played(await advisor.started(wanted=Wanted.ALL))
    [row] = await advisor.known()
    assert (row.state, row.reason) == (State.NONE, NoProposal.NO_MATCH)
    assert (row.platform_answer, row.platform_code) == (PlatformAnswer.NO_MATCH, code)
    assert row.request_id
    [item] = await advisor.stall.items(task)
    assert (item.state, codes(item)) == ("SUCCEEDED", ["NO_CATEGORY_RECOMMENDED"])
    assert "full product name" in item.problems[0]["message"]


async def test_what_needs_an_invitation_is_shown_and_not_proposed(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    leaf = row.proposed_id
    assert leaf is not None
    advisor.stall.world.settings.category_permissions[leaf] = ["INVITE_ONLY"]
    await advisor.stall.trees()
    [row] = await advisor.refreshed()
    shown = {one.place.ref.id: one.place.permissions for one in candidates(row)}
    assert shown[leaf] == ("INVITE_ONLY",)
    assert row.proposed_id != leaf
    assert candidates(row)[-1].place.ref.id == leaf


async def test_a_picture_that_is_broken_does_not_keep_the_others_from_being_used(advisor: Advisor) -> None:
    tiny, good = {"slot": 1, "kind": "jpg", "width": 40, "height": 40}, {"kind": "jpg", "width": 600, "height": 600}
    await advisor.stall.imported(a_product("Scented Candle", images=[tiny, good | {"slot": 2}]))
    [row] = await advisor.refreshed()
    assert row.inputs == ["TITLE", "DESCRIPTION", "IMAGE"]


@pytest.mark.parametrize(
    ("missing", "lacks"),
    [
        ({"images": []}, "usable picture"),
        ({"html": ""}, "description"),
        ({"images": [], "html": ""}, "description and usable picture"),
    ],
)
async def test_what_the_policy_demands_is_looked_at_before_any_call(
    advisor: Advisor, missing: dict[str, Any], lacks: str
) -> None:
    """D10: description and picture since 30 June 2024. Nothing is asked, and it is said what to add."""
    await advisor.stall.trees()
    await advisor.stall.imported(a_product("Scented Candle in Ivory", **missing))
    task = await advisor.stall.played(await advisor.started(wanted=Wanted.ALL))
    [row] = await advisor.known()
    assert (row.state, row.reason) == (State.NONE, NoProposal.INPUT_MISSING)
    assert (row.platform_answer, row.platform_code) == (PlatformAnswer.INPUT_MISSING, None)
    assert row.platform_message == f"Not asked: the product has no {lacks}."
    assert advisor.stall.calls("Recommend Category") == 0
    if "html" in missing:
        assert advisor.stall.calls("Upload Product Image") == 0
    assert candidates(row) != []
    [item] = await advisor.stall.items(task)
    assert (item.state, codes(item)) == ("SUCCEEDED", ["NO_CATEGORY_RECOMMENDED"])
    assert lacks in item.problems[0]["message"]


async def test_a_mapping_is_a_candidate_with_its_own_confidence(advisor: Advisor) -> None:
    """Blend (b): also for a product about which the platform cannot be asked."""
    await advisor.stall.trees()
    await advisor.stall.imported(
        a_product("Zzyzx qwrtp", html="<p>Zzyzx.</p>", product_type="Candles"),
        a_product("Qwrtp", html="", product_type="Candles"),
    )
    async with advisor.deps.database.write() as session:
        wish = Wish(Source(SourceKind.PRODUCT_TYPE, "candles"), CANDLES)
        await mappings.set_one(session, **advisor.stall.where, wish=wish, set_by="test", now=advisor.deps.clock())
    rows = await advisor.refreshed()
    assert [(row.state, row.proposed_id) for row in rows] == [(State.PENDING, CANDLES.id)] * 2
    for row in rows:
        best = candidates(row)[0]
        assert CandidateSource.MAPPING in best.sources
        assert best.probability >= 0.9
        assert best.because[0] == Reason(Ground.MAPPING, example="Candles")


async def test_a_shops_own_threshold_holds_for_its_refreshes(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    async with advisor.deps.database.write() as session:
        await recommendations.set_threshold(session, **advisor.stall.where, threshold=1.0)
    [row] = await advisor.refreshed(threshold=None)
    assert (row.state, row.reason) == (State.NONE, NoProposal.UNSURE)
    [row] = await advisor.refreshed(threshold=0.2)
    assert row.state is State.PENDING
    async with advisor.deps.database.write() as session:
        for wrong in (-0.1, 1.1, float("nan")):
            with pytest.raises(Invalid, match="from 0 to 1"):
                await recommendations.set_threshold(session, **advisor.stall.where, threshold=wrong)
        shop = await recommendations.set_threshold(session, **advisor.stall.where, threshold=None)
    assert recommendations.threshold_of(shop) == 0.3


async def test_a_leaf_of_a_closed_tree_cannot_be_approved(advisor: Advisor) -> None:
    """Also when no such tree is kept, so that nothing else could tell."""
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    old = CategoryRef(row.proposed_id or "", CategoryVersion.V1)
    with pytest.raises(Invalid) as refused:
        await advisor.approved(row, old)
    assert (refused.value.code, refused.value.field) == ("CATEGORY_VERSION_CLOSED", ("ref", "version"))
    [row] = await advisor.known()
    assert row.state is State.PENDING


async def test_recommendations_of_an_unknown_shop_are_not_an_empty_list(advisor: Advisor) -> None:
    async with advisor.deps.database.read() as session:
        with pytest.raises(NotFound) as refused:
            await recommendations.page(
                session, shop_id=advisor.stall.shop.id, tiktok_shop_id=new_id(), args=PageArgs(first=5)
            )
    assert refused.value.field == ("tiktokShopId",)


async def test_advice_in_circles_is_broken(advisor: Advisor) -> None:
    """The platform's advice follows the title, which somebody changes to and fro."""
    await advisor.stall.trees()
    [product] = await advisor.stall.imported(IVORY)
    seen = []
    for title in ("Scented Candle", "Yoga Mat", "Scented Candle", "Scented Candle"):
        async with advisor.deps.database.write() as session:
            row = await session.get(Product, product.id)
            assert row is not None
            row.title = title
        [found] = await advisor.refreshed(threshold=0.0)
        seen.append((found.state, found.reason))
    assert seen == [(State.PENDING, None)] * 2 + [(State.NONE, NoProposal.ADVICE_CYCLE)] * 2
    approved = await advisor.approved(found, CANDLES)
    assert (approved.state, approved.reason) == (State.APPROVED, None)


async def test_without_a_tree_the_platform_speaks_alone(advisor: Advisor) -> None:
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    [one] = candidates(row)
    assert (one.sources, one.probability, row.tree_fetched_at) == ((CandidateSource.TIKTOK,), 0.7, None)


async def test_a_leaf_that_our_tree_lacks_is_added_and_found(advisor: Advisor) -> None:
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    leaf = row.proposed_id
    assert leaf is not None
    await advisor.stall.trees()
    whole = await advisor.category(leaf)
    assert whole is not None
    async with advisor.deps.database.write() as session:
        node = await session.get(type(whole), whole.id)
        assert node is not None
        await session.delete(node)
    [row] = await advisor.refreshed()
    added = await advisor.category(leaf)
    assert added is not None
    assert (added.path, added.is_leaf, added.level) == (whole.path, True, whole.level)
    async with advisor.deps.database.read() as session:
        page = await categories.page(
            session,
            shop_id=advisor.stall.shop.id,
            tiktok_shop_id=advisor.stall.tiktok_shop.id,
            version=CategoryVersion.V2,
            search=" ".join(whole.path),
            leaves_only=True,
            args=PageArgs(first=50),
        )
    assert leaf in [node.remote_id for node in page.nodes]


async def test_an_approval_teaches_at_once(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(ODD, a_product("Zzyzx qwrtp blue", html="<p>Zzyzx.</p>"))
    first, second = await advisor.refreshed()
    assert [first.state, second.state] == [State.NONE] * 2
    approved = await advisor.approved(first, CANDLES)
    assert (approved.state, approved.chosen_id) == (State.APPROVED, CANDLES.id)
    first, second = await advisor.refreshed()
    assert (first.state, first.proposed_id) == (State.APPROVED, CANDLES.id)
    best = candidates(second)[0]
    assert (best.place.ref, CandidateSource.MEMORY in best.sources) == (CANDLES, True)
    await advisor.rejected(first)
    _, second = await advisor.refreshed()
    assert all(CandidateSource.MEMORY not in one.sources for one in candidates(second))


async def test_deciding_twice_changes_nothing(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(IVORY)
    [row] = await advisor.refreshed()
    once = await advisor.approved(row)
    again = await advisor.approved(row)
    assert (once.chosen_id, once.decided_at) == (again.chosen_id, again.decided_at)
    assert once.chosen_id == row.proposed_id
    refused = await advisor.rejected(row)
    assert (refused.state, refused.chosen_id) == (State.REJECTED, None)
    assert (await advisor.rejected(row)).decided_at == refused.decided_at
    [row] = await advisor.refreshed(threshold=0.0)
    assert row.proposed_id != once.chosen_id


async def test_what_cannot_be_approved(advisor: Advisor) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(ODD)
    [row] = await advisor.refreshed()
    with pytest.raises(Invalid, match="name the category"):
        await advisor.approved(row)
    with pytest.raises(NotFound):
        await advisor.approved(row, CategoryRef("1", CategoryVersion.V2))
    node = await advisor.category(CANDLES.id)
    assert node is not None
    assert node.parent_remote_id is not None
    with pytest.raises(Invalid, match="leaf"):
        await advisor.approved(row, CategoryRef(node.parent_remote_id, CategoryVersion.V2))
    with pytest.raises(Conflict):
        await advisor.rejected(row)
    [after] = await advisor.known()
    assert (after.state, after.chosen_id, after.decided_at) == (State.NONE, None, None)


async def test_filters(advisor: Advisor) -> None:
    await advisor.stall.trees()
    first, second = await advisor.stall.imported(IVORY, ROSE)
    await advisor.refreshed(first.id)
    assert (await advisor.started(wanted=Wanted.WITHOUT_RECOMMENDATION)).total == 1
    [row] = await advisor.known()
    assert row.product_id == first.id
    assert (await advisor.started(wanted=Wanted.WITHOUT_CATEGORY)).total == 2
    await advisor.approved(row)
    assert (await advisor.started(wanted=Wanted.WITHOUT_CATEGORY)).total == 1
    once = await advisor.started([second.id], key="k")
    assert (await advisor.started([new_id()], key="k")).id == once.id  # what it named may be gone by now
    with pytest.raises(NotFound):
        await advisor.started([first.id, new_id()])
    with pytest.raises(Invalid):
        await advisor.started()
