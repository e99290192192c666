"""Tying listings to products that were on TikTok Shop before, and untying them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.domain.categories import CategoryRef
from server.domain.listings import ListingStatus
from server.domain.ownership import OF_LINKED, Ownership
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.intents import STANDS_IN_THE_WAY
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a listing becomes. ``skus`` are in the form of ``listing.remote_skus``; ``told_at`` is of the platform."""

    product_id: UUID
    remote_id: str
    skus: tuple[Mapping[str, Any], ...]
    category: CategoryRef | None
    status: ListingStatus
    problems: tuple[Mapping[str, Any], ...]
    told_at: datetime


_LINK = text(f"""
INSERT INTO listing (id, shop_id, tiktok_shop_id, product_id, status, remote_id, remote_skus, category_id,
                     category_version, problems, generation, origin, ownership, live_since, platform_updated_at,
                     updated_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.status, new.remote_id, new.skus, new.category_id,
       new.category_version, new.problems, 1, 'LINKED', CAST(:ownership AS jsonb),
       CASE WHEN new.status = 'LIVE' THEN new.told_at END, new.told_at, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, product_id uuid, remote_id text, skus jsonb,
     category_id text, category_version text, status text, problems jsonb, told_at timestamptz)
WHERE NOT EXISTS (SELECT FROM listing other WHERE other.tiktok_shop_id = :tiktok_shop_id
                    AND other.remote_id = new.remote_id AND other.product_id <> new.product_id)
ORDER BY new.product_id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    status = excluded.status, remote_id = excluded.remote_id, remote_skus = excluded.remote_skus,
    category_id = excluded.category_id, category_version = excluded.category_version, problems = excluded.problems,
    generation = listing.generation + 1, origin = excluded.origin, ownership = excluded.ownership,
    elsewhere_at = NULL, template_revision = NULL, sent = NULL,
    sent_at = NULL, edit_due_at = NULL, edit_cause = NULL, edit_actor = NULL, last_synced_at = NULL,
    live_since = excluded.live_since,
    platform_updated_at = excluded.platform_updated_at, updated_at = excluded.updated_at
WHERE listing.status IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED', 'QUEUED')
  AND (listing.remote_id IS NULL OR listing.status = 'DELETED')
  AND (listing.status = 'SYNC_FAILED' OR NOT {STANDS_IN_THE_WAY})
RETURNING id, product_id
""")  # noqa: S608  # our own words
_CLOSE = text("""
UPDATE intent SET closed_at = :now, outcome = 'LINKED'
WHERE shop_id = :shop_id AND listing_id = ANY(CAST(:ids AS uuid[])) AND closed_at IS NULL
""")
_DELETED = text("""
UPDATE listing SET remote_id = NULL, remote_skus = '[]'::jsonb
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND status = 'DELETED'
  AND remote_id = ANY(CAST(:remote_ids AS text[]))
""")


_OF_LINKED = Ownership(own=OF_LINKED).to_json()


async def link(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, links: Sequence[NewLink], now: datetime
) -> dict[UUID, UUID]:
    """Listings for products found on TikTok Shop; returns their ids by product.

    One whose product is there through another listing, or in a worker's hands, is left as it is. What stands there
    stays but for price and stock (``OF_LINKED``), whatever was said of another product before. An effect whose
    outcome nobody knew is settled by it, an edit that nobody goes on with too. Listings that were deleted there give up
    the id of a product that is back.
    """
    if not links:
        return {}
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    connection = await session.connection()
    await connection.execute(_DELETED, where | {"remote_ids": [one.remote_id for one in links]})
    values = {"rows": dumps_text([_row(one) for one in links]), "ownership": dumps_text(_OF_LINKED), "now": now}
    rows = await connection.execute(_LINK, where | values)
    made = {row.product_id: row.id for row in rows}
    await connection.execute(_CLOSE, {"shop_id": shop_id, "ids": list(made.values()), "now": now})
    return made


def _row(one: NewLink) -> dict[str, Any]:
    return {
        "row_id": new_id(),
        "product_id": one.product_id,
        "remote_id": one.remote_id,
        "skus": [dict(sku) for sku in one.skus],
        "category_id": one.category.id if one.category else None,
        "category_version": one.category.version if one.category else None,
        "status": one.status,
        "problems": [dict(problem) for problem in one.problems],
        "told_at": one.told_at,
    }


_UNLINK = text("""
UPDATE listing SET
    status = 'NOT_SYNCED', remote_id = NULL, remote_skus = '[]'::jsonb, category_id = NULL, category_version = NULL,
    problems = '[]'::jsonb, generation = generation + 1, origin = NULL, ownership = '{}'::jsonb, elsewhere_at = NULL,
    template_revision = NULL, sent = NULL,
    sent_at = NULL, edit_due_at = NULL, edit_cause = NULL, edit_actor = NULL, last_synced_at = NULL, live_since = NULL,
    platform_updated_at = NULL, updated_at = :now
WHERE id = :id AND shop_id = :shop_id
""")


async def unlink(session: Session, *, shop_id: UUID, listing_id: UUID, now: datetime) -> None:
    """The listing stands for nothing on TikTok Shop any more; what is there stays there."""
    await (await session.connection()).execute(_UNLINK, {"id": listing_id, "shop_id": shop_id, "now": now})
