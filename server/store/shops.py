"""Rows of Shopify stores: installation, sealed tokens, profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update

from server.store.session import Session
from server.tables import Shop


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """An access and a refresh token as ciphertext, with their ends and what was granted."""

    access: str
    access_expires_at: datetime
    refresh: str
    refresh_expires_at: datetime
    scopes: str

    def values(self) -> dict[str, str | datetime]:
        """By column."""
        return {
            "access_token_sealed": self.access,
            "access_expires_at": self.access_expires_at,
            "refresh_token_sealed": self.refresh,
            "refresh_expires_at": self.refresh_expires_at,
            "scopes": self.scopes,
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """What the store says of itself."""

    name: str
    currency: str
    weight_unit: str
    country: str
    timezone: str

    def values(self) -> dict[str, str]:
        """By column."""
        return {
            "name": self.name,
            "currency": self.currency,
            "weight_unit": self.weight_unit,
            "country": self.country,
            "timezone": self.timezone,
        }


async def by_domain(session: Session, *, domain: str) -> Shop | None:
    """The store of this domain. Not scoped to a shop: the domain is what says which shop it is."""
    statement = select(Shop).where(Shop.domain == domain).execution_options(populate_existing=True)
    return (await session.exec(statement)).first()


async def get(session: Session, *, shop_id: UUID, lock: bool = False) -> Shop | None:
    """The store, installed or not; with ``lock`` nobody else changes it until the transaction ends."""
    statement = select(Shop).where(Shop.id == shop_id).execution_options(populate_existing=True)
    return (await session.exec(statement.with_for_update(key_share=True) if lock else statement)).first()


async def is_installed(session: Session, *, shop_id: UUID) -> bool:
    """The store has the app now."""
    statement = select(Shop.id).where(Shop.id == shop_id, col(Shop.uninstalled_at).is_(None))
    return (await session.exec(statement)).first() is not None


async def save_installed(
    session: Session, *, domain: str, tokens: SealedTokens, profile: Profile, now: datetime
) -> Shop:
    """The store with its tokens, made new or come back. Not scoped to a shop: it makes the shop."""
    fresh = {**tokens.values(), **profile.values(), "installed_at": now, "uninstalled_at": None}
    row = Shop(domain=domain, installed_at=now)
    statement = insert(Shop).values(**(row.model_dump() | fresh))
    statement = statement.on_conflict_do_update(index_elements=[col(Shop.domain)], set_=fresh)
    connection = await session.connection()
    await connection.execute(statement)
    saved = await by_domain(session, domain=domain)
    assert saved is not None  # noqa: S101 - written two lines above, in this transaction
    return saved


async def swap_tokens(session: Session, *, shop_id: UUID, used: str, tokens: SealedTokens) -> bool:
    """Store renewed tokens if the refresh token is still the used one: not after an uninstall or a newer renewal."""
    mine = (col(Shop.id) == shop_id, col(Shop.refresh_token_sealed) == used)
    return (await session.exec(update(Shop).where(*mine).values(**tokens.values()))).rowcount == 1


async def drop_tokens(session: Session, *, shop_id: UUID, uninstalled_at: datetime | None) -> None:
    """Forget all tokens of a store, because it uninstalled the app or because they no longer work."""
    values: dict[str, datetime | str | None] = {
        "access_token_sealed": None,
        "access_expires_at": None,
        "refresh_token_sealed": None,
        "refresh_expires_at": None,
    }
    if uninstalled_at is not None:
        values["uninstalled_at"] = uninstalled_at
    await session.exec(update(Shop).where(col(Shop.id) == shop_id).values(**values))


async def drop(session: Session, *, shop_id: UUID) -> None:
    """Delete the store and, by the foreign keys, everything that hangs on it."""
    await session.exec(delete(Shop).where(col(Shop.id) == shop_id))


async def sealed_after(session: Session, *, after: UUID | None, amount: int) -> Sequence[Shop]:
    """Stores with tokens, by id. Not scoped to a shop: keys are rotated for all."""
    statement = select(Shop).where(col(Shop.refresh_token_sealed).is_not(None)).order_by(col(Shop.id)).limit(amount)
    return (await session.exec(statement if after is None else statement.where(col(Shop.id) > after))).all()


async def reseal(session: Session, *, shop_id: UUID, used: str, access: str, refresh: str) -> None:
    """Store the same tokens under the newest key, unless they were renewed meanwhile."""
    mine = (col(Shop.id) == shop_id, col(Shop.refresh_token_sealed) == used)
    await session.exec(update(Shop).where(*mine).values(access_token_sealed=access, refresh_token_sealed=refresh))
