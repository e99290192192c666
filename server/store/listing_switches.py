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
    """A listing's new standing; ``remote_id`` is the product that was meant."""

    listing_id: UUID
    remote_id: str
    status: ListingStatus


_RECORD = text("""
UPDATE listing SET
    status = said.status,
    live_since = CASE WHEN said.status = 'LIVE' THEN coalesce(listing.live_since, :now) END,
    problems = CASE WHEN said.status = 'DELETED' THEN '[]'::jsonb
                    ELSE jsonb_path_query_array(listing.problems, '$[*] ? (@.severity == "WARNING")') END,
    platform_updated_at = greatest(listing.platform_updated_at, :began),
    updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(id uuid, remote_id text, status text)
WHERE listing.id = said.id AND listing.shop_id = :shop_id AND listing.remote_id = said.remote_id
""")


async def record(
    session: Session, *, shop_id: UUID, switched: Sequence[Switched], began: datetime, now: datetime
) -> None:
    """Write where they stand; news from before ``began`` changes nothing any more. One that was unlinked stays."""
    if not switched:
        return
    rows = [{"id": one.listing_id, "remote_id": one.remote_id, "status": one.status} for one in switched]
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "began": began, "now": now}
    await (await session.connection()).execute(_RECORD, values)
