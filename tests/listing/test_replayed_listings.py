"""Everything that led to a listing or kept it from being one is made again: template, category, policy, answers."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from sandbox.shopify.changes import change_product
from server.clients import tiktok_codes
from server.clients.verdicts import UpstreamKind, Verdict
from server.domain.categories import CategoryVersion
from server.domain.category_choices import CategoryChoice, CategorySource
from server.domain.drafting import complete
from server.domain.drafts import Built
from server.domain.mappings import Source, SourceKind
from server.domain.tasks import ItemState
from server.services import mappings, templates
from server.services.listings.creating import preparing
from server.services.listings.creating.choosing import Wanted
from server.services.listings.creating.framing import terms_of
from server.services.listings.replay import competing, remaking
from server.services.listings.replay.decisions import SHAPE
from server.services.listings.replay.replaying import Replayed, Unreadable, replay
from server.services.retrying import Name
from server.services.templates import TemplateDraft, assigning
from server.tables import CategoryTemplate, Task
from tests.listing.stall import CANDLES, CONTENT, Stall, a_product
from tests.listing.test_replay import differing
from tests.listing.test_retrying import again

PRICE_REFUSED = 12052570
RED = {"rules": {"match": "ALL", "conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "red"}]}}


async def page(stall: Stall, task: Task) -> list[Replayed | Unreadable]:
    async with stall.deps.database.read() as session:
        return await replay(session, shop_id=stall.shop.id, task_id=task.id, after=None, amount=50)


async def written(stall: Stall, statement: str) -> None:
    async with stall.deps.database.write() as session:
        await (await session.connection()).execute(text(statement))


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE decision SET shape = 1",
        "UPDATE decision SET product = '\\x00'",
        "UPDATE decision SET outcome = '\\x00'",
        "UPDATE decision_frame SET body = '\\x00'",
    ],
)
async def test_what_cannot_be_read_any_more_is_told(stall: Stall, broken: str) -> None:
    task = await stall.listed(a_product())
    await written(stall, broken)
    (found,) = await page(stall, task)
    assert isinstance(found, Unreadable)
    assert found.shape == (1 if "shape" in broken else SHAPE)


async def test_versions_of_the_inputs_are_kept(stall: Stall) -> None:
    await stall.trees()
    task = await stall.listed(a_product())
    (found,) = await page(stall, task)
    assert isinstance(found, Replayed)
    common = found.common
    assert common.template is not None
    assert (common.template.name, common.template.revision) == ("Everything", 1)
    assert (common.place.category, common.place.source) == (CANDLES, CategorySource.DEFAULT_TEMPLATE)
    assert common.tree_read_at is not None
    now = stall.deps.clock()
    assert (common.tree_read_at.date(), common.terms.day) == (now.date(), now.date())


async def test_pictures_and_the_answer_are_judged_again(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another meaning of TikTok's code shows, and another way with pictures."""
    stall.fault(kind="tiktok", operation="Create Product", code=PRICE_REFUSED, message="price out of range", first=1)
    task = await stall.listed(a_product())
    assert (await stall.items(task))[0].state is ItemState.FAILED
    assert await differing(stall, task) == {"Beeswax Candle in Ivory": {}}
    busy = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")
    table = {**tiktok_codes.TIKTOK_CODES, PRICE_REFUSED: busy}
    monkeypatch.setattr("server.clients.errors.TIKTOK_CODES", table)
    found = (await differing(stall, task))["Beeswax Candle in Ivory"]
    assert found["ending.kind"] == ("MERCHANT_MUST_FIX", "RETRYABLE")
    assert found["ending.problems.0.code"][1] == "PLATFORM_BUSY"
    monkeypatch.undo()

    def without_pictures(built: Built, shelf: Any) -> Built:
        done = complete(built, shelf)
        return replace(done, draft=done.draft and replace(done.draft, pictures=()))

    monkeypatch.setattr(remaking, "complete", without_pictures)
    assert [*(await differing(stall, task))["Beeswax Candle in Ivory"]] == ["completed.draft.pictures.0"]


async def test_what_was_made_was_made(stall: Stall) -> None:
    task = await stall.listed(a_product())
    assert (await stall.items(task))[0].state is ItemState.SUCCEEDED
    assert await differing(stall, task) == {"Beeswax Candle in Ivory": {}}


