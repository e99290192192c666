"""What a template names must be there: its category in the shop's tree, its blocks in the same TikTok shop."""

from collections.abc import Mapping
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.template_blocks import BlockKind
from server.kit.errors import Invalid, NotFound
from server.store import categories as trees
from server.store import template_blocks
from server.store.session import Session

_BLOCK_FIELDS = {
    BlockKind.SHIPPING: "shippingBlockId",
    BlockKind.SIZE_CHART: "sizeChartBlockId",
    BlockKind.COMPLIANCE: "complianceBlockId",
}


async def check_category(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    category: CategoryRef,
    field: tuple[str, ...] = ("input", "category", "id"),
) -> None:
    """Of the shop's own tree, and a leaf (seed ids C9, T3); without a tree nobody knows yet. ``Invalid`` if not."""
    if not category.id.isdecimal() or len(category.id) > 32:
        raise Invalid("A category id is a number, as the category tree shows it.", field=field)
    kept = await trees.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=category.version)
    if kept is None:
        return
    node = await trees.by_ref(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, ref=category)
    if node is None:
        raise Invalid(f"The {category.version} tree has no category {category.id}. Choose another.", field=field)
    if not node.is_leaf:
        raise Invalid(f"“{node.name}” has subcategories, and products fit only in the last level.", field=field)


async def check_blocks(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, blocks: Mapping[BlockKind, UUID]
) -> None:
    """Each is a block of its kind and of this TikTok shop, and stays until the transaction ends."""
    known = await template_blocks.hold(session, shop_id=shop_id, ids=list(blocks.values()))
    for kind, block_id in blocks.items():
        row, field = known.get(block_id), ("input", _BLOCK_FIELDS[kind])
        if row is None or row.tiktok_shop_id != tiktok_shop_id:
            raise NotFound("There is no such block in this TikTok shop.", field=field)
        if row.kind is not kind:
            name = kind.replace("_", " ").lower()
            raise Invalid(f"“{row.name}” is no {name} block; choose one of that kind.", field=field)
