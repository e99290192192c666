"""The merchant's word: approve what is proposed, choose another leaf, or reject (R13). Repeating changes nothing."""

from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, PermissionStatus
from server.domain.history import ChangeCause
from server.domain.recommendations import RecommendationState, goes_in_circles
from server.kit.errors import Conflict, Invalid, NotFound
from server.services import versions
from server.services.leaf_judging import closed
from server.services.listings.editing import marking
from server.services.recommendations import teaching
from server.services.recommendations.rows import chosen_of, past_of, proposed_of, refs_json
from server.services.recommendations.teaching import ChoiceSource, Confirmed
from server.store import categories
from server.store import recommendations as store
from server.store.session import Session
from server.tables import Recommendation


async def approve(
    session: Session, *, shop_id: UUID, recommendation_id: UUID, ref: CategoryRef | None, by: str, now: datetime
) -> Recommendation:
    """Confirm the proposal, or ``ref`` in its place. The next ranking of this shop has learned it."""
    row = await _locked(session, shop_id, recommendation_id)
    ref = ref or (chosen_of(row) if row.state is RecommendationState.APPROVED else proposed_of(row))
    if ref is None:
        raise Invalid("Nothing is proposed for this product: name the category to use.", field=("ref",))
    if row.state is RecommendationState.APPROVED and chosen_of(row) == ref:
        return row
    await _check(session, row, ref, now)
    await teaching.learn(
        session,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        choices=[Confirmed(row.product_id, ref, ChoiceSource.APPROVAL)],
        by=by,
        now=now,
    )
    past = past_of(row)
    proposals = past.then(ref)
    row.chosen_id, row.chosen_version = ref.id, ref.version
    row.proposals = refs_json((ref,) if goes_in_circles(proposals) else proposals)
    row.rejected = refs_json(one for one in past.rejected if one != ref)
    return await _decided(session, row, RecommendationState.APPROVED, by, now)


async def reject(session: Session, *, shop_id: UUID, recommendation_id: UUID, by: str, now: datetime) -> Recommendation:
    """Refuse what is proposed or was approved; that leaf is not proposed for the product again."""
    row = await _locked(session, shop_id, recommendation_id)
    if row.state is RecommendationState.REJECTED:
        return row
    refused = chosen_of(row) if row.state is RecommendationState.APPROVED else proposed_of(row)
    if refused is None:
        raise Conflict("Nothing is proposed for this product, so there is nothing to reject.", field=("id",))
    past = past_of(row)
    row.rejected = refs_json(dict.fromkeys((*past.rejected, refused)))
    if chosen_of(row) == refused:
        await teaching.forget(
            session,
            shop_id=shop_id,
            tiktok_shop_id=row.tiktok_shop_id,
            product_ids=[row.product_id],
            sources=[ChoiceSource.APPROVAL],
        )
        row.chosen_id = row.chosen_version = None
    return await _decided(session, row, RecommendationState.REJECTED, by, now)


async def _decided(
    session: Session, row: Recommendation, state: RecommendationState, by: str, now: datetime
) -> Recommendation:
    row.state, row.reason, row.decided_by, row.decided_at = state, None, by, now
    session.add(row)
    await session.flush()
    await marking.mark(
        session,
        shop_id=row.shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        product_ids=[row.product_id],
        cause=ChangeCause.MERCHANT,
        actor=by,
        now=now,
    )
    return row


async def _locked(session: Session, shop_id: UUID, recommendation_id: UUID) -> Recommendation:
    row = await store.lock(session, shop_id=shop_id, recommendation_id=recommendation_id)
    if row is None:
        raise NotFound("There is no such recommendation in this shop.", field=("id",))
    return row


async def _check(session: Session, row: Recommendation, ref: CategoryRef, now: datetime) -> None:
    """A leaf of an open, kept tree in which the shop may list, now or once it is admitted."""
    listable = await versions.listable(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, now=now)
    if (refusal := closed(ref, listable, ("ref", "version"))) is not None:
        raise refusal
    node = await categories.by_ref(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, ref=ref)
    if node is None and ref != proposed_of(row):
        raise NotFound("The kept category tree has no such category; fetch it with categoriesSync.", field=("ref",))
    if node is not None and not node.is_leaf:
        raise Invalid("Products can only be listed in a leaf category; choose a deeper one.", field=("ref",))
    if node is not None and PermissionStatus.PROHIBITED in node.permissions:
        raise Invalid("Products of this category may not be sold on TikTok Shop; choose another.", field=("ref",))
