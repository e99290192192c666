"""Forgetting what products have of their own in a TikTok shop: their templates decide again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.kit.errors import AppError, Invalid
from server.services import tiktok_shops
from server.services.templates.overriding import MAX_ROWS, follow_up, no_product
from server.services.templates.own_history import own_of
from server.store import overrides as store
from server.store.overrides import NewOverride
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class ClearOutcome:
    """What became of one product whose own settings were to be forgotten; ``had`` whether there were any."""

    product_id: UUID
    done: bool
    had: bool = False
    error: AppError | None = None


async def clear(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    actor: str,
    now: datetime,
) -> list[ClearOutcome]:
    """Forget all that products have of their own, answered row by row; under REJECT_EVERYTHING all or nothing."""
    if not 1 <= len(product_ids) <= MAX_ROWS:
        raise Invalid(f"Name 1 to {MAX_ROWS} products at once.", field=("input", "productIds"))
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    there = await store.hold_products(session, shop_id=shop_id, product_ids=list(set(product_ids)))
    strangers = [
        None if one in there else no_product("input", "productIds", str(at)) for at, one in enumerate(product_ids)
    ]
    if any(strangers) and policy is ErrorPolicy.REJECT_EVERYTHING:
        return [ClearOutcome(one, False, error=error) for one, error in zip(product_ids, strangers, strict=True)]
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    before = own_of(await store.by_products(session, **where, product_ids=sorted(there)))
    cleared = await store.remove(session, **where, product_ids=sorted(there))
    rows = [NewOverride(one, None, {}) for one in cleared]
    await follow_up(session, **where, before=before, rows=rows, actor=actor, now=now)
    return [
        ClearOutcome(one, error is None, one in cleared, error)
        for one, error in zip(product_ids, strangers, strict=True)
    ]
