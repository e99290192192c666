"""What the choice of categories reads beside mappings: approved recommendations and the default template."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from server.domain.categories import CategoryRef, CategoryVersion
from server.store.session import Session

_APPROVED = text("""
SELECT product_id, chosen_id, chosen_version FROM recommendation
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND product_id = ANY(CAST(:ids AS uuid[]))
    AND chosen_id IS NOT NULL AND chosen_version IS NOT NULL
""")

_DEFAULT = text("""
SELECT name, category_id, category_version FROM category_template
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND is_default
""")


async def approved(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, CategoryRef]:
    """What the merchant approved for each product and has not withdrawn since."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "ids": list(product_ids)}
    connection = await session.connection()
    rows = await connection.execute(_APPROVED, values)
    return {row.product_id: CategoryRef(row.chosen_id, CategoryVersion(row.chosen_version)) for row in rows}


async def default_category(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID
) -> tuple[str, CategoryRef | None] | None:
    """Name and category of the shop's default template; nothing when it has none."""
    connection = await session.connection()
    row = (await connection.execute(_DEFAULT, {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id})).first()
    if row is None:
        return None
    if row.category_id is None or row.category_version is None:
        return row.name, None
    return row.name, CategoryRef(row.category_id, CategoryVersion(row.category_version))
