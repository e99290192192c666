"""Recommend Category (fact sheet 3.6)."""

from collections.abc import Iterable

from sandbox.catalogue.tree import Category, Permission
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.ground import Fault
from sandbox.tiktok.checks.titles import title_faults
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.leaves import check_version, permissions_of, read_version
from sandbox.tiktok.listing import refuse_first
from sandbox.tiktok.markets import PROHIBITED_SHOWN
from sandbox.tiktok.matching import ranked
from sandbox.tiktok.operation import BASIC, Body, Operation

MAX_DESCRIPTION = 10_000
OUTSIDE_MAIN = 12052912


def recommend(call: Call) -> object:
    """The best leaf for a title; no match is an error."""
    body = call.body
    title, description = body.text("product_title") or "", body.text("description") or ""
    uris = [image.text("uri") or "" for image in body.children("images") or ()]
    version = read_version(body.text("category_version"))
    with_prohibited = bool(body.flag("include_prohibited_categories")) and call.shop.region in PROHIBITED_SHOWN
    hints = _hints(body)
    check_version(version, call.shop, call.world.settings, call.now)
    refuse_first(_faults(call, title, description, uris))
    matches = ranked(call.state.trees.tree(version), title, hints)
    leaf = _allowed(call, version, matches, with_prohibited=with_prohibited)
    tree = call.state.trees.tree(version)
    return {
        "leaf_category_id": leaf.id,
        "categories": [_row(call, version, category) for category in tree.path(leaf.id)],
    }


def _hints(body: Fields) -> list[str]:
    """What a source platform said about the product (newer fields); the title weighs more."""
    for known in ("listing_platform", "locale", "is_live_quick", "origin_platform_vendor"):
        body.value(known)
    found = [body.text("origin_platform_product_type") or "", *(body.texts("origin_platform_tags") or [])]
    if category := body.child("origin_platform_category"):
        found += [category.text("name") or "", category.text("full_name") or ""]
        for known in ("id", "is_leaf", "is_root"):
            category.value(known)
    if meta := body.child("origin_platform_product_meta_data"):
        for one in meta.children("attribute_value_list") or ():
            found += [one.text("name") or "", *(one.texts("values") or [])]
    return found


def _faults(call: Call, title: str, description: str, uris: list[str]) -> Iterable[Fault]:
    yield from title_faults(title, call.market)
    if len(description) > MAX_DESCRIPTION:
        yield Fault(12052013, f"The product description exceeds {MAX_DESCRIPTION} characters")
    for uri in uris:
        image = call.state.images.get(uri)
        if not uri:
            yield Fault(12052300, "The uri of an image is empty")
        elif image is None or image.open_id != call.seller.open_id:
            yield Fault(12052722, f"The uri of an image is unknown: {uri}")


def _allowed(call: Call, version: TreeVersion, matches: list[Category], *, with_prohibited: bool) -> Category:
    """The first match this shop may see; restricted ones come with their status."""
    outside = False
    for category in matches:
        found = permissions_of(call.state, call.world.settings, version, category, call.shop.region)
        if Permission.NON_MAIN_CATEGORY in found:
            outside = True
        elif Permission.PROHIBITED not in found or with_prohibited:
            return category
    if outside:
        raise Refusal(OUTSIDE_MAIN, "No matching category within the main category of the shop")
    raise Refusal(call.world.settings.no_match_code, "No matching category: use the full product name and try again")


def _row(call: Call, version: TreeVersion, category: Category) -> dict[str, object]:
    tree = call.state.trees.tree(version)
    found = permissions_of(call.state, call.world.settings, version, category, call.shop.region)
    return {
        "id": category.id,
        "name": tree.name(category, call.market.locale),
        "level": category.level,
        "is_leaf": category.is_leaf,
        "permission_statuses": [permission.value for permission in found],
    }


OPERATIONS = (
    Operation(
        "Recommend Category",
        "POST",
        "/product/202309/categories/recommend",
        BASIC,
        recommend,
        imitates="deterministic word match on title and source hints over the leaves, chain with permissions, "
        "12019064 (or another code by setting) without a match, 12052912 outside the main category",
        leaves_out="reading pictures and descriptions",
        body=Body.JSON,
    ),
)
