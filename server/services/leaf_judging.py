"""Whether a leaf may be chosen in a TikTok shop: its tree is open and kept, it is a leaf, the shop may list there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.kit.errors import AppError, Conflict, Invalid
from server.services import versions
from server.store import categories as trees
from server.store.session import Session
from server.tables import Category


def closed(ref: CategoryRef, listable: frozenset[CategoryVersion], field: Sequence[str]) -> Invalid | None:
    """Why the policy of the day keeps products out of this tree, whatever is kept of it; or nothing."""
    if ref.version in listable:
        return None
    message = (
        f"TikTok Shop takes this shop's products in the {' and '.join(sorted(listable))} tree now, "
        f"and category {ref.id} is of the {ref.version} tree. Choose the category anew."
    )
    return Invalid(message, code="CATEGORY_VERSION_CLOSED", field=field)


@dataclass(frozen=True, slots=True)
class LeafJudge:
    """Knows the nodes that references name, which trees are kept at all, and which are open."""

    nodes: Mapping[CategoryRef, Category]
    versions: frozenset[CategoryVersion]
    listable: frozenset[CategoryVersion]

    def fault(self, ref: CategoryRef) -> AppError | None:
        """Why products cannot be mapped to this category, or nothing."""
        field = ("input", "category", "id")
        if (refusal := closed(ref, self.listable, ("input", "category", "version"))) is not None:
            return refusal
        if ref.version not in self.versions:
            message = f"The {ref.version} tree has not been fetched yet: run categoriesSync first."
            return Conflict(message, field=("input", "category", "version"))
        node = self.nodes.get(ref)
        if node is None:
            return Invalid(f"The {ref.version} tree has no category {ref.id}. Choose another.", field=field)
        if not node.is_leaf:
            return Invalid(f"“{node.name}” has subcategories, and products fit only in the last level.", field=field)
        if PermissionStatus.AVAILABLE not in node.permissions:
            said = ", ".join(node.permissions)
            return Invalid(
                f"The shop may not list in “{node.name}” ({said}). Apply for it, or choose another.", field=field
            )
        return None


async def leaf_judge(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef], now: datetime
) -> LeafJudge:
    """Looks the references up in the kept trees, all at once, and what the policy opens at ``now``."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    kept = await trees.trees_of(session, shop_id=shop_id, tiktok_shop_ids=[tiktok_shop_id])
    nodes = await trees.by_refs(session, **where, refs=list(dict.fromkeys(refs)))
    listable = await versions.listable(session, **where, now=now)
    return LeafJudge(nodes, frozenset(tree.version for tree in kept[tiktok_shop_id]), listable)
