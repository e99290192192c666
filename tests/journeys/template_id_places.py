"""The places of the API around templates that take an id, and how to put one there."""

from tests.journeys.id_places import EMPTY, NOWHERE, Try, change, one

ROWS = "results { done userErrors { code field message } }"
MINE = "$own: ID!"
_TEMPLATE = f"gid://leafmark/CategoryTemplate/{NOWHERE}"

TEMPLATE_TRIES = {
    "categoryTemplateApply id": change("categoryTemplateApply", "CategoryTemplate", "task { id }"),
    **{
        f"{field} input.templateId": change(
            field,
            "CategoryTemplate",
            ROWS,
            f'input: {{ templateId: $id, productIds: ["gid://leafmark/Product/{NOWHERE}"] }}',
        )
        for field in ("categoryTemplateAssignProducts", "categoryTemplateUnassignProducts")
    },
    **{
        f"{field} input.productIds": change(
            field, "Product", ROWS, "input: { templateId: $template, productIds: [$id] }", ", $template: ID!"
        )
        for field in ("categoryTemplateAssignProducts", "categoryTemplateUnassignProducts")
    },
    "categoryTemplateReorder input.tiktokShopId": change(
        "categoryTemplateReorder",
        "TikTokShop",
        "categoryTemplates { id }",
        f'input: {{ tiktokShopId: $id, templateIds: ["{_TEMPLATE}"] }}',
    ),
    "categoryTemplateReorder input.templateIds": change(
        "categoryTemplateReorder",
        "CategoryTemplate",
        "categoryTemplates { id }",
        "input: { tiktokShopId: $own, templateIds: [$id] }",
        f", {MINE}",
    ),
    **{
        f"categoryTemplateCreate input.{block}": change(
            "categoryTemplateCreate",
            "TemplateBlock",
            "categoryTemplate { id }",
            f'input: {{ tiktokShopId: $own, name: "Mine", {block}: $id }}',
            f", {MINE}",
        )
        for block in ("shippingBlockId", "sizeChartBlockId", "complianceBlockId")
    },
    **{
        f"categoryTemplateUpdate input.{block}": change(
            "categoryTemplateUpdate",
            "TemplateBlock",
            "categoryTemplate { id }",
            f"id: $template, input: {{ {block}: $id }}",
            ", $template: ID!",
        )
        for block in ("shippingBlockId", "sizeChartBlockId", "complianceBlockId")
    },
    "templateBlock id": one("templateBlock", "TemplateBlock"),
    "templateBlocks tiktokShopId": Try(
        "query Q($id: ID!) { templateBlocks(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "templateBlockCreate input.tiktokShopId": change(
        "templateBlockCreate",
        "TikTokShop",
        "templateBlock { id }",
        'input: { tiktokShopId: $id, kind: COMPLIANCE, name: "Mine", manufacturerIds: ["1"] }',
    ),
    "templateBlockUpdate id": change(
        "templateBlockUpdate", "TemplateBlock", "templateBlock { id }", 'id: $id, input: { name: "Mine" }'
    ),
    "templateBlockDelete id": change("templateBlockDelete", "TemplateBlock", "deletedTemplateBlockId"),
    "tiktokShopDefaultsSet input.tiktokShopId": change(
        "tiktokShopDefaultsSet", "TikTokShop", "tiktokShop { id }", "input: { tiktokShopId: $id, shortenTitle: true }"
    ),
    "productOverrideSet input.tiktokShopId": change(
        "productOverrideSet",
        "TikTokShop",
        ROWS,
        "input: { tiktokShopId: $id, overrides: "
        f'[{{ productId: "gid://leafmark/Product/{NOWHERE}", title: "Mine" }}] }}',
    ),
    "productOverrideClear input.tiktokShopId": change(
        "productOverrideClear",
        "TikTokShop",
        "clearedCount",
        f'input: {{ tiktokShopId: $id, productIds: ["gid://leafmark/Product/{NOWHERE}"] }}',
    ),
    "productOverrideClear input.productIds": change(
        "productOverrideClear",
        "Product",
        "clearedCount",
        "input: { tiktokShopId: $own, productIds: [$id] }",
        f", {MINE}",
    ),
    "productsList input.templateIds": change(
        "productsList",
        "CategoryTemplate",
        "task { id }",
        "input: { tiktokShopId: $own, templateIds: [$id] }",
        f", {MINE}",
    ),
    "products filter.templateId": Try(
        "query Q($id: ID!) { products(filter: { templateId: $id }, first: 5) { totalCount } }",
        "CategoryTemplate",
        EMPTY,
    ),
}
TEMPLATE_REFUSING = {
    "products filter.tiktokShopId": Try(
        "query Q($id: ID!) { products(filter: { tiktokShopId: $id }, first: 5) { totalCount } }", "TikTokShop"
    ),
    "templateConflicts tiktokShopId": Try(
        "query Q($id: ID!) { templateConflicts(tiktokShopId: $id) { untakenCount } }", "TikTokShop"
    ),
    "categoryTemplatePreview input.tiktokShopId": Try(
        'query Q($id: ID!) { categoryTemplatePreview(input: { tiktokShopId: $id, template: { name: "Mine" } }) '
        "{ count } }",
        "TikTokShop",
    ),
    "categoryTemplatePreview input.templateId": Try(
        "query Q($id: ID!) { categoryTemplatePreview(input: { templateId: $id, template: {} }) { count } }",
        "CategoryTemplate",
    ),
}
