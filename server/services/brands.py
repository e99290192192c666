"""Brands by name: asked of the platform once a day for each leaf, and kept."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from server.clients.tiktok import Access, TikTokClient
from server.clients.tiktok_category_answers import Brand
from server.domain.brands import LONGEST, Brands, KeptBrand
from server.domain.categories import CategoryRef
from server.domain.comparing import key_of
from server.services.leaves import FRESH
from server.store import brands as store
from server.store.brands import BrandAnswer
from server.store.session import Session

_PAGES = 5
"""Names that begin alike are told in pages; so many are read for one name."""


async def kept(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    refs: Collection[CategoryRef],
    names: Collection[str] = (),
    brand_ids: Collection[str] = (),
    now: datetime,
) -> dict[CategoryRef, Brands]:
    """What is known of these names and brands in these leaves, not older than a day."""
    if not refs or not (names or brand_ids):
        return {}
    found = await store.read(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        refs=refs,
        keys=[key_of(name) for name in names],
        brand_ids=brand_ids,
        since=now - FRESH,
    )
    return {ref: _known(answers) for ref, answers in found.items()}


async def look_up(tiktok: TikTokClient, access: Access, ref: CategoryRef, name: str) -> BrandAnswer:
    """Ask for one brand by its name, with no transaction open. ``Upstream`` when the platform refuses."""
    key, best, token = key_of(name), None, ""
    for _ in range(_PAGES):
        page = await tiktok.categories.brands(access, ref.version, category=ref, starts_with=name, page_token=token)
        same = [_brand(one) for one in page.brands if key_of(one.name) == key]
        best = Brands.of([*same, *([best] if best else [])]).named(name)
        if (best is not None and best.is_usable) or not page.next_page_token:
            break
        token = page.next_page_token
    return BrandAnswer(key, best)


async def keep(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    ref: CategoryRef,
    answers: Iterable[BrandAnswer],
    now: datetime,
) -> None:
    """Remember what the platform said."""
    await store.keep(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        ref=ref,
        answers=list({one.key: one for one in answers}.values()),
        now=now,
    )


def met(brands: Iterable[Brand]) -> list[BrandAnswer]:
    """Brands of one of the platform's pages, as answers to their own names."""
    known = Brands.of(_brand(one) for one in brands if one.id and len(one.name) <= LONGEST)
    return [BrandAnswer(key, brand) for key, brand in known.by_name.items()]


def with_answers(known: Mapping[CategoryRef, Brands], ref: CategoryRef, answers: Iterable[BrandAnswer]) -> Brands:
    """What is known of a leaf's brands, with what was learned just now."""
    before, learned = known.get(ref, Brands()), _known(answers)
    return Brands(before.by_id | learned.by_id, before.by_name | learned.by_name, before.asked | learned.asked)


def _known(answers: Iterable[BrandAnswer]) -> Brands:
    told = list(answers)
    return Brands.of((one.brand for one in told if one.brand is not None), (one.key for one in told))


def _brand(wire: Brand) -> KeptBrand:
    return KeptBrand(wire.id, wire.name, wire.authorized_status == "AUTHORIZED", wire.usable)
