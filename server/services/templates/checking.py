"""What a template names must be there: its category in the shop's tree, its blocks in the same TikTok shop."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.template_blocks import BlockKind
from server.kit.errors import AppError, Invalid, NotFound
from server.store import categories as trees
from server.store import template_blocks
from server.store.session import Session
from server.tables import Category

_BLOCK_FIELDS = {
    BlockKind.SHIPPING: "shippingBlockId",
    BlockKind.SIZE_CHART: "sizeChartBlockId",
    BlockKind.COMPLIANCE: "complianceBlockId",
}


async def check_category(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, category: CategoryRef) -> None:
    """``Invalid`` for a category that products cannot be put into."""
    wrong = await category_faults(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[category])
    for error in wrong.values():
        raise error


async def category_faults(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, AppError]:
    """Those that are not of the shop's own tree, or no leaves (capabilities C9, T3); without a tree nobody knows yet.

    Whether the shop may list there is another matter: that changes, and is told as a problem.
    """
    if not refs:
        return {}
    readable = [ref for ref in dict.fromkeys(refs) if _is_readable(ref)]
    kept = (await trees.trees_of(session, shop_id=shop_id, tiktok_shop_ids=[tiktok_shop_id]))[tiktok_shop_id]
    nodes = await trees.by_refs(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=readable)
    versions = {tree.version for tree in kept}
    found = {ref: _fault(ref, nodes.get(ref)) for ref in refs if not _is_readable(ref) or ref.version in versions}
    return {ref: error for ref, error in found.items() if error is not None}


def _is_readable(ref: CategoryRef) -> bool:
    return ref.id.isdecimal() and len(ref.id) <= 32


def _fault(ref: CategoryRef, node: Category | None) -> AppError | None:
    field = ("input", "category", "id")
    if not _is_readable(ref):
        return Invalid("A category id is a number, as the category tree shows it.", field=field)
    if node is None:
        return Invalid(f"The {ref.version} tree has no category {ref.id}. Choose another.", field=field)
    if not node.is_leaf:
        return Invalid(f"“{node.name}” has subcategories, and products fit only in the last level.", field=field)
    return None


async def check_blocks(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, blocks: Mapping[BlockKind, UUID]
) -> None:
    """Each is a block of its kind and of this TikTok shop, and stays until the transaction ends."""
    if not blocks:
        return
    known = await template_blocks.hold(session, shop_id=shop_id, ids=list(blocks.values()))
    for kind, block_id in blocks.items():
        row, field = known.get(block_id), ("input", _BLOCK_FIELDS[kind])
        if row is None or row.tiktok_shop_id != tiktok_shop_id:
            raise NotFound("There is no such block in this TikTok shop.", field=field)
        if row.kind is not kind:
            name = kind.replace("_", " ").lower()
            raise Invalid(f"“{row.name}” is no {name} block; choose one of that kind.", field=field)
