"""Get Categories, Get Category Rules, Get Attributes (fact sheet 3.7 to 3.9)."""

from sandbox.catalogue.tree import Category, Permission, Tree
from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import bad_parameter
from sandbox.tiktok.leaves import Leaf, check_permission, check_version, find_leaf, permissions_of, read_version
from sandbox.tiktok.markets import PROHIBITED_SHOWN
from sandbox.tiktok.operation import BASIC, Operation

LOCALES = frozenset(
    {
        *("de-DE", "en-GB", "en-IE", "en-US", "es-ES", "es-MX", "fr-FR", "id-ID", "it-IT", "ja-JP", "ms-MY", "pt-BR"),
        *("th-TH", "vi-VN", "zh-CN", "cs-CZ", "de-AT", "de-BE", "el-GR", "fr-BE", "hu-HU", "nl-BE", "nl-NL", "pl-PL"),
        "pt-PT",
    }
)


def read_locale(call: Call, default: str) -> str:
    """The locale asked for, or the default of the call."""
    locale = call.query.get("locale") or default
    if locale not in LOCALES:
        raise bad_parameter(f"Invalid parameter: locale {locale} is not supported")
    return locale


def get_categories(call: Call) -> object:
    """The whole tree of one version, flat, with this shop's permissions."""
    version = read_version(call.query.get("category_version"))
    check_version(version, call.shop, call.world.settings, call.now)
    locale = read_locale(call, call.market.locale)
    tree = call.state.trees.tree(version)
    keyword = call.query.get("keyword", "").casefold()
    with_prohibited = call.flag("include_prohibited_categories") and call.shop.region in PROHIBITED_SHOWN
    found = []
    for category in tree:
        permissions = permissions_of(call.state, call.world.settings, version, category, call.shop.region)
        if Permission.PROHIBITED in permissions and not with_prohibited:
            continue
        row = _row(category, tree, locale, permissions)
        if not keyword or keyword in str(row["local_name"]).casefold():
            found.append(row)
    return {"categories": found}


def _row(category: Category, tree: Tree, locale: str, permissions: tuple[Permission, ...]) -> dict[str, object]:
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "local_name": tree.name(category, locale),
        "is_leaf": category.is_leaf,
        "permission_statuses": [permission.value for permission in permissions],
    }


def get_rules(call: Call) -> object:
    """What a listing in this leaf needs; restricted leaves only for those who may list there."""
    read_locale(call, "en-US")
    leaf = _leaf(call)
    check_permission(leaf, call.shop)
    return leaf.rules.wire()


def get_attributes(call: Call) -> object:
    """Sales and product attributes of the leaf; `is_requried` is spelled so."""
    read_locale(call, call.market.locale)
    return {"attributes": [attribute.wire() for attribute in _leaf(call).attributes]}


def _leaf(call: Call) -> Leaf:
    version = read_version(call.query.get("category_version"))
    return find_leaf(call.state, call.world.settings, call.shop, call.path["category_id"], version, call.now)


OPERATIONS = (
    Operation(
        "Get Categories",
        "GET",
        "/product/202309/categories",
        BASIC,
        get_categories,
        imitates="both trees, permissions by market and setting, keyword, locale, prohibited ones on request",
        leaves_out="translations the catalogue lacks fall back to English; Tokopedia",
        query=(
            "locale",
            "keyword",
            "category_version",
            "listing_platform",
            "include_prohibited_categories",
            "is_live_quick",
        ),
    ),
    Operation(
        "Get Category Rules",
        "GET",
        "/product/202309/categories/{category_id}/rules",
        BASIC,
        get_rules,
        imitates="all rule objects, conditional certifications, no package_dimension for cross-border sellers",
        leaves_out="size_types, measurement_and_options",
        query=("category_version", "locale"),
    ),
    Operation(
        "Get Attributes",
        "GET",
        "/product/202309/categories/{category_id}/attributes",
        BASIC,
        get_attributes,
        imitates="sales and product attributes with cascading requirement conditions",
        leaves_out="translations, icons, metric standards",
        query=("category_version", "locale"),
    ),
    Operation(
        "Get Listing Schemas",
        "GET",
        "/product/202407/listing_schemas",
        BASIC,
        None,
        imitates="retired since 2024-08-31: 36009014",
    ),
    Operation(
        "Get Listing Schemas (202401)",
        "GET",
        "/product/202401/listing_schemas",
        BASIC,
        None,
        imitates="retired since 2024-08-31: 36009014",
    ),
)
