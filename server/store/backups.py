"""Listings whose values are stand-ins: what their stores had was empty or refused (N13)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from server.store.session import Session


@dataclass(frozen=True, slots=True)
class BackupCount:
    """How many listings made with a template send a stand-in for a field. No template: it was deleted since."""

    template_id: UUID | None
    field: str
    listings: int


_COUNTS = text("""
SELECT listing.template_id, told.field, count(*) AS listings
FROM listing CROSS JOIN LATERAL jsonb_each(
    CASE WHEN jsonb_typeof(listing.sent -> 'provenance') = 'object' THEN listing.sent -> 'provenance' END
) AS told(field, origin)
WHERE listing.shop_id = :shop_id AND listing.tiktok_shop_id = :tiktok_shop_id AND listing.remote_id IS NOT NULL
  AND listing.status <> 'DELETED' AND told.origin ->> 1 = 'BACKUP'
GROUP BY listing.template_id, told.field
ORDER BY listings DESC, listing.template_id, told.field
""")


async def counts(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[BackupCount]:
    """By template and field, the most first; only what is on TikTok Shop counts."""
    connection = await session.connection()
    rows = await connection.execute(_COUNTS, {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id})
    return [BackupCount(row.template_id, row.field, row.listings) for row in rows]
