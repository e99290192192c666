"""Rows of Leafmark's own API tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select, update

from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import ApiToken, Shop


async def by_fingerprint(session: Session, *, fingerprint: str) -> ApiToken | None:
    """The living token behind a secret. Not scoped to a shop: the token is what says which shop it is."""
    statement = (
        select(ApiToken)
        .join(Shop, col(Shop.id) == col(ApiToken.shop_id))
        .where(
            ApiToken.fingerprint == fingerprint,
            col(ApiToken.revoked_at).is_(None),
            col(Shop.uninstalled_at).is_(None),
        )
    )
    return (await session.exec(statement)).first()


async def is_live(session: Session, *, shop_id: UUID, token_id: UUID) -> bool:
    """The token was not revoked."""
    mine = (ApiToken.id == token_id, ApiToken.shop_id == shop_id, col(ApiToken.revoked_at).is_(None))
    return (await session.exec(select(ApiToken.id).where(*mine))).first() is not None


async def insert(session: Session, *, shop_id: UUID, token: ApiToken) -> None:
    """Write a new token of the shop."""
    token.shop_id = shop_id
    session.add(token)
    await session.flush()


async def get(session: Session, *, shop_id: UUID, token_id: UUID) -> ApiToken | None:
    """One token of the shop."""
    statement = select(ApiToken).where(ApiToken.shop_id == shop_id, ApiToken.id == token_id)
    return (await session.exec(statement)).first()


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, ApiToken]:
    """Those of the tokens that are the shop's."""
    rows = await session.exec(select(ApiToken).where(ApiToken.shop_id == shop_id, col(ApiToken.id).in_(ids)))
    return {row.id: row for row in rows}


async def page(session: Session, *, shop_id: UUID, args: PageArgs) -> Page[ApiToken]:
    """The shop's tokens, revoked ones too, newest first."""
    statement = select(ApiToken).where(ApiToken.shop_id == shop_id)
    keys = (col(ApiToken.created_at), col(ApiToken.id))
    return await paginate(session, statement, keys=keys, args=args, descending=True)


async def revoke(session: Session, *, shop_id: UUID, token_id: UUID, now: datetime) -> None:
    """End a token; the first end stays."""
    mine = (col(ApiToken.id) == token_id, col(ApiToken.shop_id) == shop_id, col(ApiToken.revoked_at).is_(None))
    await session.exec(update(ApiToken).where(*mine).values(revoked_at=now))


async def note_use(session: Session, *, shop_id: UUID, token_id: UUID, now: datetime, unless_after: datetime) -> None:
    """Remember that the token was used, unless somebody did so a moment ago."""
    old = or_(col(ApiToken.last_used_at).is_(None), col(ApiToken.last_used_at) <= unless_after)
    mine = (col(ApiToken.id) == token_id, col(ApiToken.shop_id) == shop_id, old)
    await session.exec(update(ApiToken).where(*mine).values(last_used_at=now))
