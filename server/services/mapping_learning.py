"""Mappings that come about by themselves: where confirmed choices agree, their source category is mapped (P1, P4)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.actors import SYSTEM
from server.domain.categories import CategoryVersion
from server.domain.mappings import MappingOrigin, fault_of, propose
from server.services.leaf_judging import leaf_judge
from server.store import confirmed_choices
from server.store import mappings as store
from server.store.mappings import NewMapping
from server.store.session import Session
from server.tables import CategoryMapping


async def learn(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    version: CategoryVersion,
    now: datetime,
) -> list[CategoryMapping]:
    """Look again at the source categories of products whose choice changed; answers what is newly or otherwise mapped.

    All choices in the tree count, but for those that a mapping taught. What a merchant set stays.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    votes = await confirmed_choices.votes(session, **where, product_ids=product_ids, version=version)
    proposals = [one for one in propose(votes) if fault_of(one.source) is None]
    if not proposals:
        return []
    judge = await leaf_judge(session, **where, refs=[one.ref for one in proposals], now=now)
    good = [one for one in proposals if judge.fault(one.ref) is None]
    names = await store.names(session, shop_id=shop_id, sources=[one.source for one in good])
    rows = [
        NewMapping(one.source, names.get(one.source, one.source.key), one.ref, one.agreeing, one.seen) for one in good
    ]
    changed = await store.upsert(session, **where, mappings=rows, origin=MappingOrigin.LEARNED, set_by=SYSTEM, now=now)
    return list((await store.by_ids(session, shop_id=shop_id, ids=list(changed))).values())
