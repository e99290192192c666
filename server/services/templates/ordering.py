"""Which template goes before which: the whole order changed at once, so that no two calls leave it in between."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.kit.errors import Invalid, NotFound
from server.services import tiktok_shops
from server.services.templates.drafts import LAST_RANK
from server.services.templates.recording import Saving, revision, standing
from server.store import template_revisions
from server.store import templates as store
from server.store.session import Session
from server.tables import CategoryTemplate

MAX_NAMED = 1_000
_FIELD = ("input", "templateIds")


async def reorder(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_ids: Sequence[UUID],
    actor: str,
    now: datetime,
) -> list[CategoryTemplate]:
    """The named templates take each other's places in this order, all others keep theirs; answers all in order.

    Ranks are told anew only where they must: a template whose rank stays has no new revision. The default is not
    named, for it is always last.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    await store.one_writer(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    rows = await store.lock_all(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    _check(rows, template_ids)
    saving, lines = Saving(actor, now), []
    wanted = permuted([row for row in rows if not row.is_default], template_ids)
    for row, rank in zip(wanted, fresh_ranks([row.rank for row in rows if not row.is_default]), strict=True):
        if row.rank == rank:
            continue
        before = standing(row)
        row.rank, row.revision, row.updated_at = rank, row.revision + 1, now
        lines.append(revision(row, before, saving))
    await template_revisions.add(session, shop_id=shop_id, rows=lines)
    return [*wanted, *(row for row in rows if row.is_default)]


def permuted(rows: Sequence[CategoryTemplate], template_ids: Sequence[UUID]) -> list[CategoryTemplate]:
    """The rows with the named ones in the named order, in the places that they hold together."""
    named = set(template_ids)
    known = {row.id: row for row in rows}
    order = iter(template_ids)
    return [known[next(order)] if row.id in named else row for row in rows]


def fresh_ranks(ranks: Sequence[int]) -> list[int]:
    """Ranks for the places from first to last: the same ones where they rise already, else pushed up just enough."""
    told: list[int] = []
    for rank in ranks:
        told.append(rank if not told or rank > told[-1] else told[-1] + 1)
    return told if not told or told[-1] <= LAST_RANK else list(range(len(told)))


def _check(rows: Sequence[CategoryTemplate], template_ids: Sequence[UUID]) -> None:
    if not 1 <= len(template_ids) <= MAX_NAMED:
        raise Invalid(f"Name 1 to {MAX_NAMED:,} templates.", field=_FIELD)
    known, seen = {row.id: row for row in rows}, set[UUID]()
    for at, template_id in enumerate(template_ids):
        field = (*_FIELD, str(at))
        if template_id not in known:
            raise NotFound("There is no such category template in this TikTok shop.", field=field)
        if known[template_id].is_default:
            raise Invalid("The default template is always last: leave it out.", field=field)
        if template_id in seen:
            raise Invalid("This template stands here twice.", field=field)
        seen.add(template_id)
