"""Listings whose product was put on sale, taken off, deleted or brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from server.domain.listings import ListingStatus
from server.kit.json import dumps_text
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Switched:
    """A listing's new standing; ``remote_id`` is the product that was meant.

    ``heard`` is the newest moment of the platform's that was known of it before the call.
    """

    listing_id: UUID
    remote_id: str
    status: ListingStatus
    heard: datetime | None


_RECORD = text("""
UPDATE listing SET
    status = said.status,
    live_since = CASE WHEN said.status = 'LIVE' THEN coalesce(listing.live_since, :now) END,
    problems = CASE WHEN said.status = 'DELETED' THEN '[]'::jsonb
                    ELSE jsonb_path_query_array(listing.problems, '$[*] ? (@.severity == "WARNING")') END,
    platform_updated_at = greatest(listing.platform_updated_at, :began),
    updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(id uuid, remote_id text, status text, heard timestamptz)
WHERE listing.id = said.id AND listing.shop_id = :shop_id AND listing.remote_id = said.remote_id
  AND (said.status = 'DELETED' OR listing.platform_updated_at IS NOT DISTINCT FROM said.heard
       OR listing.platform_updated_at < :began)
RETURNING listing.id
""")


async def record(
    session: Session, *, shop_id: UUID, switched: Sequence[Switched], began: datetime, now: datetime
) -> set[UUID]:
    """Write where they stand; those that were written. News from before ``began`` changes nothing any more.

    Left alone are one that was unlinked, and one of which later news came during the call, unless it is deleted.
    """
    if not switched:
        return set()
    rows = [
        {"id": one.listing_id, "remote_id": one.remote_id, "status": one.status, "heard": one.heard} for one in switched
    ]
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "began": began, "now": now}
    return {row.id for row in await (await session.connection()).execute(_RECORD, values)}
