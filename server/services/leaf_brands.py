"""The brands that a leaf category offers: the platform's own pages, kept for a day in Redis, which may lose them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clients.errors import Upstream
from server.clients.tiktok_category_answers import BrandPage
from server.domain.categories import CategoryRef
from server.domain.paging import Page, PageArgs
from server.kit.errors import Invalid
from server.kit.json import dumps, loads
from server.services import brands, leases, leaves, tiktok_shops
from server.services.leaf_reading import Platform, refusal

MOST = 100
"""Brands a page, by the platform's own limit (TikTok fact sheet 3.9)."""


@dataclass(frozen=True, slots=True)
class LeafBrand:
    """A brand as the shop may use it in this leaf."""

    id: str
    name: str
    is_authorized: bool
    is_usable: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class _Place:
    """One of the platform's pages, and how many of its brands come before what is wanted."""

    token: str
    size: int
    skip: int

    def cursor(self) -> str:
        return urlsafe_b64encode(dumps([self.token, self.size, self.skip])).decode()

    @classmethod
    def read(cls, cursor: str) -> "_Place":
        """``Invalid`` for a cursor that is not one of ours."""
        try:
            token, size, skip = loads(urlsafe_b64decode(cursor))
        except (ValueError, TypeError):
            token = size = skip = None
        if not (isinstance(token, str) and isinstance(size, int) and isinstance(skip, int) and 0 < size <= MOST):
            raise Invalid("after is not a cursor of this list: pass one from pageInfo or edges.", field=("after",))
        return cls(token, size, max(0, skip))


async def page(
    platform: Platform,
    redis: Redis,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    ref: CategoryRef,
    starts_with: str,
    args: PageArgs,
) -> Page[LeafBrand]:
    """Brands whose names begin so, in the platform's order. Call it with no transaction open.

    A page may be shorter than asked where the platform's own pages end.
    """
    if args.size > MOST:
        raise Invalid(f"TikTok Shop shows at most {MOST} brands at once.", field=("first",))
    place = _Place("", args.size, 0) if args.after is None else _Place.read(args.after)
    key = _key(tiktok_shop_id, ref, starts_with, place)
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}

    async def kept() -> Mapping[str, Any] | None:
        return await _recall(redis, key, platform.clock())

    async def fetched() -> Mapping[str, Any]:
        async with platform.database.read() as session:
            await tiktok_shops.connected(session, **where, now=platform.clock())
        source = tiktok_shops.token_source(
            platform.database, platform.vault, platform.tiktok, **where, clock=platform.clock
        )
        told = await platform.tiktok.categories.brands(
            source, ref.version, category=ref, starts_with=starts_with, page_token=place.token, page_size=place.size
        )
        async with platform.database.write() as session:
            met = brands.met(told.brands)
            await brands.keep(session, **where, ref=ref, answers=met, now=platform.clock())
        return await _remember(redis, key, told, platform.clock())

    try:
        told = await leases.once(platform.database, name=key, clock=platform.clock, known=kept, make=fetched)
    except Upstream as error:
        raise refusal(error) from error
    return _page(told, place, args.size)


def _page(told: Mapping[str, Any], place: _Place, size: int) -> Page[LeafBrand]:
    read_at = datetime.fromisoformat(told["read_at"])
    listed = [LeafBrand(**one, read_at=read_at) for one in told["brands"]]
    shown = listed[place.skip : place.skip + size]
    cursors = [_Place(place.token, place.size, place.skip + n + 1).cursor() for n in range(len(shown))]
    ended = place.skip + len(shown) >= len(listed)
    if ended and cursors and told["next"]:
        cursors[-1] = _Place(told["next"], place.size, 0).cursor()
    has_previous = bool(place.token) or place.skip > 0
    return Page(shown, cursors, not ended or bool(told["next"]), has_previous, told["total"])


def _key(tiktok_shop_id: UUID, ref: CategoryRef, starts_with: str, place: _Place) -> str:
    page_of = sha256(dumps([starts_with, place.token, place.size])).hexdigest()[:32]
    return f"leafmark:brands:{tiktok_shop_id}:{ref.version}:{ref.id}:{page_of}"


async def _recall(redis: Redis, key: str, now: datetime) -> Mapping[str, Any] | None:
    try:
        text = await redis.get(key)
    except (RedisError, OSError):
        return None
    told: Mapping[str, Any] | None = None if text is None else loads(text)
    if told is None or datetime.fromisoformat(told["read_at"]) <= now - leaves.FRESH:
        return None
    return told


async def _remember(redis: Redis, key: str, page: BrandPage, now: datetime) -> Mapping[str, Any]:
    told = {
        "read_at": now.isoformat(),
        "next": page.next_page_token,
        "total": page.total_count,
        "brands": [
            {
                "id": one.id,
                "name": one.name,
                "is_authorized": one.authorized_status == "AUTHORIZED",
                "is_usable": one.usable,
            }
            for one in page.brands
        ],
    }
    try:
        await redis.set(key, dumps(told), ex=int(leaves.FRESH.total_seconds()))
    except (RedisError, OSError):
        return told
    return told
