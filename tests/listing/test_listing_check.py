"""TikTok Shop's own check: asked before a creation where a task says so, and by itself without creating anything."""

import pytest

from server.clients.errors import Upstream
from server.clients.tiktok_listing_check import ListingCheck
from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.problems import Severity
from server.services import tiktok_shops
from server.services.listings import Wanted
from server.services.listings.creating import checking
from server.services.listings.creating.check_verdicts import asked, judged
from server.tables import Intent, LeafFacts, Listing, Task, VersionAnswer
from tests.listing.stall import Stall, a_product, codes
from tests.shops.platforms import count

CHECK, CREATE = "Check Product Listing", "Create Product"


async def checked(stall: Stall) -> Task:
    async with stall.deps.database.write() as session:
        started = await checking.start(
            session,
            stall.deps.queue,
            stall.deps.feed,
            **stall.where,
            product_ids=[product.id for product in await stall.products()],
            template_id=None,
            policy=ErrorPolicy.REJECT_FAILED_ROWS,
            started_by="test",
            idempotency_key=None,
            now=stall.deps.clock(),
        )
    assert started.task is not None
    return await stall.played(started.task)


def wrong_price() -> dict[str, object]:
    """We let it pass, since the platform publishes no range of prices; the platform refuses it."""
    return a_product("Golden Candle", variants=[{"price": "99999.00", "sku": "GOLD", "quantity": 5, "weight": 250.0}])


async def test_a_check_creates_nothing_and_tells_what_the_platform_would_say(stall: Stall) -> None:
    await stall.imported(a_product(), a_product("Gift Candle", variants=[]), wrong_price())
    await stall.template()
    task = await checked(stall)
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [
        ("SUCCEEDED", []),
        ("FAILED", ["STOCK_EMPTY", "WEIGHT_FROM_BACKUP"]),
        ("FAILED", ["PRICE_REFUSED"]),
    ]
    assert (stall.calls(CHECK), stall.calls(CREATE)) == (2, 0)
    assert stall.world.tiktok.products == {}
    assert await count(stall.deps, Intent, Listing) == [0, 0]


async def test_only_what_passes_the_check_is_created(stall: Stall) -> None:
    await stall.imported(a_product(), wrong_price())
    await stall.template()
    wanted = Wanted(product_ids=[product.id for product in await stall.products()], check=True)
    task = await stall.played(await stall.wanted(wanted))
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [
        ("SUCCEEDED", []),
        ("FAILED", ["PRICE_REFUSED"]),
    ]
    assert [listing.status for listing in await stall.listings()] == ["IN_REVIEW", "SYNC_FAILED"]
    assert (stall.calls(CHECK), stall.calls(CREATE)) == (2, 1)
    assert await stall.open_intents() == []


async def test_a_check_that_cannot_be_made_is_tried_again(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation=CHECK, code=36009007, first=1)
    await stall.imported(a_product())
    await stall.template()
    task = await checked(stall)
    (item,) = await stall.items(task)
    assert (item.state, codes(item)) == ("SUCCEEDED", [])


OF_TREES = (12052023, 12052024, 12052025, 12052217, 12052230)


@pytest.mark.parametrize("code", OF_TREES)
async def test_a_check_refused_for_a_tree_that_it_was_not_told_of_is_a_warning(stall: Stall, code: int) -> None:
    stall.fault(kind="tiktok", operation=CHECK, code=code)
    await stall.imported(a_product())
    await stall.template()
    (alone,) = await stall.items(await checked(stall))
    wanted = Wanted(product_ids=[product.id for product in await stall.products()], check=True)
    (listed,) = await stall.items(await stall.played(await stall.wanted(wanted)))
    assert [(one.state, one.problems[0]["platform_code"]) for one in (alone, listed)] == [("SUCCEEDED", code)] * 2
    assert alone.problems == listed.problems
    assert [(one["severity"], one["path"]) for one in listed.problems] == [("WARNING", ["category"])]
    assert stall.created() == {(await stall.products())[0].remote_id: 1}
    assert await count(stall.deps, VersionAnswer, LeafFacts) == [0, 1]


@pytest.mark.parametrize(("code", "version"), [(12052217, "v1"), (12052023, "v1"), (12052900, "v2")])
async def test_a_check_refused_for_anything_else_has_failed(stall: Stall, code: int, version: str) -> None:
    stall.fault(kind="tiktok", operation=CHECK, code=code)
    deps = stall.deps
    access = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **stall.where, clock=deps.clock)
    with pytest.raises(Upstream) as refused:
        await asked(deps.tiktok, access, {"title": "Candle"}, CategoryRef("1", CategoryVersion(version)))
    assert refused.value.platform_code == code


@pytest.mark.parametrize(
    ("answer", "version", "told"),
    [
        ({"check_result": "PASS"}, "v2", []),
        ({"check_result": "FAILED"}, "v2", [("LISTING_CHECK_FAILED", (), Severity.ERROR)]),
        (
            {"check_result": "FAILED", "fail_reasons": [{"code": 12099999, "message": "new rule"}]},
            "v2",
            [("PLATFORM_REFUSED", (), Severity.ERROR)],
        ),
        (
            {"check_result": "FAILED", "fail_reasons": [{"code": 12052023, "message": "no such category"}]},
            "v2",
            [("CATEGORY_UNKNOWN", ("category",), Severity.WARNING)],
        ),
        (
            {"check_result": "FAILED", "fail_reasons": [{"code": 12052023, "message": "no such category"}]},
            "v1",
            [("CATEGORY_UNKNOWN", ("category",), Severity.ERROR)],
        ),
        (
            {
                "check_result": "PASS",
                "warnings": {"message": "The brand was cleared."},
                "pre_check_results": [
                    {"pre_check_item": "IMAGE", "pre_check_details": [{"related_fields": ["main_images.0"]}]}
                ],
            },
            "v2",
            [
                ("PLATFORM_NOTICE", (), Severity.WARNING),
                ("PLATFORM_NOTICE", ("main_images", "0"), Severity.WARNING),
            ],
        ),
    ],
)
def test_the_verdict_as_problems(answer: dict[str, object], version: str, told: list[object]) -> None:
    problems = judged(ListingCheck.model_validate(answer), CategoryRef("1", CategoryVersion(version)))
    assert [(one.code, one.path, one.severity) for one in problems] == told


def test_a_code_we_do_not_know_keeps_its_number_and_words() -> None:
    answer = {"check_result": "FAILED", "fail_reasons": [{"code": 12099999, "message": "new rule"}]}
    (problem,) = judged(ListingCheck.model_validate(answer), CategoryRef("1", CategoryVersion.V2))
    assert "new rule" in problem.message
    assert "12099999" in problem.message
