"""What the platform itself said about the trees: kept with its time, and stronger than the calendar."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.policy import MISMATCH, OUTDATED, category_policy, demanded_by, policy_day
from server.kit.errors import NotFound
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


async def listable(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime
) -> frozenset[CategoryVersion]:
    """The trees with which this TikTok shop may list at ``now``: what it was told, else the calendar."""
    row = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    if row is None:
        raise NotFound("There is no such TikTok shop in this store.", field=("input", "tiktokShopId"))
    return category_policy(row.market, row.seller_type, policy_day(now), row.enforced_version).listable


async def answers_of(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, list[VersionAnswer]]:
    """What was said to these TikTok shops, the newest first; for loaders."""
    return await version_answers.of_shops(session, shop_id=shop_id, tiktok_shop_ids=tiktok_shop_ids)
