"""A product's own settings in a TikTok shop: they go before its template, its blocks and the shop's defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef
from server.domain.history import ChangeCause
from server.domain.json_reading import Faults
from server.domain.overrides import override_from_json, override_to_json
from server.kit.errors import AppError, Invalid, NotFound
from server.services import tiktok_shops
from server.services.listings.editing import marking
from server.services.recommendations import teaching
from server.services.recommendations.teaching import ChoiceSource, Confirmed
from server.services.templates.checking import category_faults
from server.services.templates.drafts import KEEP, Kept, TemplateInvalid
from server.services.templates.naming_files import override_faults
from server.services.templates.own_history import Own, decided, own_of
from server.store import overrides as store
from server.store.overrides import NewOverride
from server.store.session import Session
from server.tables import ProductOverride

MAX_ROWS = 250


@dataclass(frozen=True, slots=True)
class OverrideWish:
    """What one product shall have of its own; what is not given stays, null forgets a part or the category.

    ``content`` is JSON as ``domain.overrides`` reads it.
    """

    product_id: UUID
    category: CategoryRef | Literal[Kept.KEEP] | None = KEEP
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OverrideOutcome:
    """What became of one wish: the override as it stands (None when nothing is left of it), or why not.

    Done with errors: under IGNORE_FAILED, all but the parts that they name.
    """

    product_id: UUID
    done: bool
    override: ProductOverride | None = None
    errors: tuple[AppError, ...] = ()


async def set_many(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wishes: Sequence[OverrideWish],
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    actor: str,
    now: datetime,
) -> list[OverrideOutcome]:
    """Write overrides, answered row by row; a row's errors name their fields below ``input``.

    Each is laid over what the product has at this moment; one of which nothing is left is forgotten. Under
    REJECT_EVERYTHING one fault keeps all as they were; under IGNORE_FAILED a row goes without its parts at fault.
    """
    if not 1 <= len(wishes) <= MAX_ROWS:
        raise Invalid(f"Give 1 to {MAX_ROWS} overrides at once.", field=("input", "overrides"))
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ids = [wish.product_id for wish in wishes]
    there = await store.hold_products(session, shop_id=shop_id, product_ids=list(set(ids)))
    known = await store.by_products(session, **where, product_ids=ids)
    before = own_of(known)
    rows, errors = await _judged(session, shop_id, tiktok_shop_id, wishes, known, there)
    told = errors
    while policy is ErrorPolicy.IGNORE_FAILED and (fewer := _without_faulty(wishes, errors)) != list(wishes):
        rows, errors = await _judged(session, shop_id, tiktok_shop_id, fewer, known, there)
        changed_rows = [now is not before for now, before in zip(fewer, wishes, strict=True)]
        told = [
            (*first, *found) if changed else first
            for first, found, changed in zip(told, errors, changed_rows, strict=True)
        ]
        wishes = fewer
    if any(errors) and policy is ErrorPolicy.REJECT_EVERYTHING:
        return [OverrideOutcome(one, False, None, found) for one, found in zip(ids, errors, strict=True)]
    good = [row for row, found in zip(rows, errors, strict=True) if not found]
    done = await _write(session, shop_id, tiktok_shop_id, good, actor, now)
    await follow_up(session, **where, before=before, rows=done, actor=actor, now=now)
    after = await store.by_products(session, **where, product_ids=[row.product_id for row in good])
    return [
        OverrideOutcome(one, not found, None if found else after.get(one), first)
        for one, found, first in zip(ids, errors, told, strict=True)
    ]


async def set_one(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, wish: OverrideWish, actor: str, now: datetime
) -> ProductOverride | None:
    """The same for one product; raises the error of its row, ``TemplateInvalid`` when it holds several."""
    [outcome] = await set_many(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, wishes=[wish], actor=actor, now=now
    )
    for error in outcome.errors:
        if len(outcome.errors) == 1 or _part(error) == "category":
            raise error
    if outcome.errors:
        raise TemplateInvalid([(error.field[2:], error.message) for error in outcome.errors])
    return outcome.override


async def by_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, ProductOverride]:
    """Overrides by product; for loaders."""
    return await store.by_products(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=product_ids)


def _merged(wish: OverrideWish, row: ProductOverride | None) -> NewOverride:
    before: Mapping[str, Any] = row.content if row is not None else {}
    content = {name: value for name, value in {**before, **wish.content}.items() if value is not None}
    if wish.category is not KEEP:
        return NewOverride(wish.product_id, wish.category, content)
    if row is None or row.category_id is None or row.category_version is None:
        return NewOverride(wish.product_id, None, content)
    return NewOverride(wish.product_id, CategoryRef(row.category_id, row.category_version), content)


async def _judged(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wishes: Sequence[OverrideWish],
    known: Mapping[UUID, ProductOverride],
    there: set[UUID],
) -> tuple[list[NewOverride], list[tuple[AppError, ...]]]:
    """The overrides that the wishes would make, and what is wrong with each."""
    rows = [_merged(wish, known.get(wish.product_id)) for wish in wishes]
    errors = await _faults(session, shop_id, tiktok_shop_id, wishes, rows, there)
    return rows, await _with_files(session, shop_id, rows, known, errors)


def _without_faulty(wishes: Sequence[OverrideWish], errors: Sequence[Sequence[AppError]]) -> list[OverrideWish]:
    """The wishes without the parts that errors name; as it was where they name something else, or nothing is left."""
    return [_reduced(wish, found) if found else wish for wish, found in zip(wishes, errors, strict=True)]


def _reduced(wish: OverrideWish, errors: Sequence[AppError]) -> OverrideWish:
    parts = {_part(error) for error in errors}
    category = KEEP if "category" in parts else wish.category
    content = {name: value for name, value in wish.content.items() if name not in parts}
    if not parts <= {"category", *wish.content} or (category is KEEP and not content):
        return wish
    return replace(wish, category=category, content=content)


def _part(error: AppError) -> str:
    """The part of a row that an error names; a part is a field of the row."""
    path = tuple(error.field[1:])
    if path[:1] == ("content",) and len(path) > 1:
        return path[1]
    return path[0] if path else ""


async def _faults(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wishes: Sequence[OverrideWish],
    rows: Sequence[NewOverride],
    there: set[UUID],
) -> list[tuple[AppError, ...]]:
    refs = [wish.category for wish in wishes if isinstance(wish.category, CategoryRef)]
    wrong = await category_faults(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)
    found: list[tuple[AppError, ...]] = []
    seen: set[UUID] = set()
    for wish, row in zip(wishes, rows, strict=True):
        if wish.product_id not in there:
            found.append((no_product("input", "productId"),))
        elif wish.product_id in seen:
            found.append((Invalid("This product stands here twice.", field=("input", "productId")),))
        else:
            fault = wrong.get(wish.category) if isinstance(wish.category, CategoryRef) else None
            found.append((*((fault,) if fault else ()), *_content_faults(row)))
        seen.add(wish.product_id)
    return found


def _content_faults(row: NewOverride) -> tuple[AppError, ...]:
    return _at_content(override_from_json(row.content)[1])


def _at_content(faults: Faults) -> tuple[AppError, ...]:
    return tuple(Invalid(message, field=("input", "content", *path)) for path, message in faults)


async def _with_files(
    session: Session,
    shop_id: UUID,
    rows: Sequence[NewOverride],
    known: Mapping[UUID, ProductOverride],
    errors: Sequence[tuple[AppError, ...]],
) -> list[tuple[AppError, ...]]:
    """The errors, and for rows without any those of the stored files that they name."""
    good = [row for row, found in zip(rows, errors, strict=True) if not found]
    before = [known[row.product_id].content if row.product_id in known else {} for row in good]
    read = [override_from_json(row.content)[0] for row in good]
    faults = await override_faults(session, shop_id=shop_id, changes=list(zip(read, before, strict=True)))
    told = iter([_at_content(one) for one in faults])
    return [found or next(told) for found in errors]


async def _write(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, rows: Sequence[NewOverride], actor: str, now: datetime
) -> list[NewOverride]:
    """Overrides of which something is left, and the others gone; those that changed, as they stand now."""
    read = [
        NewOverride(row.product_id, row.category, override_to_json(override_from_json(row.content)[0])) for row in rows
    ]
    kept = [row for row in read if row.category is not None or row.content]
    gone = [row.product_id for row in read if row.category is None and not row.content]
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    changed: set[UUID] = set()
    if kept:
        changed |= await store.upsert(session, **where, overrides=kept, updated_by=actor, now=now)
    if gone:
        changed |= await store.remove(session, **where, product_ids=gone)
    return [row for row in read if row.product_id in changed]


async def follow_up(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    before: Mapping[UUID, Own],
    rows: Sequence[NewOverride],
    actor: str,
    now: datetime,
) -> None:
    """What comes of overrides that changed, as they stand now.

    A category of a product's own says where it belongs (capability N10); one that is taken away says it no longer. What
    is on TikTok Shop already shall say it too, by itself: a merchant spoke of these very products. Their listings'
    histories tell what it was ``before``, what it is now, and by whose word.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    taken = [row.product_id for row in rows if row.category is None]
    said = [Confirmed(row.product_id, row.category, ChoiceSource.EDIT) for row in rows if row.category is not None]
    await teaching.forget(session, **where, product_ids=taken, sources=[ChoiceSource.EDIT])
    await teaching.learn(session, **where, choices=said, by=actor, now=now)
    changed = sorted({row.product_id for row in rows})
    await decided(session, **where, before=before, rows=rows, actor=actor, now=now)
    await marking.mark(session, **where, product_ids=changed, cause=ChangeCause.MERCHANT, actor=actor, now=now)


def no_product(*field: str) -> NotFound:
    """The refusal of a product that the shop does not have."""
    return NotFound("There is no such product in this shop (any more).", field=field)
