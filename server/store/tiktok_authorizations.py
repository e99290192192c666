"""Rows of TikTok sellers' grants, and of connect links in flight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update

from server.domain.markets import Market
from server.kit.ids import new_id
from server.store.session import Session
from server.tables import OAuthState, TikTokAuthorization


@dataclass(frozen=True, slots=True)
class SealedGrant:
    """What the token calls answer, with both tokens as ciphertext."""

    open_id: str
    seller_name: str
    region: str
    access: str
    access_expires_at: datetime
    refresh: str
    refresh_expires_at: datetime
    scopes: tuple[str, ...]

    def values(self) -> dict[str, object]:
        """By column, without the identity."""
        return {
            "seller_name": self.seller_name,
            "region": self.region,
            "access_token_sealed": self.access,
            "access_expires_at": self.access_expires_at,
            "refresh_token_sealed": self.refresh,
            "refresh_expires_at": self.refresh_expires_at,
            "scopes": list(self.scopes),
        }


async def get(session: Session, *, shop_id: UUID, authorization_id: UUID) -> TikTokAuthorization | None:
    """One grant of the store."""
    statement = select(TikTokAuthorization).where(
        TikTokAuthorization.shop_id == shop_id, TikTokAuthorization.id == authorization_id
    )
    return (await session.exec(statement.execution_options(populate_existing=True))).first()


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TikTokAuthorization]:
    """Those of the grants that are the store's."""
    statement = select(TikTokAuthorization).where(
        TikTokAuthorization.shop_id == shop_id, col(TikTokAuthorization.id).in_(ids)
    )
    return {row.id: row for row in await session.exec(statement)}


async def save(session: Session, *, shop_id: UUID, grant: SealedGrant, now: datetime) -> UUID:
    """The seller's grant, new or given again; an earlier end is forgotten."""
    fresh = grant.values() | {"authorized_at": now, "ended_at": None, "end_reason": None}
    statement = insert(TikTokAuthorization).values(id=new_id(), shop_id=shop_id, open_id=grant.open_id, **fresh)
    statement = statement.on_conflict_do_update(
        index_elements=[col(TikTokAuthorization.shop_id), col(TikTokAuthorization.open_id)], set_=fresh
    )
    connection = await session.connection()
    saved: UUID = (await connection.execute(statement.returning(col(TikTokAuthorization.id)))).scalar_one()
    return saved


async def swap_tokens(
    session: Session, *, shop_id: UUID, authorization_id: UUID, used: str, grant: SealedGrant
) -> bool:
    """Store renewed tokens if the refresh token is still the used one: not after an end or a newer renewal."""
    mine = (col(TikTokAuthorization.id) == authorization_id, col(TikTokAuthorization.shop_id) == shop_id)
    living = (col(TikTokAuthorization.refresh_token_sealed) == used, col(TikTokAuthorization.ended_at).is_(None))
    return (
        await session.exec(update(TikTokAuthorization).where(*mine, *living).values(**_renewed(grant)))
    ).rowcount == 1


def _renewed(grant: SealedGrant) -> dict[str, object]:
    """A refresh tells the same seller again; words it leaves out stay as they were."""
    return {name: value for name, value in grant.values().items() if value not in ("", [])}


async def end(session: Session, *, shop_id: UUID, authorization_id: UUID, reason: str, now: datetime) -> None:
    """The grant is no more: drop its tokens; the first end stays."""
    mine = (col(TikTokAuthorization.id) == authorization_id, col(TikTokAuthorization.shop_id) == shop_id)
    living = col(TikTokAuthorization.ended_at).is_(None)
    ended = {"ended_at": now, "end_reason": reason, "access_token_sealed": "", "refresh_token_sealed": ""}
    await session.exec(update(TikTokAuthorization).where(*mine, living).values(**ended))


async def set_expiry(session: Session, *, shop_id: UUID, authorization_id: UUID, expires_at: datetime) -> None:
    """When the platform says the grant ends."""
    mine = (col(TikTokAuthorization.id) == authorization_id, col(TikTokAuthorization.shop_id) == shop_id)
    await session.exec(update(TikTokAuthorization).where(*mine).values(refresh_expires_at=expires_at))


async def insert_state(session: Session, *, shop_id: UUID, state: OAuthState, now: datetime) -> None:
    """Write a connect link in flight, and clear away the store's links that ran out."""
    old = (col(OAuthState.shop_id) == shop_id, col(OAuthState.expires_at) < now)
    await session.exec(delete(OAuthState).where(*old))
    state.shop_id = shop_id
    session.add(state)
    await session.flush()


async def take_state(session: Session, *, state: str, now: datetime) -> tuple[UUID, Market] | None:
    """Use a connect link up: its shop and market, once. Not scoped to a shop: the state says which shop asked."""
    open_ = (col(OAuthState.state) == state, col(OAuthState.used_at).is_(None), col(OAuthState.expires_at) > now)
    statement = update(OAuthState).where(*open_).values(used_at=now)
    connection = await session.connection()
    taken = (await connection.execute(statement.returning(col(OAuthState.shop_id), col(OAuthState.market)))).first()
    return None if taken is None else (taken[0], Market(taken[1]))


async def sealed_after(session: Session, *, after: UUID | None, amount: int) -> Sequence[TikTokAuthorization]:
    """Living grants by id. Not scoped to a shop: keys are rotated for all."""
    living = col(TikTokAuthorization.ended_at).is_(None)
    statement = select(TikTokAuthorization).where(living).order_by(col(TikTokAuthorization.id)).limit(amount)
    if after is not None:
        statement = statement.where(col(TikTokAuthorization.id) > after)
    return (await session.exec(statement)).all()


async def reseal(
    session: Session, *, shop_id: UUID, authorization_id: UUID, used: str, access: str, refresh: str
) -> None:
    """Store the same tokens under the newest key, unless they were renewed meanwhile."""
    mine = (col(TikTokAuthorization.id) == authorization_id, col(TikTokAuthorization.shop_id) == shop_id)
    unchanged = col(TikTokAuthorization.refresh_token_sealed) == used
    values = {"access_token_sealed": access, "refresh_token_sealed": refresh}
    await session.exec(update(TikTokAuthorization).where(*mine, unchanged).values(**values))
