"""The documents of the frontend contract, and those that one story of their own executes."""

from pathlib import Path

OPERATIONS = Path(__file__).resolve().parents[2] / "frontend-contract" / "operations"
FILES = {path.stem: path for path in sorted(OPERATIONS.rglob("*.graphql"))}

TEMPLATE_STORY = {
    "CategoryTemplateApply",
    "CategoryTemplateAssignProducts",
    "CategoryTemplateHealth",
    "CategoryTemplatePreview",
    "CategoryTemplateReorder",
    "CategoryTemplateUnassignProducts",
    "ProductOverrideClear",
    "ProductOverrideSet",
    "ProductTemplateMatch",
    "TemplateBlockCreate",
    "TemplateBlockDelete",
    "TemplateBlockDetail",
    "TemplateBlockUpdate",
    "TemplateBlocks",
    "TemplateConflicts",
    "TikTokShopDefaultsSet",
}
"""Executed by ``test_template_life``."""

EDITING_STORY = {
    "ListingChangeCategory",
    "ListingEdits",
    "ListingOwnershipSet",
    "ListingsEdit",
    "TikTokShopOwnershipSet",
}
"""Executed by ``test_editing_life``."""
