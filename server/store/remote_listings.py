"""Listings seen from TikTok Shop: where those of a page stand, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.audits import CategoryMove
from server.domain.listings import ListingStatus
from server.store.session import Session
from server.tables import Listing


@dataclass(frozen=True, slots=True)
class Standing:
    """``told_at`` is the time of the newest news from the platform; ``codes`` are those of the listing's problems."""

    status: ListingStatus
    told_at: datetime | None
    codes: frozenset[str] = frozenset()


async def standings(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, Standing]:
    """Where listings stand, by TikTok's product id; products that no listing stands for are not in it."""
    statement = select(Listing.remote_id, Listing.status, Listing.platform_updated_at, Listing.problems).where(
        Listing.shop_id == shop_id,
        Listing.tiktok_shop_id == tiktok_shop_id,
        col(Listing.remote_id).in_(remote_ids),
    )
    rows = await session.exec(statement)
    return {
        remote_id: Standing(ListingStatus(status), told_at, frozenset(problem["code"] for problem in problems))
        for remote_id, status, told_at, problems in rows
        if remote_id is not None
    }


_LOCK = text("""
SELECT listing.id FROM listing JOIN tiktok_shop AS shop ON shop.id = listing.tiktok_shop_id
WHERE shop.remote_id = ANY(CAST(:shops AS text[])) AND listing.remote_id = ANY(CAST(:remote_ids AS text[]))
ORDER BY listing.id FOR NO KEY UPDATE OF listing
""")


async def lock(session: Session, *, tiktok_remote_ids: Sequence[str], remote_ids: Sequence[str]) -> None:
    """Hold listings by TikTok's ids of shops and products, in all stores, in the order of their ids."""
    if remote_ids:
        connection = await session.connection()
        await connection.execute(_LOCK, {"shops": list(tiktok_remote_ids), "remote_ids": list(remote_ids)})


@dataclass(frozen=True, slots=True)
class Moved:
    """A listing whose product was moved to another category; ``before`` as we knew it, or as the news tells it."""

    listing_id: UUID
    before: str | None


_MOVE = text("""
UPDATE listing SET category_id = :category_id, category_version = tree.version, updated_at = :now
FROM listing was, category, category_tree tree
WHERE was.shop_id = :shop_id AND was.tiktok_shop_id = :tiktok_shop_id AND was.remote_id = :remote_id
  AND listing.id = was.id AND was.status <> 'DELETED' AND was.category_id IS DISTINCT FROM :category_id
  AND (was.category_id IS NULL OR was.category_id = :before
       OR was.platform_updated_at IS NULL OR was.platform_updated_at <= :at)
  AND NOT EXISTS (SELECT FROM intent WHERE intent.listing_id = was.id AND intent.closed_at IS NULL)
  AND NOT EXISTS (SELECT FROM listing_change AS later
                  WHERE later.listing_id = was.id AND later.kind = 'CATEGORY_CHANGED' AND later.at > :at)
  AND tree.tiktok_shop_id = was.tiktok_shop_id AND tree.locale = ''
  AND category.tree_id = tree.id AND category.remote_id = :category_id
RETURNING listing.id, was.category_id AS before
""")

_CAME_BACK = text("""
SELECT was.id FROM listing AS was
LEFT JOIN LATERAL (
    SELECT line.at, line.fields -> 'category' -> 0 AS old, line.fields -> 'category' -> 1 AS new
    FROM listing_change AS line WHERE line.listing_id = was.id AND line.kind = 'CATEGORY_CHANGED'
    ORDER BY line.at DESC, line.id DESC LIMIT 1) AS last ON true
WHERE was.shop_id = :shop_id AND was.tiktok_shop_id = :tiktok_shop_id AND was.remote_id = :remote_id
  AND was.status <> 'DELETED' AND was.category_id = :category_id AND :before NOT IN ('', :category_id)
  AND NOT EXISTS (SELECT FROM intent WHERE intent.listing_id = was.id AND intent.closed_at IS NULL)
  AND (last.at IS NULL OR (last.at < :at AND
       (coalesce(last.old ->> 'id', last.old #>> '{}'), coalesce(last.new ->> 'id', last.new #>> '{}'))
       IS DISTINCT FROM (CAST(:before AS text), CAST(:category_id AS text))))
""")


async def recategorize(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    move: CategoryMove,
    now: datetime,
) -> Moved | None:
    """A product was moved; nothing when that is known, older news, or our own edit's, which tells it itself.

    The category is one of the TikTok shop's trees, which say its version too; one that is in none is left alone.
    News comes in any order: a move that the history tells later ones than is older. A way back of which we do not know
    the way there changes nothing, but is told to the history too, so that the way there is older when it comes. Of two
    moves within one second the one heard last counts.
    """
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "remote_id": move.remote_id,
        "before": move.before,
        "category_id": move.category_id,
        "at": move.at,
        "now": now,
    }
    connection = await session.connection()
    if (moved := (await connection.execute(_MOVE, values)).first()) is not None:
        return Moved(moved.id, moved.before)
    came_back = (await connection.execute(_CAME_BACK, values)).first()
    return None if came_back is None else Moved(came_back.id, move.before)


async def listings(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, Listing]:
    """Listings by TikTok's product id."""
    statement = select(Listing).where(
        Listing.shop_id == shop_id,
        Listing.tiktok_shop_id == tiktok_shop_id,
        col(Listing.remote_id).in_(remote_ids),
    )
    return {row.remote_id: row for row in await session.exec(statement) if row.remote_id is not None}
