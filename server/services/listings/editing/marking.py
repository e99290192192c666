"""Marking listings whose product, template, override or owner changed: they are edited by themselves soon after."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from server.domain.history import ChangeCause
from server.store import edit_marks
from server.store.session import Session


async def mark(
    session: Session,
    *,
    shop_id: UUID,
    cause: ChangeCause,
    now: datetime,
    tiktok_shop_id: UUID | None = None,
    product_ids: Sequence[UUID] = (),
    actor: str | None = None,
) -> int:
    """Listings of these products are due; returns how many there are.

    Call it in the transaction that makes the change, and rather once too often: an edit that finds nothing changed
    makes no call. Products that are not on TikTok Shop are left alone. No ``tiktok_shop_id`` means all of them.
    ``actor`` is who caused it: the edit's line in the history names them.
    """
    return await edit_marks.mark_products(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=product_ids,
        cause=cause,
        actor=actor,
        now=now,
    )


async def mark_templates(
    session: Session, *, shop_id: UUID, template_ids: Sequence[UUID], cause: ChangeCause, actor: str, now: datetime
) -> int:
    """Listings that are edited with these templates are due; returns how many there are."""
    return await edit_marks.mark_templates(
        session, shop_id=shop_id, template_ids=template_ids, cause=cause, actor=actor, now=now
    )


async def mark_shop(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, cause: ChangeCause, actor: str, now: datetime
) -> int:
    """All listings of a TikTok shop are due; returns how many."""
    return await edit_marks.mark_shop(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, cause=cause, actor=actor, now=now
    )


async def mark_changed(
    session: Session, *, shop_id: UUID, now: datetime, remote_ids: Sequence[str] = (), gone_at: datetime | None = None
) -> int:
    """Listings of the store's products that changed, by Shopify's ids, and of those lost at ``gone_at``, are due.

    Call it after the products were written: their rows are locked before those of listings.
    """
    if not remote_ids and gone_at is None:
        return 0
    return await edit_marks.mark_store(
        session, shop_id=shop_id, remote_ids=remote_ids, gone_at=gone_at, cause=ChangeCause.STORE, now=now
    )


async def changed_since(session: Session, *, shop_id: UUID, told: Mapping[str, datetime]) -> list[str]:
    """Products that Shopify says changed since we read them; ask before they are written."""
    return await edit_marks.newer(session, shop_id=shop_id, told=told) if told else []
