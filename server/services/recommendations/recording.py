"""Writing what was found out about a slice: candidates with their provenance, and leaves that our tree lacked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.candidates import blend
from server.domain.categories import CategoryVersion, PermissionStatus
from server.domain.category_tree import TreeNode
from server.domain.problems import Problem, Remedy, Severity
from server.domain.recommendations import ADVICE, Judgement, NoProposal, judge
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState
from server.kit.ids import new_id
from server.services.recommendations.asking import Said
from server.services.recommendations.mapped import mapped_places
from server.services.recommendations.preparing import Subject
from server.services.recommendations.remembering import Ranked
from server.services.recommendations.rows import refs_json
from server.store import categories
from server.store import recommendations as store
from server.store.session import Session
from server.tables import TaskItem


async def record(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    subjects: Sequence[Subject],
    ranked: Ranked,
    said: Mapping[UUID, Said],
    threshold: float,
    now: datetime,
) -> list[ItemResult]:
    """One statement for the slice; a product decided upon in the meantime keeps its merchant's word."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await _complete_tree(session, version=version, chains=[said[one.product_id].chain for one in subjects], **where)
    mapped = await mapped_places(session, **where, version=version, product_ids=[one.product_id for one in subjects])
    judged = {
        one.product_id: judge(heard.answer, blend(heard.leaf, own, mapped.get(one.product_id)), one.past, threshold)
        for one, own in zip(subjects, ranked.candidates, strict=True)
        if (heard := said[one.product_id])
    }
    rows = [
        _row(one, version, judged[one.product_id], said[one.product_id], ranked.tree_fetched_at) for one in subjects
    ]
    written = await store.save(session, **where, rows=rows, now=now)
    return [_result(one, written.get(one.product_id), judged[one.product_id], said[one.product_id]) for one in subjects]


def gone(items: Iterable[TaskItem]) -> list[ItemResult]:
    """Products that were deleted before their turn."""
    message = "The product was deleted before its turn came; there is nothing to recommend for."
    problem = Problem("PRODUCT_GONE", (), message, Severity.WARNING)
    return [ItemResult(item.id, ItemState.SKIPPED, (problem,)) for item in items]


async def _complete_tree(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    chains: Sequence[tuple[TreeNode, ...]],
) -> None:
    """Add to the kept tree what the platform named and it lacks (T7); where none is kept, nothing is added."""
    named = {node.id: node for chain in chains for node in chain}
    if not named:
        return
    tree = await categories.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)
    if tree is None:
        return
    known = await categories.in_trees(session, shop_id=shop_id, places=[(tree.id, node_id) for node_id in named])
    there = {node_id for _, node_id in known}
    missing = [
        replace(node, permissions=node.permissions or (PermissionStatus.AVAILABLE,))
        for node in named.values()
        if node.id not in there
    ]
    if missing:
        await categories.add(session, shop_id=shop_id, tree=tree, nodes=missing)


def _row(
    subject: Subject, version: CategoryVersion, judged: Judgement, said: Said, tree_fetched_at: datetime | None
) -> dict[str, Any]:
    return {
        "row_id": new_id(),
        "product_id": subject.product_id,
        "state": judged.state,
        "reason": judged.reason,
        "version": version,
        "candidates": [one.to_json() for one in judged.candidates],
        "proposed_id": None if judged.proposed is None else judged.proposed.id,
        "proposals": refs_json(judged.proposals),
        "tree_fetched_at": tree_fetched_at,
        "platform_answer": said.answer,
        "platform_code": said.code,
        "platform_message": said.message,
        "request_id": said.request_id,
        "inputs": list(said.inputs),
        "decided_before": subject.decided_at,
    }


def _result(subject: Subject, row_id: UUID | None, judged: Judgement, said: Said) -> ItemResult:
    if row_id is None:
        return ItemResult(subject.item.id, ItemState.SKIPPED, (_DECIDED,))
    outcome = {
        "recommendation_id": str(row_id),
        "state": judged.state,
        "category_id": None if judged.proposed is None else judged.proposed.id,
        "platform": said.answer,
    }
    problems: tuple[Problem, ...] = ()
    if judged.reason is not None:
        missing = judged.reason is NoProposal.INPUT_MISSING
        message = f"{said.message} {ADVICE[judged.reason]}" if missing else ADVICE[judged.reason]
        problems = (
            Problem(_NONE, ("category",), message, Severity.WARNING, Remedy.CHOOSE_CATEGORY, platform_code=said.code),
        )
    return ItemResult(subject.item.id, ItemState.SUCCEEDED, problems, outcome)


_NONE = "NO_CATEGORY_RECOMMENDED"
_DECIDED = Problem(
    "CATEGORY_DECIDED_MEANWHILE",
    ("category",),
    "The category was decided while TikTok Shop was being asked; the decision stands.",
    Severity.WARNING,
)
