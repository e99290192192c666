"""A leaf category with all that follows from it: rules, attributes and permissions for one shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sandbox.catalogue.attributes import Attribute, attributes_of
from sandbox.catalogue.rules import CategoryRules, rules_of
from sandbox.catalogue.tree import Category, Permission
from sandbox.settings import Settings
from sandbox.tiktok.calendar import TreeVersion, accepted_versions
from sandbox.tiktok.envelope import Refusal, bad_parameter
from sandbox.tiktok.sellers import Shop
from sandbox.tiktok.state import TikTokState

BLOCKED_BY: Mapping[Permission, tuple[int, str]] = {
    Permission.PROHIBITED: (12052220, "The category is prohibited"),
    Permission.INVITE_ONLY: (12052223, "The category is restricted: apply for permission in the Qualification Center"),
    Permission.NON_MAIN_CATEGORY: (12052225, "The category is outside the main category of the shop"),
}

_attributes = lru_cache(maxsize=8192)(attributes_of)
_rules = lru_cache(maxsize=8192)(rules_of)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of one tree, seen by one shop."""

    category: Category
    version: TreeVersion
    permissions: tuple[Permission, ...]
    rules: CategoryRules
    attributes: Sequence[Attribute]


def read_version(text: str | None) -> TreeVersion:
    """`v1` or `v2` in either case; absent means `v1` (fact sheet 3.2)."""
    if not text:
        return TreeVersion.V1
    try:
        return TreeVersion(text.lower())
    except ValueError:
        raise bad_parameter("Invalid parameter: category_version must be v1 or v2") from None


def check_version(version: TreeVersion, shop: Shop, settings: Settings, now: int) -> None:
    """Refuse a tree that the shop's market does not take on this day."""
    today = datetime.fromtimestamp(now, UTC).date()
    if version in accepted_versions(shop.region, today, shop.audience, settings):
        return
    if version is TreeVersion.V1:
        raise Refusal(12052217, "All regions' shops must use category_version V2")
    raise Refusal(12052230, "category_version V2 is not open for this shop yet; it does not match the category")


def permissions_of(
    state: TikTokState, settings: Settings, version: TreeVersion, category: Category, region: str
) -> tuple[Permission, ...]:
    """What holds for this category in this market; a setting by category id wins."""
    chosen = settings.category_permissions.get(category.id)
    if chosen is not None:
        return tuple(Permission(name) for name in chosen)
    return state.trees.tree(version).permissions(category, region)


def find_leaf(
    state: TikTokState, settings: Settings, shop: Shop, category_id: str, version: TreeVersion, now: int
) -> Leaf:
    """The leaf named by id and version, or the refusal of section 5.4's first row."""
    check_version(version, shop, settings, now)
    if not category_id.isascii() or not category_id.isdigit():
        raise Refusal(12052025, "The category id is invalid")
    tree = state.trees.tree(version)
    other = state.trees.v2 if version is TreeVersion.V1 else state.trees.v1
    category = tree.get(category_id)
    if category is None:
        if category_id in other:
            raise Refusal(12052230, "The category id does not match the category_version")
        raise Refusal(12052023, "The category does not exist")
    if not category.is_leaf:
        raise Refusal(12052024, "The category is not a leaf category")
    return Leaf(
        category,
        version,
        permissions_of(state, settings, version, category, shop.region),
        _rules(category, shop.region, cross_border=not shop.is_local),
        _attributes(category, shop.region, version),
    )


def check_permission(leaf: Leaf, shop: Shop) -> None:
    """Refuse blocked leaves; a US local seller may list in an invite-only one and waits in audit (fact sheet 3.7)."""
    for permission, (code, message) in BLOCKED_BY.items():
        excused = permission is Permission.INVITE_ONLY and shop.region == "US" and shop.is_local
        if permission in leaf.permissions and not excused:
            raise Refusal(code, message)
