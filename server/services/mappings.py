"""Mapping source categories of the store to leaves: by hand, one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef
from server.domain.history import ChangeCause
from server.domain.mappings import MappingOrigin, Source, SourceKind, Standing, fault_of, type_key
from server.domain.paging import Page, PageArgs
from server.kit.errors import AppError, Invalid, NotFound
from server.services import tiktok_shops
from server.services.leaf_judging import leaf_judge
from server.services.listings.editing import marking
from server.services.recommendations import teaching
from server.store import mapping_sources
from server.store import mappings as store
from server.store.mappings import NewMapping
from server.store.session import Session
from server.tables import CategoryMapping

MAX_ROWS = 250
"""Mappings that one call may set."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One mapping to set."""

    source: Source
    ref: CategoryRef


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one wish: the mapping as it stands, or why it was not set."""

    mapping: CategoryMapping | None = None
    error: AppError | None = None


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    mapped: bool | None = None,
    kinds: Sequence[SourceKind] = (),
    search: str | None = None,
    args: PageArgs,
) -> Page[Standing]:
    """The store's source categories with their products and mappings; ``mapped`` None: all of them."""
    await _must_exist(session, shop_id, tiktok_shop_id, ("tiktokShopId",))
    return await mapping_sources.page(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        mapped=mapped,
        kinds=kinds,
        search=search,
        args=args,
    )


async def examples(
    session: Session, *, shop_id: UUID, sources: Sequence[Source], amount: int
) -> dict[Source, list[UUID]]:
    """Products to look at in each of these source categories, of a Shopify category those below it too; for loaders."""
    return await mapping_sources.latest_products(session, shop_id=shop_id, sources=sources, amount=amount)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryMapping]:
    """Those of the mappings that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def set_one(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, wish: Wish, set_by: str, now: datetime
) -> CategoryMapping:
    """Map a source category by hand; again with the same leaf changes nothing. ``Invalid`` names the faulty field."""
    [outcome] = await set_many(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, wishes=[wish], set_by=set_by, now=now
    )
    if outcome.mapping is None:
        raise outcome.error or LookupError("a mapping was neither set nor refused")
    return outcome.mapping


async def set_many(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wishes: Sequence[Wish],
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    origin: MappingOrigin = MappingOrigin.MANUAL,
    set_by: str,
    now: datetime,
) -> list[Outcome]:
    """Map several, answered row by row; a row's error names its field below ``input``.

    A source that is wished twice is an error of the second. Under REJECT_EVERYTHING one fault keeps all from being set.
    """
    if not 1 <= len(wishes) <= MAX_ROWS:
        raise Invalid(f"Give 1 to {MAX_ROWS} mappings at once.", field=("input", "mappings"))
    await _must_exist(session, shop_id, tiktok_shop_id, ("input", "tiktokShopId"))
    wishes = [Wish(folded(wish.source), wish.ref) for wish in wishes]
    errors = await faults(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, wishes=wishes, now=now)
    if any(errors) and policy is ErrorPolicy.REJECT_EVERYTHING:
        return [Outcome(error=error) for error in errors]
    good = [wish for wish, error in zip(wishes, errors, strict=True) if error is None]
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    sources = [wish.source for wish in good]
    names = await store.names(session, shop_id=shop_id, sources=sources)
    rows = [NewMapping(wish.source, names.get(wish.source, wish.source.key), wish.ref) for wish in good]
    changed = await store.upsert(session, **where, mappings=rows, origin=origin, set_by=set_by, now=now)
    known = await store.by_sources(session, **where, sources=sources)
    taught = [source for source, row in known.items() if row.id in changed]
    await _spread(session, shop_id, tiktok_shop_id, taught, set_by, now, actor=set_by)
    return [
        Outcome(known[wish.source]) if error is None else Outcome(error=error)
        for wish, error in zip(wishes, errors, strict=True)
    ]


def folded(source: Source) -> Source:
    """The source as it is kept: product types without the case of A to Z."""
    if source.kind is not SourceKind.PRODUCT_TYPE:
        return source
    return Source(source.kind, type_key(source.key))


async def faults(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, wishes: Sequence[Wish], now: datetime
) -> list[AppError | None]:
    """What is wrong with each wish, if anything."""
    judge = await leaf_judge(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[wish.ref for wish in wishes], now=now
    )
    seen: set[Source] = set()
    found: list[AppError | None] = []
    for wish in wishes:
        again = wish.source in seen
        seen.add(wish.source)
        if message := fault_of(wish.source):
            found.append(Invalid(message, field=("input", "source", "key")))
        elif again:
            found.append(Invalid("This source category stands here twice.", field=("input", "source")))
        else:
            found.append(judge.fault(wish.ref))
    return found


async def delete(session: Session, *, shop_id: UUID, mapping_id: UUID, now: datetime) -> None:
    """Forget a mapping and what it taught. Listings made with it stay on TikTok Shop, and are looked at again."""
    row = (await store.by_ids(session, shop_id=shop_id, ids=[mapping_id])).get(mapping_id)
    if row is None or not await store.delete(session, shop_id=shop_id, mapping_id=mapping_id):
        raise NotFound("There is no such mapping in this shop.", field=("id",))
    await _spread(session, shop_id, row.tiktok_shop_id, [Source(row.kind, row.key)], row.set_by, now)


async def _spread(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    sources: Sequence[Source],
    by: str,
    now: datetime,
    *,
    actor: str | None = None,
) -> None:
    """Mappings changed by hand: the recommender hears of it, and listings in these source categories are due."""
    if not sources:
        return
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await teaching.learn_mappings(session, **where, sources=sources, by=by, now=now)
    listed = await mapping_sources.listed_products(session, **where, sources=sources)
    await marking.mark(session, **where, product_ids=listed, cause=ChangeCause.MAPPING, actor=actor, now=now)


async def _must_exist(session: Session, shop_id: UUID, tiktok_shop_id: UUID, field: Sequence[str]) -> None:
    try:
        await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    except NotFound as error:
        raise NotFound(error.message, field=field) from None
