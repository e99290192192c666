"""What is there and what is gone in the store: as of which change a product is held, and which were deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from server.store.session import Session

_GONE = text("""
WITH gone AS (
    UPDATE product SET deleted_at = :now
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND import_mark IS DISTINCT FROM :mark AND imported_at < :began
    RETURNING id
), traits AS (DELETE FROM product_traits USING gone WHERE product_traits.product_id = gone.id)
SELECT count(*) FROM gone
""")

_STANDING = text("""
SELECT source_updated_at, imported_at, deleted_at FROM product WHERE shop_id = :shop_id AND remote_id = :remote_id
""")

_DELETED = text("""
WITH gone AS (
    UPDATE product SET deleted_at = :read_at
    WHERE id IN (SELECT id FROM product
                 WHERE shop_id = :shop_id AND remote_id = ANY(CAST(:gone AS text[])) AND deleted_at IS NULL
                   AND imported_at <= :read_at
                 ORDER BY remote_id FOR NO KEY UPDATE) RETURNING id
), traits AS (DELETE FROM product_traits USING gone WHERE product_traits.product_id = gone.id)
SELECT count(*) FROM gone
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """What we hold of a product: as of which change of Shopify's, read when, and whether it is gone."""

    source_updated_at: datetime
    imported_at: datetime
    deleted_at: datetime | None

    def is_read_since(self, heard_at: datetime, updated_at: datetime | None) -> bool:
        """We looked after the news came, or hold a later state than it speaks of (Shopify tells whole seconds)."""
        looked = self.imported_at if self.deleted_at is None else max(self.imported_at, self.deleted_at)
        return looked > heard_at or (updated_at is not None and self.source_updated_at > updated_at)


async def standing(session: Session, *, shop_id: UUID, remote_id: str) -> Standing | None:
    """Of one product; nothing when it was never kept."""
    connection = await session.connection()
    row = (await connection.execute(_STANDING, {"shop_id": shop_id, "remote_id": remote_id})).one_or_none()
    return None if row is None else Standing(row.source_updated_at, row.imported_at, row.deleted_at)


async def mark_unseen_deleted(session: Session, *, shop_id: UUID, mark: UUID, began: datetime, now: datetime) -> int:
    """Products a whole import did not meet are gone in the store; returns how many."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "mark": mark, "began": began, "now": now}
    amount: int = (await connection.execute(_GONE, values)).scalar_one()
    return amount


async def mark_deleted(session: Session, *, shop_id: UUID, remote_ids: Sequence[str], read_at: datetime) -> int:
    """Products that were not there at ``read_at``, unless somebody saw them later; returns how many."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "gone": list(remote_ids), "read_at": read_at}
    amount: int = (await connection.execute(_DELETED, values)).scalar_one()
    return amount
