"""Whether a leaf may be chosen in a TikTok shop: its tree is open and kept, it is a leaf, the shop may list there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.findings import Findings
from server.domain.market_rules import MARKET_RULES, MarketRules
from server.domain.markets import SellerType
from server.domain.policy import category_policy, policy_day
from server.domain.validators.category import CategoryStanding, permission
from server.kit.errors import AppError, Conflict, Invalid
from server.services import tiktok_shops
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
    """Knows the nodes that references name, which trees are kept at all, which are open, and who wants to sell."""

    nodes: Mapping[CategoryRef, Category]
    versions: frozenset[CategoryVersion]
    listable: frozenset[CategoryVersion]
    rules: MarketRules
    seller: SellerType

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
        found = Findings()
        permission(standing(node), self.rules, self.seller, found)
        return Invalid(found.errors[0].message, field=field) if found.has_error else None


def standing(node: Category) -> CategoryStanding:
    """What the kept tree says of a category; permissions of a kind we do not know do not count."""
    words = set(PermissionStatus)
    known = frozenset(PermissionStatus(word) for word in node.permissions if word in words)
    return CategoryStanding(node.name, node.is_leaf, known)


async def leaf_judge(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef], now: datetime
) -> LeafJudge:
    """Looks the references up in the kept trees, all at once, and what the policy opens at ``now``."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    kept = await trees.trees_of(session, shop_id=shop_id, tiktok_shop_ids=[tiktok_shop_id])
    nodes = await trees.by_refs(session, **where, refs=list(dict.fromkeys(refs)))
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    policy = category_policy(shop.market, shop.seller_type, policy_day(now), shop.enforced_version)
    versions = frozenset(tree.version for tree in kept[tiktok_shop_id])
    return LeafJudge(nodes, versions, policy.listable, MARKET_RULES[shop.market], shop.seller_type)
