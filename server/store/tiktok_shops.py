"""Rows of TikTok shops. A seller's grant, which covers them, is in ``tiktok_authorizations``."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select, update

from server.domain.categories import CategoryVersion
from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import TikTokAuthorization, TikTokShop

Connected = tuple[TikTokShop, TikTokAuthorization]

_REFRESHED = ("authorization_id", "cipher_sealed", "code", "name", "market", "seller_type")


async def get(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> TikTokShop | None:
    """One TikTok shop of the store, connected or not."""
    statement = select(TikTokShop).where(TikTokShop.shop_id == shop_id, TikTokShop.id == tiktok_shop_id)
    return (await session.exec(statement.execution_options(populate_existing=True))).first()


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TikTokShop]:
    """Those of the TikTok shops that are the store's."""
    rows = await session.exec(select(TikTokShop).where(TikTokShop.shop_id == shop_id, col(TikTokShop.id).in_(ids)))
    return {row.id: row for row in rows}


async def page(session: Session, *, shop_id: UUID, args: PageArgs) -> Page[TikTokShop]:
    """The store's TikTok shops in the order of their first connection."""
    statement = select(TikTokShop).where(TikTokShop.shop_id == shop_id)
    return await paginate(session, statement, keys=(col(TikTokShop.id),), args=args)


async def with_authorization(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> Connected | None:
    """A TikTok shop and the grant it is called with."""
    statement = (
        select(TikTokShop, TikTokAuthorization)
        .join(TikTokAuthorization, col(TikTokAuthorization.id) == col(TikTokShop.authorization_id))
        .where(TikTokShop.shop_id == shop_id, TikTokShop.id == tiktok_shop_id)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def by_remote_id(session: Session, *, remote_id: str, lock: bool = False) -> list[Connected]:
    """The TikTok shop wherever it is connected. Not scoped to a shop: webhooks name the remote id only."""
    statement = (
        select(TikTokShop, TikTokAuthorization)
        .join(TikTokAuthorization, col(TikTokAuthorization.id) == col(TikTokShop.authorization_id))
        .where(TikTokShop.remote_id == remote_id, col(TikTokShop.disconnected_at).is_(None))
        .order_by(col(TikTokAuthorization.id))
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(statement.with_for_update(key_share=True) if lock else statement)).all())


async def save_all(session: Session, *, shop_id: UUID, rows: Sequence[TikTokShop]) -> list[TikTokShop]:
    """The TikTok shops as just authorized, made new or come back; a warehouse nobody could tell stays as it was."""
    values = [row.model_dump() | {"shop_id": shop_id} for row in rows]
    statement = insert(TikTokShop).values(values)
    fresh = {name: statement.excluded[name] for name in _REFRESHED}
    statement = statement.on_conflict_do_update(
        index_elements=[col(TikTokShop.shop_id), col(TikTokShop.remote_id)],
        set_={
            **fresh,
            "disconnected_at": None,
            "warehouse_id": func.coalesce(statement.excluded["warehouse_id"], col(TikTokShop.warehouse_id)),
        },
    )
    connection = await session.connection()
    await connection.execute(statement)
    wanted = [row.remote_id for row in rows]
    saved = select(TikTokShop).where(TikTokShop.shop_id == shop_id, col(TikTokShop.remote_id).in_(wanted))
    return list((await session.exec(saved.order_by(col(TikTokShop.id)))).all())


async def enforce_version(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> None:
    """The platform itself said which category tree this shop must use: that overrides the calendar."""
    mine = (col(TikTokShop.id) == tiktok_shop_id, col(TikTokShop.shop_id) == shop_id)
    await session.exec(update(TikTokShop).where(*mine).values(enforced_version=version))


async def set_threshold(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, threshold: float | None) -> None:
    """How probable a category must be to be proposed."""
    mine = (col(TikTokShop.id) == tiktok_shop_id, col(TikTokShop.shop_id) == shop_id)
    await session.exec(update(TikTokShop).where(*mine).values(recommendation_threshold=threshold))


async def disconnect(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> None:
    """Note the end of a connection; the first end stays."""
    mine = (col(TikTokShop.id) == tiktok_shop_id, col(TikTokShop.shop_id) == shop_id)
    still = col(TikTokShop.disconnected_at).is_(None)
    await session.exec(update(TikTokShop).where(*mine, still).values(disconnected_at=now))


async def disconnect_others(
    session: Session, *, shop_id: UUID, authorization_id: UUID, kept: Sequence[str], now: datetime
) -> None:
    """TikTok shops that a renewed grant covers no longer."""
    gone = (
        col(TikTokShop.shop_id) == shop_id,
        col(TikTokShop.authorization_id) == authorization_id,
        col(TikTokShop.remote_id).not_in(kept),
        col(TikTokShop.disconnected_at).is_(None),
    )
    await session.exec(update(TikTokShop).where(*gone).values(disconnected_at=now))


async def any_connected(session: Session, *, shop_id: UUID, authorization_id: UUID) -> bool:
    """Some TikTok shop is still called with this grant."""
    statement = select(TikTokShop.id).where(
        TikTokShop.shop_id == shop_id,
        TikTokShop.authorization_id == authorization_id,
        col(TikTokShop.disconnected_at).is_(None),
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def sealed_after(session: Session, *, after: UUID | None, amount: int) -> Sequence[TikTokShop]:
    """TikTok shops by id, for their ciphers. Not scoped to a shop: keys are rotated for all."""
    statement = select(TikTokShop).order_by(col(TikTokShop.id)).limit(amount)
    return (await session.exec(statement if after is None else statement.where(col(TikTokShop.id) > after))).all()


async def reseal(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, used: str, cipher: str) -> None:
    """Store the same cipher under the newest key, unless it was replaced meanwhile."""
    mine = (col(TikTokShop.id) == tiktok_shop_id, col(TikTokShop.shop_id) == shop_id)
    unchanged = col(TikTokShop.cipher_sealed) == used
    await session.exec(update(TikTokShop).where(*mine, unchanged).values(cipher_sealed=cipher))
