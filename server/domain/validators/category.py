"""The category of a template: its tree is open, it is a leaf that exists, and the shop may sell in it."""

from collections.abc import Collection
from dataclasses import dataclass

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.findings import Findings
from server.domain.market_rules import MarketRules
from server.domain.markets import SellerType
from server.domain.problems import Remedy

_PATH = ("category",)


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
) -> None:
    """Notes everything that keeps the category from being used (TikTok fact sheet 3.2, 3.7)."""
    if ref.version not in listable:
        found.error(
            "CATEGORY_VERSION_CLOSED",
            _PATH,
            f"The template's category belongs to the {ref.version} tree, and TikTok Shop {rules.market} now takes "
            f"{' and '.join(sorted(listable))} only. Choose the category anew.",
            Remedy.CHOOSE_CATEGORY,
        )
        return
    if not tree.is_known:
        return
    if tree.standing is None:
        found.error(
            "CATEGORY_NOT_IN_TREE",
            _PATH,
            f"TikTok Shop no longer has category {ref.id}, or not for this shop. Choose another for the template.",
            Remedy.CHOOSE_CATEGORY,
        )
        return
    if not tree.standing.is_leaf:
        found.error(
            "CATEGORY_HAS_CHILDREN",
            _PATH,
            f"“{tree.standing.name}” has subcategories, and products fit only in the last level. Choose one of them.",
            Remedy.CHOOSE_CATEGORY,
        )
    _permission(tree.standing, rules, seller, found)


def _permission(standing: CategoryStanding, rules: MarketRules, seller: SellerType, found: Findings) -> None:
    statuses = standing.permissions
    if PermissionStatus.PROHIBITED in statuses:
        found.error(
            "CATEGORY_FORBIDDEN",
            _PATH,
            f"Products of “{standing.name}” may not be sold on TikTok Shop {rules.market}. Choose another category.",
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
