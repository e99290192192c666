"""The category that was decided on: its tree is open, it is a leaf that exists, and the shop may sell in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.category_choices import CategorySource
from server.domain.findings import Findings
from server.domain.market_rules import MarketRules
from server.domain.markets import SellerType
from server.domain.problems import Remedy

_PATH = ("category",)
_WHERE: Mapping[CategorySource, str] = {
    CategorySource.OVERRIDE: " in the product's own settings",
    CategorySource.TEMPLATE: " in the template",
    CategorySource.APPROVAL: " in place of the approved recommendation",
    CategorySource.MAPPING: " in the mapping of its source category",
    CategorySource.DEFAULT_TEMPLATE: " in the default template",
}


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """What the shop's stored tree says of a category."""

    name: str
    is_leaf: bool
    permissions: frozenset[PermissionStatus] = frozenset({PermissionStatus.AVAILABLE})


@dataclass(frozen=True, slots=True)
class Tree:
    """Whether the shop's tree was fetched at all, and what it says; without a tree the platform decides."""

    is_known: bool
    standing: CategoryStanding | None = None


def category(
    ref: CategoryRef,
    listable: Collection[CategoryVersion],
    tree: Tree,
    rules: MarketRules,
    seller: SellerType,
    found: Findings,
    source: CategorySource | None = None,
) -> None:
    """Notes everything that keeps the category from being used (TikTok fact sheet 3.2, 3.7); ``source`` named it."""
    where = _WHERE[source] if source else ""
    if ref.version not in listable:
        found.error(
            "CATEGORY_VERSION_CLOSED",
            _PATH,
            f"Category {ref.id} belongs to the {ref.version} tree, and TikTok Shop {rules.market} now takes "
            f"{' and '.join(sorted(listable))} only. Choose the category anew{where}.",
            Remedy.CHOOSE_CATEGORY,
        )
        return
    if not tree.is_known:
        return
    if tree.standing is None:
        found.error(
            "CATEGORY_NOT_IN_TREE",
            _PATH,
            f"TikTok Shop no longer has category {ref.id}, or not for this shop. Choose another{where}.",
            Remedy.CHOOSE_CATEGORY,
        )
        return
    if not tree.standing.is_leaf:
        found.error(
            "CATEGORY_HAS_CHILDREN",
            _PATH,
            f"“{tree.standing.name}” has subcategories, and products fit only in the last level. "
            f"Choose one of them{where}.",
            Remedy.CHOOSE_CATEGORY,
        )
    permission(tree.standing, rules, seller, found, where)


def permission(
    standing: CategoryStanding, rules: MarketRules, seller: SellerType, found: Findings, where: str = ""
) -> None:
    """Notes that the shop may not sell in it, or, as a warning, that the listing will wait for a permission."""
    statuses = standing.permissions
    if PermissionStatus.PROHIBITED in statuses:
        found.error(
            "CATEGORY_FORBIDDEN",
            _PATH,
            f"Products of “{standing.name}” may not be sold on TikTok Shop {rules.market}. "
            f"Choose another category{where}.",
            Remedy.CHOOSE_CATEGORY,
        )
    elif PermissionStatus.NON_MAIN_CATEGORY in statuses:
        found.error(
            "CATEGORY_NEEDS_PERMISSION",
            _PATH,
            f"“{standing.name}” lies outside the shop's main category. Ask your TikTok Shop account manager.",
            Remedy.FIX_SHOP,
        )
    elif PermissionStatus.INVITE_ONLY in statuses:
        _invite_only(standing, may_wait=rules.invite_only_may_wait and seller is SellerType.LOCAL, found=found)


def _invite_only(standing: CategoryStanding, *, may_wait: bool, found: Findings) -> None:
    apply = f"Apply for “{standing.name}” in Seller Center's Qualification Center."
    if may_wait:
        found.warning("CATEGORY_AWAITS_PERMISSION", _PATH, f"{apply} Until then the listing waits.", Remedy.FIX_SHOP)
    else:
        found.error("CATEGORY_NEEDS_PERMISSION", _PATH, f"{apply} List the products afterwards.", Remedy.FIX_SHOP)
