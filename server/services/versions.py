"""What the platform itself said about the trees: kept with its time, and stronger than the calendar."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.policy import MISMATCH, OUTDATED, demanded_by
from server.store import categories, tiktok_shops, version_answers
from server.store.session import Session
from server.tables import VersionAnswer

CODES = {"CATEGORY_VERSION_OUTDATED": OUTDATED, "CATEGORY_VERSION_MISMATCH": MISMATCH}
"""Problem codes that speak about trees, and the platform's own numbers behind them."""


async def told(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    code: int,
    version: CategoryVersion,
    category_id: str | None,
    now: datetime,
) -> None:
    """Keep an answer to a call that named ``version``; the tree it demands is this shop's from now on."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ours = (
        category_id is not None
        and await categories.by_ref(session, **where, ref=CategoryRef(category_id, version)) is not None
    )
    demands = demanded_by(code, version, id_was_ours=ours)
    await version_answers.save(
        session, **where, code=code, asked_version=version, asked_id=category_id, demands=demands, now=now
    )
    if demands is not None:
        await tiktok_shops.enforce_version(session, **where, version=demands)


async def answers_of(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, list[VersionAnswer]]:
    """What was said to these TikTok shops, the newest first; for loaders."""
    return await version_answers.of_shops(session, shop_id=shop_id, tiktok_shop_ids=tiktok_shop_ids)
