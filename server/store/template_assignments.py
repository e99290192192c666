"""Which products were given to which template by hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, func, select

from server.domain.paging import Page, PageArgs
from server.kit.ids import new_id
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Product, TemplateAssignment

_OF_PRODUCTS = text("""
SELECT product_id, template_id FROM template_assignment
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND product_id = ANY(CAST(:product_ids AS uuid[]))
""")


async def of_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """The template that each product was given to, by product; one that was not is not in it. Any number of them."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "product_ids": list(product_ids)}
    return {row.product_id: row.template_id for row in await connection.execute(_OF_PRODUCTS, values)}


async def counts(session: Session, *, shop_id: UUID, template_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many products were given to each template; one with none is not in it."""
    statement = (
        select(TemplateAssignment.template_id, func.count())
        .where(TemplateAssignment.shop_id == shop_id, col(TemplateAssignment.template_id).in_(template_ids))
        .group_by(col(TemplateAssignment.template_id))
    )
    return dict((await session.exec(statement)).all())


async def page(session: Session, *, shop_id: UUID, template_id: UUID, args: PageArgs) -> Page[Product]:
    """The products given to a template, in the order they came to the store."""
    statement = (
        select(Product)
        .join(TemplateAssignment, col(TemplateAssignment.product_id) == col(Product.id))
        .where(
            TemplateAssignment.shop_id == shop_id,
            TemplateAssignment.template_id == template_id,
            Product.shop_id == shop_id,
            col(Product.deleted_at).is_(None),
        )
    )
    return await paginate(session, statement, keys=(col(Product.id),), args=args)


_ASSIGN = text("""
INSERT INTO template_assignment (id, shop_id, tiktok_shop_id, product_id, template_id, assigned_at, assigned_by)
SELECT new.row_id, :shop_id, :tiktok_shop_id, product.id, :template_id, :now, :assigned_by
FROM unnest(CAST(:row_ids AS uuid[]), CAST(:product_ids AS uuid[])) AS new(row_id, product_id)
JOIN product ON product.id = new.product_id AND product.shop_id = :shop_id AND product.deleted_at IS NULL
ORDER BY product.id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    template_id = excluded.template_id, assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by
WHERE template_assignment.template_id <> excluded.template_id
RETURNING product_id
""")


async def assign(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_id: UUID,
    product_ids: Sequence[UUID],
    assigned_by: str,
    now: datetime,
) -> set[UUID]:
    """Give products to a template, in place of any other, in one statement; those that were not its own before."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "template_id": template_id,
        "row_ids": [new_id() for _ in product_ids],
        "product_ids": list(product_ids),
        "now": now,
        "assigned_by": assigned_by,
    }
    connection = await session.connection()
    return {row.product_id for row in await connection.execute(_ASSIGN, values)}


async def unassign(session: Session, *, shop_id: UUID, template_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Take products from a template; those that were given to it."""
    statement = (
        delete(TemplateAssignment)
        .where(
            col(TemplateAssignment.shop_id) == shop_id,
            col(TemplateAssignment.template_id) == template_id,
            col(TemplateAssignment.product_id).in_(product_ids),
        )
        .returning(col(TemplateAssignment.product_id))
    )
    return set((await session.exec(statement)).scalars())
