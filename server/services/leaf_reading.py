"""What leaf categories demand, for whoever looks at them: kept for a day, then asked for again by one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokClient
from server.domain.categories import CategoryRef
from server.domain.leaves import Leaf
from server.kit.clock import Clock
from server.kit.errors import AppError, Conflict, Invalid, Unavailable
from server.kit.secrets import Vault
from server.services import leases, leaves, tiktok_shops
from server.store import leaves as store
from server.store.session import Database, Session

MOST_AT_ONCE = 25
"""Leaves that one look may ask the platform about: each costs two calls."""

_CALLS = 4
_ASK_MERCHANT = (UpstreamKind.NEEDS_AUTHORIZATION, UpstreamKind.NEEDS_PERMISSION)
_PASSES = (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)


@dataclass(frozen=True, slots=True)
class KnownLeaf:
    """A leaf's demands and when the platform told them."""

    leaf: Leaf
    read_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Not older than a day."""
        return self.read_at > now - leaves.FRESH


@dataclass(frozen=True, slots=True)
class Platform:
    """What asking the platform takes; no session is open meanwhile."""

    database: Database
    vault: Vault
    tiktok: TikTokClient
    clock: Clock


async def known(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, KnownLeaf]:
    """What is kept, however old."""
    rows = await store.read(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)
    return {ref: KnownLeaf(Leaf.from_json(ref, row.attributes, row.rules), row.fetched_at) for ref, row in rows.items()}


async def asked(
    platform: Platform, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, KnownLeaf | AppError]:
    """Ask for leaves that are not known or old, and keep the answers. Call it with no transaction open.

    A refusal is the leaf's own, told in its place; while the platform is away, what was known goes on being told.
    """
    found: dict[CategoryRef, KnownLeaf | AppError] = {}
    slots = anyio.Semaphore(_CALLS)

    async def ask(ref: CategoryRef) -> None:
        async with slots:
            found[ref] = await _asked(platform, shop_id, tiktok_shop_id, ref)

    async with anyio.create_task_group() as group:
        for ref in refs[:MOST_AT_ONCE]:
            group.start_soon(ask, ref)
    too_many = Invalid(f"At most {MOST_AT_ONCE} leaves can be read from TikTok Shop at once: ask for fewer, or again.")
    return {ref: found.get(ref, too_many) for ref in refs}


async def _asked(platform: Platform, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef) -> KnownLeaf | AppError:
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}

    async def kept() -> KnownLeaf | None:
        async with platform.database.read() as session:
            return (await known(session, **where, refs=[ref])).get(ref)

    async def fresh() -> KnownLeaf | None:
        have = await kept()
        return have if have is not None and have.is_fresh(platform.clock()) else None

    async def fetched() -> KnownLeaf:
        async with platform.database.read() as session:
            await tiktok_shops.connected(session, **where, now=platform.clock())
        source = tiktok_shops.token_source(
            platform.database, platform.vault, platform.tiktok, **where, clock=platform.clock
        )
        leaf, now = await leaves.fetch(platform.tiktok, source, ref), platform.clock()
        async with platform.database.write() as session:
            await leaves.keep(session, **where, leaf=leaf, now=now)
        return KnownLeaf(leaf, now)

    name = f"leaf:{tiktok_shop_id}:{ref.version}:{ref.id}"
    try:
        return await leases.once(platform.database, name=name, clock=platform.clock, known=fresh, make=fetched)
    except Upstream as error:
        if error.tree_stale:
            async with platform.database.write() as session:
                await leaves.contradicted(session, **where, ref=ref, code=error.code, now=platform.clock())
        old = await kept() if error.kind in _PASSES else None
        return old if old is not None else refusal(error)
    except AppError as error:
        return error


def refusal(error: Upstream) -> AppError:
    """What the platform said, as readers of our API are told it."""
    if error.kind in _ASK_MERCHANT:
        return Conflict(error.message, code="AUTHORIZATION_NEEDED", field=("tiktokShopId",))
    if error.kind in _PASSES:
        return Unavailable(error.message)
    return Conflict(error.message)
