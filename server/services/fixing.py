"""One failed item mended and tried again in one go (capability N5): the patch, where it is kept, and the retry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.patching import laid_over
from server.domain.problems import Problem, Severity
from server.domain.remedies import FixLayer
from server.domain.tasks import ItemState, TaskKind
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.services import tasks
from server.services.listings.editing.preparing import listed_variants
from server.services.listings.editing.setting import templates_of
from server.services.listings.rows import as_template
from server.services.retry_asks import grouped, takers
from server.services.retrying import Bench, Name, RetryFilter, opened_before, retry
from server.services.templates import KEEP, TemplatePatch, overriding, update
from server.services.templates.defaults import set_defaults
from server.services.templates.drafts import Kept
from server.services.templates.overriding import OverrideWish
from server.services.templates.sending import sent_as
from server.services.templates.writing import locked
from server.store import listings, overrides, shop_defaults
from server.store import retrying as store
from server.store import templates as template_rows
from server.store.retrying import FailedItem
from server.tables import Task

MENDABLE = (TaskKind.LISTING, TaskKind.CHECK, TaskKind.EDIT, TaskKind.RECOMMENDATION)
"""Kinds whose items fail by what a product is sent as; others can only be tried again."""

OF_PRODUCTS = frozenset({"title", "description", "pictures", "variants"})
"""Parts that only a product can have of its own."""


@dataclass(frozen=True, slots=True)
class Fix:
    """``content`` is JSON as ``domain.overrides`` reads it; its fields are named below ``("input", "patch")``."""

    layer: FixLayer
    category: CategoryRef | Literal[Kept.KEEP] | None = KEEP
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """The product's newest failure; ``template_id`` is what it is tried again with.

    ``listed`` are the variants that an edit finds on TikTok Shop; of what is listed or checked there are none.
    """

    product_id: UUID
    tiktok_shop_id: UUID
    template_id: UUID | None
    listed: frozenset[str] | None = None


async def fix_and_retry(bench: Bench, *, item_id: UUID, fix: Fix, idempotency_key: str | None) -> Task:
    """Write the patch to its layer and try only this item again, as a task of its own.

    The patch is laid over what the layer says (``domain.patching``). ``Invalid`` names the field that breaks a rule,
    or tells what the product would still fail with when the patch mends none of it; then nothing is changed and
    nothing is started. The same key gives the same task.
    """
    before = await opened_before(bench, idempotency_key)
    if before:
        return before[0]
    case = await _case(bench, item_id)
    was = await _errors(bench, case)
    try:
        await _apply(bench, case, fix)
    except AppError as error:
        for one in (error, *getattr(error, "faults", ())):
            one.field = _placed(one.field)
        raise
    _must_help(was, await _errors(bench, case))
    (task,) = await retry(bench, ids=[Name(False, item_id)], idempotency_key=idempotency_key)
    return task


async def _case(bench: Bench, item_id: UUID) -> _Case:
    field = ("input", "itemId")
    items = await tasks.items_by_ids(bench.session, shop_id=bench.shop_id, ids=[item_id])
    if item_id not in items:
        raise NotFound("There is no such task item in this shop.", field=field)
    if items[item_id].state is not ItemState.FAILED:
        raise Conflict("Only an item that failed can be mended and tried again.", field=field)
    wanted = RetryFilter(item_ids=[item_id], kinds=MENDABLE)
    found = await store.failed(bench.session, shop_id=bench.shop_id, wanted=wanted)
    if not found:
        message = "Its product was worked on since, or the task's kind has nothing to mend. Look at its newest item."
        raise Conflict(message, field=field)
    return await _case_of(bench, found[0])


async def _case_of(bench: Bench, item: FailedItem) -> _Case:
    """With the template that the retry takes: edits go by the listing's, everything else as ``retry`` asks."""
    shop_id, product_id = bench.shop_id, item.product_id
    where = {"shop_id": shop_id, "tiktok_shop_id": item.tiktok_shop_id}
    if item.kind is TaskKind.EDIT:
        row = (await listings.by_products(bench.session, **where, product_ids=[product_id]))[product_id]
        listed_with = {product_id: row.template_id}
        taken = await templates_of(bench.session, **where, listed_with=listed_with, now=bench.now)
        return _Case(product_id, item.tiktok_shop_id, taken.get(product_id), listed_variants(row))
    (ask,) = await grouped(bench.session, shop_id=shop_id, items=[item])
    taken = await takers(bench.session, shop_id=shop_id, ask=ask, product_ids=[product_id])
    return _Case(product_id, item.tiktok_shop_id, taken.get(product_id))


