"""What a merchant decided for products alone, as their listings' histories tell it (capability X16)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.history import ChangeCause, ChangeKind
from server.kit.json import dumps_text
from server.store import listing_history
from server.store.listing_history import Word
from server.store.overrides import NewOverride
from server.store.session import Session
from server.tables import ProductOverride

_LONGEST = 300

Own = Mapping[str, Any]
"""What a product has of its own: ``domain.overrides`` as JSON, and the id of its ``category``."""


def own_of(rows: Mapping[UUID, ProductOverride]) -> dict[UUID, Own]:
    """By product, as it stands before anything is written."""
    return {one: _with_category(row.content, row.category_id) for one, row in rows.items()}


async def decided(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    before: Mapping[UUID, Own],
    rows: Sequence[NewOverride],
    actor: str,
    now: datetime,
) -> None:
    """A line for each listing whose product has something else of its own now: each part before and after, cut."""
    fields: dict[UUID, dict[str, list[object]]] = {}
    for row in rows:
        after = _with_category(row.content, row.category.id if row.category else None)
        fields[row.product_id] = _differing(before.get(row.product_id, {}), after)
    word = Word(ChangeKind.OVERRIDDEN, ChangeCause.MERCHANT, actor, now)
    await listing_history.add_of_products(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, word=word, fields=fields
    )


def _with_category(content: Mapping[str, Any], category_id: str | None) -> Own:
    return dict(content) if category_id is None else {"category": category_id, **content}


def _differing(before: Own, after: Own) -> dict[str, list[object]]:
    names = sorted(before.keys() | after.keys())
    return {name: [_cut(was), _cut(now)] for name in names if (was := before.get(name)) != (now := after.get(name))}


def _cut(value: object) -> object:
    """A long text, and what is long as JSON, tells its beginning."""
    words = value if isinstance(value, str) else dumps_text(value)
    return value if len(words) <= _LONGEST else words[:_LONGEST] + "…"
