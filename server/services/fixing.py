"""One failed item mended and tried again in one go (mission N5): the patch, where it is kept, and the retry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.problems import Problem, Severity
from server.domain.tasks import ItemState
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.services import tasks
from server.services.listings import starting
from server.services.listings.rows import as_template
from server.services.retrying import REPEATABLE, Bench, RetryFilter, opened_before, retry
from server.services.templates import KEEP, TemplatePatch, overriding, update
from server.services.templates.defaults import set_defaults
from server.services.templates.drafts import Kept
from server.services.templates.overriding import OverrideWish
from server.services.templates.sending import sent_as
from server.store import templates as template_rows
from server.tables import Task, TaskItem

_OWN = frozenset({"title", "description", "pictures", "variants"})
"""Parts that only a product can have of its own."""


class FixLayer(StrEnum):
    """Where a patch is kept, and so for which products it holds."""

    PRODUCT = "PRODUCT"
    TEMPLATE = "TEMPLATE"
    SHOP_DEFAULTS = "SHOP_DEFAULTS"


@dataclass(frozen=True, slots=True)
class Fix:
    """``content`` is JSON as ``domain.overrides`` reads it; its fields are named below ``("input", "patch")``."""

    layer: FixLayer
    category: CategoryRef | Literal[Kept.KEEP] | None = KEEP
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """The item with its task; ``template_id`` takes the product now."""

    item: TaskItem
    task: Task
    tiktok_shop_id: UUID
    template_id: UUID | None


async def fix_and_retry(bench: Bench, *, item_id: UUID, fix: Fix, idempotency_key: str | None) -> Task:
    """Write the patch to its layer and try only this item again, as a task of its own.

    ``Invalid`` names the field of the patch that breaks a rule, or tells what the product would still fail with when
    the patch mends none of it; then nothing is changed and nothing is started. The same key gives the same task.
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
    (task,) = await retry(bench, RetryFilter(item_ids=[item_id]), idempotency_key=idempotency_key)
    return task


async def _case(bench: Bench, item_id: UUID) -> _Case:
    field = ("input", "itemId")
    items = await tasks.items_by_ids(bench.session, shop_id=bench.shop_id, ids=[item_id])
    if item_id not in items:
        raise NotFound("There is no such task item in this shop.", field=field)
    item = items[item_id]
    if item.state is not ItemState.FAILED:
        raise Conflict("Only an item that failed can be mended and tried again.", field=field)
    task = await tasks.get(bench.session, shop_id=bench.shop_id, task_id=item.task_id)
    if task.kind not in REPEATABLE or task.tiktok_shop_id is None:
        raise Conflict("Only items of listings, edits and recommendations can be tried again.", field=field)
    return _Case(item, task, task.tiktok_shop_id, await _template_id(bench, task.tiktok_shop_id, item.subject_id))


async def _template_id(bench: Bench, tiktok_shop_id: UUID, product_id: UUID) -> UUID | None:
    taken = await starting.templates_for(
        bench.session, shop_id=bench.shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=[product_id], forced={}
    )
    return taken[product_id]


async def _errors(bench: Bench, case: _Case) -> set[tuple[str, tuple[str, ...], str]]:
    """What keeps the product from being listed now, as the worker would find it."""
    template_id = await _template_id(bench, case.tiktok_shop_id, case.item.subject_id)
    rows = await template_rows.by_ids(
        bench.session, shop_id=bench.shop_id, ids=[template_id] if template_id is not None else []
    )
    slice_ = await sent_as(
        bench.session,
        shop_id=bench.shop_id,
        tiktok_shop_id=case.tiktok_shop_id,
        templates=[as_template(row) for row in rows.values()],
        taken={case.item.subject_id: template_id},
        now=bench.now,
    )
    return {_key(problem) for sent in slice_.products for problem in sent.built.problems if _counts(problem)}


def _counts(problem: Problem) -> bool:
    """What the platform has still to be asked about is no fault of the patch."""
    return problem.severity is Severity.ERROR and problem.code != "CATEGORY_RULES_UNKNOWN"


def _key(problem: Problem) -> tuple[str, tuple[str, ...], str]:
    return problem.code, problem.path, problem.message


def _must_help(was: set[tuple[str, tuple[str, ...], str]], now: set[tuple[str, tuple[str, ...], str]]) -> None:
    """A patch may mend one fault of several; one that mends none, or brings new ones, is refused."""
    before = {(code, path) for code, path, _ in was}
    new = [message for code, path, message in sorted(now) if (code, path) not in before]
    if new:
        raise Invalid(f"With this patch the product could not be listed: {' '.join(new)}", field=("input", "patch"))
    if now and now >= was:
        told = " ".join(message for _, _, message in sorted(now))
        raise Invalid(f"The patch leaves everything that is wrong: {told}", field=("input", "patch"))


async def _apply(bench: Bench, case: _Case, fix: Fix) -> None:
    shop = {"shop_id": bench.shop_id, "tiktok_shop_id": case.tiktok_shop_id}
    if fix.layer is FixLayer.PRODUCT:
        wish = OverrideWish(case.item.subject_id, fix.category, fix.content)
        await overriding.set_one(bench.session, **shop, wish=wish, actor=bench.started_by, now=bench.now)
        return
    _refuse_own(fix)
    if fix.layer is FixLayer.SHOP_DEFAULTS:
        if fix.category is not KEEP:
            raise Invalid("A shop has no category of its own: say it in the template.", field=("input", "category"))
        await set_defaults(bench.session, **shop, content=fix.content)
        return
    if case.template_id is None:
        raise Conflict("No template takes the product: mend the product itself.", field=("input", "layer"))
    await update(
        bench.session,
        shop_id=bench.shop_id,
        template_id=case.template_id,
        patch=TemplatePatch(category=fix.category, content=fix.content),
        actor=bench.started_by,
        now=bench.now,
    )


def _refuse_own(fix: Fix) -> None:
    foreign = sorted(_OWN & fix.content.keys())
    if foreign:
        raise Invalid("Only a product can have this of its own: use the layer PRODUCT.", field=("input", foreign[0]))


def _placed(field: Sequence[str]) -> tuple[str, ...]:
    """The path that the caller of the fix knows."""
    if field[:2] == ("input", "layer"):
        return tuple(field)
    return ("input", "patch", *(part for part in field if part not in ("input", "content")))