async def test_no_template_is_a_decision_too(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    (product,) = await stall.imported(a_product())
    task = await stall.played(await stall.started([product.id]))
    assert (await stall.items(task))[0].state is ItemState.FAILED
    assert await differing(stall, task) == {"Beeswax Candle in Ivory": {}}
    monkeypatch.setattr(preparing, "NO_TEMPLATE", replace(preparing.NO_TEMPLATE, message="Nobody takes it."))
    assert [*(await differing(stall, task))["Beeswax Candle in Ivory"]] == ["problems.0.message"]


async def test_the_order_of_precedence_is_gone_through_again(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    await stall.trees()
    await stall.imported(a_product(product_type="Candles"))
    async with stall.deps.database.write() as session:
        source = Source(SourceKind.PRODUCT_TYPE, "candles")
        wish = mappings.Wish(source, CANDLES)
        await mappings.set_one(session, **stall.where, wish=wish, set_by="user:1", now=stall.deps.clock())
    task = await stall.played(await stall.activated(await stall.template(category=None)))
    async with stall.deps.database.write() as session:
        await (await session.connection()).execute(text("DELETE FROM category_mapping"))
    assert await differing(stall, task) == {"Beeswax Candle in Ivory": {}}
    monkeypatch.setattr(
        remaking,
        "choose_category",
        lambda _taken, automatic, *_: CategoryChoice(
            automatic.mapped.ref, CategorySource.APPROVAL, automatic.mapped.because
        ),
    )
    assert await differing(stall, task) == {"Beeswax Candle in Ivory": {"category.source": ("MAPPING", "APPROVAL")}}


async def test_the_policy_of_the_day_is_asked_again(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await stall.listed(a_product())

    def stricter(*said: Any) -> Any:
        return replace(terms_of(*said), listable=frozenset({CategoryVersion.V1}))

    monkeypatch.setattr(remaking, "terms_of", stricter)
    found = (await differing(stall, task))["Beeswax Candle in Ivory"]
    assert found["terms.listable.0"][1] == "v1"
    assert [one["code"] for path, (_, one) in found.items() if path == "problems.0"] == ["CATEGORY_VERSION_CLOSED"]


async def rivals(stall: Stall) -> Wanted:
    """Two products that cannot be listed for want of pictures; a template of rules takes one, the default the other."""
    await stall.imported(a_product("A red candle", images=[]), a_product("A blue candle", images=[]))
    await stall.template()
    shop_id, tiktok_shop_id, now = stall.shop.id, stall.tiktok_shop.id, stall.deps.clock()
    async with stall.deps.database.write() as session:
        draft = TemplateDraft("Red ones", CANDLES, CONTENT | RED)
        await templates.create(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, draft=draft, now=now)
    return Wanted([one.id for one in await stall.products()])


async def test_templates_compete_again(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they were when the task began, whether it was the first or tried failures again."""
    first = await stall.played(await stall.wanted(await rivals(stall)))
    (second,) = await again(stall, [Name(is_task=True, id=first.id)])
    await stall.played(second)
    await written(stall, "UPDATE category_template SET content = content - 'rules'")
    for task in (first, second):
        assert await differing(stall, task) == {"A red candle": {}, "A blue candle": {}}
    monkeypatch.setattr(competing, "choose", lambda *_: None)
    for task in (first, second):
        found = await differing(stall, task)
        assert {title: [*one] for title, one in found.items()} == {
            "A blue candle": ["template"],
            "A red candle": ["template"],
        }
        then, now = found["A red candle"]["template"]
        assert (then[:10], now) == ("Red ones (", None)


async def judged(stall: Stall, task: Task, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Products whose template is looked for again: a rule by which none takes any shows."""
    monkeypatch.setattr(competing, "choose", lambda *_: None)
    return {title for title, found in (await differing(stall, task)).items() if "template" in found}


async def test_what_was_read_after_the_start_does_not_compete(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The template was settled of what we knew, also when the store had changed the product by then."""
    wanted = await rivals(stall)
    change_product(stall.world, "a-red-candle", {"title": "A green candle"})
    stall.world.clock.advance(60)
    task = await stall.wanted(wanted)
    stall.world.clock.advance(60)
    await stall.imported()
    await stall.played(task)
    assert await differing(stall, task) == {"A green candle": {}, "A blue candle": {}}
    assert await judged(stall, task, monkeypatch) == {"A blue candle"}


async def test_what_an_export_brings_after_the_start_does_not_compete(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells how products were when it began: that may be before the start."""
    wanted = await rivals(stall)
    monkeypatch.setattr("workers.imports.PAGES_UP_TO", 0)
    monkeypatch.setattr("workers.exports._LOOKS", (0.0,))
    stall.world.settings.bulk_operation = "after 60s"
    change_product(stall.world, "a-red-candle", {"title": "A green candle"})
    importing = await stall.importing()
    assert not (await stall.once(importing)).state.is_final
    stall.world.clock.advance(30)
    task = await stall.wanted(wanted)
    await stall.played(importing)
    assert {row.imported_at < task.created_at for row in await stall.products()} == {True}
    await stall.played(task)
    assert await differing(stall, task) == {"A green candle": {}, "A blue candle": {}}
    assert await judged(stall, task, monkeypatch) == {"A blue candle"}


async def test_a_template_that_was_deleted_before_the_turn_took_the_product(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await stall.wanted(await rivals(stall))
    async with stall.deps.database.write() as session:
        (red,) = (await session.exec(select(CategoryTemplate).where(CategoryTemplate.name == "Red ones"))).all()
        await templates.delete(session, shop_id=stall.shop.id, template_id=red.id, now=stall.deps.clock())
    await stall.played(task)
    assert await differing(stall, task) == {"A red candle": {}, "A blue candle": {}}
    assert await judged(stall, task, monkeypatch) == {"A red candle", "A blue candle"}


@pytest.mark.parametrize("later", [False, True], ids=["unassigned", "assigned"])
async def test_assignments_count_as_they_were_at_the_start(stall: Stall, later: bool) -> None:
    """One that is taken back before the turn took the product; one that is made by then did not."""
    wanted = await rivals(stall)
    blue = next(one.id for one in await stall.products() if one.title == "A blue candle")
    red = {"shop_id": stall.shop.id, "product_ids": [blue], "actor": "user:1"}

    async def move(moved: Any) -> None:
        async with stall.deps.database.write() as session:
            (row,) = (await session.exec(select(CategoryTemplate).where(CategoryTemplate.name == "Red ones"))).all()
            await moved(session, template_id=row.id, now=stall.deps.clock(), **red)

    if not later:
        await move(assigning.assign)
    task = await stall.wanted(wanted)
    await move(assigning.assign if later else assigning.unassign)
    await stall.played(task)
    assert await differing(stall, task) == {"A red candle": {}, "A blue candle": {}}
