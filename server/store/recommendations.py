"""Recommendations: written by the slice in one statement, read by product, by state and by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.paging import Page, PageArgs
from server.domain.recommendations import RecommendationState
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Recommendation

_SAVE = text("""
INSERT INTO recommendation (id, shop_id, tiktok_shop_id, product_id, state, reason, version, candidates, proposed_id,
                            proposals, rejected, asked_at, tree_fetched_at, platform_answer, platform_code,
                            platform_message, request_id, inputs, decided_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.state, new.reason, new.version, new.candidates,
       new.proposed_id, new.proposals, '[]', :now, new.tree_fetched_at, new.platform_answer, new.platform_code,
       new.platform_message, new.request_id, new.inputs, new.decided_before
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, product_id uuid, state text, reason text, version text, candidates jsonb, proposed_id text,
    proposals jsonb, tree_fetched_at timestamptz, platform_answer text, platform_code bigint, platform_message text,
    request_id text, inputs jsonb, decided_before timestamptz)
JOIN product ON product.id = new.product_id AND product.shop_id = :shop_id
ORDER BY new.product_id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    state = excluded.state, reason = excluded.reason, version = excluded.version, candidates = excluded.candidates,
    proposed_id = excluded.proposed_id, proposals = excluded.proposals, asked_at = excluded.asked_at,
    tree_fetched_at = excluded.tree_fetched_at, platform_answer = excluded.platform_answer,
    platform_code = excluded.platform_code, platform_message = excluded.platform_message,
    request_id = excluded.request_id, inputs = excluded.inputs
WHERE recommendation.decided_at IS NOT DISTINCT FROM excluded.decided_at
RETURNING id, product_id
""")
"""What the merchant decided while the platform was asked stands: the row is left as it is."""


async def save(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
) -> dict[UUID, UUID]:
    """Write what was found out; answers row ids by product, without those decided upon since they were read.

    Each row's ``decided_before`` is the ``decided_at`` that was read.
    """
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(rows), "now": now}
    connection = await session.connection()
    return {row.product_id: row.id for row in await connection.execute(_SAVE, values)}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Recommendation]:
    """Those of the recommendations that are the shop's."""
    statement = select(Recommendation).where(Recommendation.shop_id == shop_id, col(Recommendation.id).in_(ids))
    return {row.id: row for row in await session.exec(statement)}


async def lock(session: Session, *, shop_id: UUID, recommendation_id: UUID) -> Recommendation | None:
    """One recommendation, locked until the transaction ends."""
    statement = (
        select(Recommendation)
        .where(Recommendation.shop_id == shop_id, Recommendation.id == recommendation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def of_products(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, list[Recommendation]]:
    """The recommendations of each product in all TikTok shops, oldest row first."""
    statement = (
        select(Recommendation)
        .where(Recommendation.shop_id == shop_id, col(Recommendation.product_id).in_(product_ids))
        .order_by(col(Recommendation.id))
    )
    found: dict[UUID, list[Recommendation]] = {product_id: [] for product_id in product_ids}
    for row in await session.exec(statement):
        found[row.product_id].append(row)
    return found


async def in_tiktok_shop(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Recommendation]:
    """The recommendations of these products in one TikTok shop, by product."""
    statement = select(Recommendation).where(
        Recommendation.shop_id == shop_id,
        Recommendation.tiktok_shop_id == tiktok_shop_id,
        col(Recommendation.product_id).in_(product_ids),
    )
    return {row.product_id: row for row in await session.exec(statement)}


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    states: Sequence[RecommendationState],
    args: PageArgs,
) -> Page[Recommendation]:
    """A TikTok shop's recommendations in the order they were first made; no states means all."""
    statement = select(Recommendation).where(
        Recommendation.shop_id == shop_id, Recommendation.tiktok_shop_id == tiktok_shop_id
    )
    if states:
        statement = statement.where(col(Recommendation.state).in_(states))
    return await paginate(session, statement, keys=(col(Recommendation.id),), args=args)


_WANTED = text("""
SELECT product.id FROM product
LEFT JOIN recommendation ON recommendation.product_id = product.id
  AND recommendation.tiktok_shop_id = :tiktok_shop_id
LEFT JOIN confirmed_choice ON confirmed_choice.product_id = product.id
  AND confirmed_choice.tiktok_shop_id = :tiktok_shop_id
WHERE product.shop_id = :shop_id AND product.deleted_at IS NULL AND product.status = 'ACTIVE'
  AND NOT product.is_gift_card AND (NOT :new_only OR recommendation.id IS NULL)
  AND (NOT :undecided_only OR confirmed_choice.id IS NULL)
ORDER BY product.id
""")


async def wanted(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, new_only: bool, undecided_only: bool
) -> list[UUID]:
    """The store's active products: all, those never looked at, or those without a confirmed category."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "new_only": new_only,
        "undecided_only": undecided_only,
    }
    connection = await session.connection()
    return [row.id for row in await connection.execute(_WANTED, values)]


_THERE = text("""
SELECT id FROM product WHERE shop_id = :shop_id AND deleted_at IS NULL AND id = ANY(CAST(:ids AS uuid[]))
""")


async def there(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the products that the store has now."""
    connection = await session.connection()
    return {row.id for row in await connection.execute(_THERE, {"shop_id": shop_id, "ids": list(product_ids)})}


_SUBJECTS = text("""
SELECT product.id, title, description_html, vendor, product_type, tags, category_id, deleted_at,
       (SELECT array_agg(local_image.url ORDER BY product_image.position) FROM product_image
        JOIN local_image ON local_image.id = product_image.local_image_id
        WHERE product_image.product_id = product.id AND product_image.shop_id = :shop_id) AS pictures
FROM product WHERE shop_id = :shop_id AND product.id = ANY(CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """What a recommendation looks at of a product, as its store has it."""

    id: UUID
    title: str
    description_html: str
    vendor: str
    product_type: str
    tags: Sequence[str]
    category_id: str | None
    deleted_at: datetime | None
    pictures: Sequence[str] | None


async def subjects(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, SubjectRow]:
    """What a recommendation looks at, by product: texts, source category and picture addresses; deleted ones too."""
    connection = await session.connection()
    rows = await connection.execute(_SUBJECTS, {"shop_id": shop_id, "ids": list(product_ids)})
    return {row.id: SubjectRow(*row) for row in rows}