async def _errors(bench: Bench, case: _Case) -> dict[tuple[str, ...], str]:
    """What keeps the product from being listed now, as the worker would find it: messages by code and place."""
    ids = [case.template_id] if case.template_id is not None else []
    rows = await template_rows.by_ids(bench.session, shop_id=bench.shop_id, ids=ids)
    slice_ = await sent_as(
        bench.session,
        shop_id=bench.shop_id,
        tiktok_shop_id=case.tiktok_shop_id,
        templates=[as_template(row) for row in rows.values()],
        taken={case.product_id: case.template_id},
        listed={} if case.listed is None else {case.product_id: case.listed},
        now=bench.now,
    )
    return {_key(one): one.message for sent in slice_.products for one in sent.built.problems if _counts(one)}


def _counts(problem: Problem) -> bool:
    """What the platform has still to be asked about is no fault of the patch."""
    return problem.severity is Severity.ERROR and problem.code != "CATEGORY_RULES_UNKNOWN"


def _key(problem: Problem) -> tuple[str, ...]:
    """The same fault of another variant, or told in other words, is the same fault."""
    path = problem.path
    return (problem.code, "variants", *path[2:]) if path[:1] == ("variants",) else (problem.code, *path)


def _must_help(was: Mapping[tuple[str, ...], str], now: Mapping[tuple[str, ...], str]) -> None:
    """A patch may mend one fault of several; one that mends none, or brings new ones, is refused."""
    new = [now[key] for key in sorted(now.keys() - was.keys())]
    if new:
        raise Invalid(f"With this patch the product could not be listed: {' '.join(new)}", field=("input", "patch"))
    if now and now.keys() == was.keys():
        told = " ".join(now[key] for key in sorted(now))
        raise Invalid(f"The patch leaves everything that is wrong: {told}", field=("input", "patch"))


async def _apply(bench: Bench, case: _Case, fix: Fix) -> None:
    match fix.layer:
        case FixLayer.PRODUCT:
            await _to_product(bench, case, fix)
        case FixLayer.TEMPLATE:
            _refuse_own(fix)
            await _to_template(bench, case, fix)
        case FixLayer.SHOP_DEFAULTS:
            _refuse_own(fix)
            await _to_defaults(bench, case, fix)


async def _to_product(bench: Bench, case: _Case, fix: Fix) -> None:
    shop = {"shop_id": bench.shop_id, "tiktok_shop_id": case.tiktok_shop_id}
    await overrides.hold_products(bench.session, shop_id=bench.shop_id, product_ids=[case.product_id])
    rows = await overrides.by_products(bench.session, **shop, product_ids=[case.product_id])
    before = rows[case.product_id].content if case.product_id in rows else {}
    wish = OverrideWish(case.product_id, fix.category, laid_over(before, fix.content))
    await overriding.set_one(bench.session, **shop, wish=wish, actor=bench.started_by, now=bench.now)


async def _to_template(bench: Bench, case: _Case, fix: Fix) -> None:
    if case.template_id is None:
        raise Conflict("No template takes the product: mend the product itself.", field=("input", "layer"))
    row = await locked(bench.session, shop_id=bench.shop_id, template_id=case.template_id)
    await update(
        bench.session,
        shop_id=bench.shop_id,
        template_id=case.template_id,
        patch=TemplatePatch(category=fix.category, content=laid_over(row.content, fix.content)),
        actor=bench.started_by,
        now=bench.now,
    )


async def _to_defaults(bench: Bench, case: _Case, fix: Fix) -> None:
    if fix.category is not KEEP:
        raise Invalid("A shop has no category of its own: say it in the template.", field=("input", "category"))
    shop = {"shop_id": bench.shop_id, "tiktok_shop_id": case.tiktok_shop_id}
    before = await shop_defaults.lock(bench.session, **shop)
    await set_defaults(bench.session, **shop, content=laid_over(before, fix.content))


def _refuse_own(fix: Fix) -> None:
    foreign = sorted(OF_PRODUCTS & fix.content.keys())
    if foreign:
        raise Invalid("Only a product can have this of its own: use the layer PRODUCT.", field=("input", foreign[0]))


def _placed(field: tuple[str, ...]) -> tuple[str, ...]:
    """The path that the caller of the fix knows."""
    if field[:2] == ("input", "layer"):
        return field
    return ("input", "patch", *(part for part in field if part not in ("input", "content")))
