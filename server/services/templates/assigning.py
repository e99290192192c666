"""Giving products to templates by hand, many at once and answered row by row (capabilities L5, X12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef
from server.domain.history import ChangeCause
from server.domain.paging import Page, PageArgs
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.services.listings.editing import marking
from server.services.recommendations import teaching
from server.services.recommendations.teaching import ChoiceSource, Confirmed
from server.services.templates.reading import unknown
from server.store import products, template_assignments
from server.store import templates as template_rows
from server.store.session import Session
from server.tables import CategoryTemplate, Product

MAX_PRODUCTS = 1_000
_FIELD = ("input", "productIds")


@dataclass(frozen=True, slots=True)
class AssignOutcome:
    """What became of one row: ``before`` is the template that the product was given to until now, if to any.

    Under REJECT_EVERYTHING a row may be neither done nor at fault.
    """

    product_id: UUID
    done: bool
    before: UUID | None = None
    error: AppError | None = None


async def assign(
    session: Session,
    *,
    shop_id: UUID,
    template_id: UUID,
    product_ids: Sequence[UUID],
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    actor: str,
    now: datetime,
) -> list[AssignOutcome]:
    """Give products to a template, in place of any other, whatever the rules say. Row by row, in the rows' order.

    A product that is its own already is done. Under REJECT_EVERYTHING one fault keeps all as they were.
    """
    row = await _held(session, shop_id, template_id)
    there = await products.present(session, shop_id=shop_id, product_ids=list(product_ids))
    errors = _errors(product_ids, there)
    before = await template_assignments.of_products(
        session, shop_id=shop_id, tiktok_shop_id=row.tiktok_shop_id, product_ids=list(there)
    )
    wanted = _wanted(product_ids, errors, policy)
    if wanted:
        await template_assignments.assign(
            session,
            shop_id=shop_id,
            tiktok_shop_id=row.tiktok_shop_id,
            template_id=template_id,
            product_ids=wanted,
            assigned_by=actor,
            now=now,
        )
        await _teach(session, row, wanted, actor, now)
        await _mark(session, row, wanted, actor, now)
    return _outcomes(product_ids, errors, before, done=bool(wanted))


async def unassign(
    session: Session,
    *,
    shop_id: UUID,
    template_id: UUID,
    product_ids: Sequence[UUID],
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    actor: str,
    now: datetime,
) -> list[AssignOutcome]:
    """Take products that were given by hand from a template: from now on the rules decide again. Row by row."""
    row = await _held(session, shop_id, template_id)
    there = await products.present(session, shop_id=shop_id, product_ids=list(product_ids))
    before = await template_assignments.of_products(
        session, shop_id=shop_id, tiktok_shop_id=row.tiktok_shop_id, product_ids=list(there)
    )
    errors = _errors(product_ids, there)
    for at, product_id in enumerate(product_ids):
        if errors[at] is None and before.get(product_id) != template_id:
            message = "The product was not given to this template by hand: if it takes it, its rules do."
            errors[at] = Conflict(message, field=(*_FIELD, str(at)))
    wanted = _wanted(product_ids, errors, policy)
    if wanted:
        await template_assignments.unassign(session, shop_id=shop_id, template_id=template_id, product_ids=wanted)
        where = {"shop_id": shop_id, "tiktok_shop_id": row.tiktok_shop_id}
        await teaching.forget(session, **where, product_ids=wanted, sources=[ChoiceSource.ASSIGNMENT])
        await _mark(session, row, wanted, actor, now)
    return _outcomes(product_ids, errors, before, done=bool(wanted))


async def _mark(
    session: Session, row: CategoryTemplate, product_ids: Sequence[UUID], actor: str, now: datetime
) -> None:
    """What of them is on TikTok Shop is edited with another template from now on."""
    where = {"shop_id": row.shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    await marking.mark(session, **where, product_ids=product_ids, cause=ChangeCause.TEMPLATE, actor=actor, now=now)


async def _teach(
    session: Session, row: CategoryTemplate, product_ids: Sequence[UUID], actor: str, now: datetime
) -> None:
    """Who gives products to a template with a category of its own says where they belong (capability N10)."""
    if row.category_id is None or row.category_version is None:
        return
    ref = CategoryRef(row.category_id, row.category_version)
    choices = [Confirmed(product_id, ref, ChoiceSource.ASSIGNMENT) for product_id in product_ids]
    where = {"shop_id": row.shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    await teaching.learn(session, **where, choices=choices, by=actor, now=now)


async def counts(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many products were given to each template by hand; for loaders."""
    return await template_assignments.counts(session, shop_id=shop_id, template_ids=ids)


async def page(session: Session, *, shop_id: UUID, template_id: UUID, args: PageArgs) -> Page[Product]:
    """The products that were given to a template by hand."""
    return await template_assignments.page(session, shop_id=shop_id, template_id=template_id, args=args)


async def _held(session: Session, shop_id: UUID, template_id: UUID) -> CategoryTemplate:
    """The template, which nobody can remove before the transaction ends."""
    row = await template_rows.hold(session, shop_id=shop_id, template_id=template_id)
    if row is None:
        raise unknown(("input", "templateId"))
    return row


def _errors(product_ids: Sequence[UUID], there: set[UUID]) -> list[AppError | None]:
    if not 1 <= len(product_ids) <= MAX_PRODUCTS:
        raise Invalid(f"Name 1 to {MAX_PRODUCTS:,} products at once.", field=_FIELD)
    found: list[AppError | None] = []
    seen: set[UUID] = set()
    for at, product_id in enumerate(product_ids):
        field = (*_FIELD, str(at))
        if product_id not in there:
            found.append(NotFound("There is no such product in this shop (any more).", field=field))
        elif product_id in seen:
            found.append(Invalid("This product stands here twice.", field=field))
        else:
            found.append(None)
        seen.add(product_id)
    return found


def _wanted(product_ids: Sequence[UUID], errors: Sequence[AppError | None], policy: ErrorPolicy) -> list[UUID]:
    """The rows that are to be done."""
    if any(errors) and policy is ErrorPolicy.REJECT_EVERYTHING:
        return []
    return [product_id for product_id, error in zip(product_ids, errors, strict=True) if error is None]


def _outcomes(
    product_ids: Sequence[UUID], errors: Sequence[AppError | None], before: Mapping[UUID, UUID], *, done: bool
) -> list[AssignOutcome]:
    return [
        AssignOutcome(product_id, done and error is None, before.get(product_id), error)
        for product_id, error in zip(product_ids, errors, strict=True)
    ]
