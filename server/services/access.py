"""Who calls and what for: callers, their scopes, and Leafmark's own API tokens."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.kit.errors import Forbidden, Invalid, NotFound
from server.kit.secrets import Secret, fingerprint
from server.store import access as store
from server.store import shops
from server.store.session import Session
from server.tables import ApiToken

TOKEN_PREFIX = "lmk_"  # noqa: S105 - the public beginning of every token, so that leak scanners know one
USE_NOTED_EVERY = timedelta(minutes=1)
"""A busy token's ``last_used_at`` costs one write a minute, not one a request."""

_LONGEST_NAME = 255


class Scope(StrEnum):
    """What a caller may do; a merchant in the Shopify admin has them all."""

    READ_PRODUCTS = "read_products"
    WRITE_LISTINGS = "write_listings"
    WRITE_TEMPLATES = "write_templates"
    WRITE_UPGRADES = "write_upgrades"
    MANAGE_SHOP = "manage_shop"


ALL_SCOPES = frozenset(Scope)


class CallerKind(StrEnum):
    """How a caller proved who it is: a Shopify ID token, or one of our API tokens."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which shop. ``name`` is fit for task logs; ``expires_at`` is when the proof ends, if ever."""

    shop_id: UUID
    kind: CallerKind
    name: str
    scopes: frozenset[Scope] = ALL_SCOPES
    expires_at: datetime | None = None
    token_id: UUID | None = None

    @property
    def started_by(self) -> str:
        """What tasks and tokens remember of their maker (``user:42``, ``token:ERP``)."""
        return f"{self.kind}:{self.name}"[:128]

    def may(self, scope: Scope) -> bool:
        """Whether the scope was granted."""
        return scope in self.scopes

    def must(self, scope: Scope) -> None:
        """Raise ``Forbidden`` unless the scope was granted."""
        if scope not in self.scopes:
            raise Forbidden(f"This API token lacks the scope {scope.name}; create one that has it.")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; ``secret`` is shown this once and not kept."""

    row: ApiToken
    secret: Secret


@dataclass(frozen=True, slots=True)
class KnownToken:
    """The caller behind a secret; ``use_unnoted`` asks for ``note_use``."""

    caller: Caller
    use_unnoted: bool


async def create_token(
    session: Session, *, caller: Caller, name: str, scopes: Iterable[Scope], now: datetime
) -> NewToken:
    """A new token for the caller's shop, never with more rights than the caller has."""
    caller.must(Scope.MANAGE_SHOP)
    wanted = frozenset(scopes)
    if not wanted:
        raise Invalid("Choose at least one scope.", field=("input", "scopes"))
    if beyond := sorted(wanted - caller.scopes):
        names = ", ".join(one.name for one in beyond)
        raise Forbidden(f"You cannot grant what you may not do yourself: {names}.", field=("input", "scopes"))
    secret = Secret(TOKEN_PREFIX + secrets.token_urlsafe(32))
    row = ApiToken(
        shop_id=caller.shop_id,
        name=_checked_name(name),
        fingerprint=fingerprint(secret),
        scopes=sorted(wanted),
        created_at=now,
        created_by=caller.started_by,
    )
    await store.insert(session, shop_id=caller.shop_id, token=row)
    return NewToken(row, secret)


def _checked_name(name: str) -> str:
    text = " ".join(name.split())
    if not text or "\0" in text:
        raise Invalid("Give the token a name that tells what it is for.", field=("input", "name"))
    if len(text) > _LONGEST_NAME:
        raise Invalid(f"A token's name has at most {_LONGEST_NAME} characters.", field=("input", "name"))
    return text


async def revoke_token(session: Session, *, shop_id: UUID, token_id: UUID, now: datetime) -> ApiToken:
    """End a token at once; revoking it again changes nothing."""
    await store.revoke(session, shop_id=shop_id, token_id=token_id, now=now)
    row = await store.get(session, shop_id=shop_id, token_id=token_id)
    if row is None:
        raise NotFound("There is no such API token in this shop.", field=("id",))
    return row


async def page(session: Session, *, shop_id: UUID, args: PageArgs) -> Page[ApiToken]:
    """The shop's tokens, newest first; none of them holds its secret."""
    return await store.page(session, shop_id=shop_id, args=args)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, ApiToken]:
    """Those of the tokens that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def caller_of_token(session: Session, *, secret: Secret, now: datetime) -> KnownToken | None:
    """Who presents this secret; nobody when it is unknown, revoked, or its shop uninstalled us."""
    row = await store.by_fingerprint(session, fingerprint=fingerprint(secret))
    if row is None:
        return None
    granted = frozenset(scope for scope in Scope if scope in row.scopes)
    caller = Caller(row.shop_id, CallerKind.TOKEN, row.name, granted, token_id=row.id)
    return KnownToken(caller, row.last_used_at is None or row.last_used_at <= now - USE_NOTED_EVERY)


async def note_use(session: Session, *, caller: Caller, now: datetime) -> None:
    """Remember that the caller's token was used; two processes at once write it once."""
    if caller.token_id is not None:
        oldest = now - USE_NOTED_EVERY
        await store.note_use(session, shop_id=caller.shop_id, token_id=caller.token_id, now=now, unless_after=oldest)


async def still_may_listen(session: Session, *, caller: Caller) -> bool:
    """Whether an open socket may stay open: the shop has us installed, and a token was not revoked meanwhile.

    An ID token that ran out does not close its socket (Shopify fact sheet 6): it proved who opened it.
    """
    if not await shops.is_installed(session, shop_id=caller.shop_id):
        return False
    if caller.token_id is None:
        return True
    return await store.is_live(session, shop_id=caller.shop_id, token_id=caller.token_id)
