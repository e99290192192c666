"""What to tell a merchant whose listing somebody changed on TikTok (capability X6)."""

from collections.abc import Collection

from server.domain.ownership import FieldGroup, Ownership
from server.domain.problems import Problem, Remedy, Severity

CHANGED_ON_TIKTOK = "CHANGED_ON_TIKTOK"

_NAMES = {
    FieldGroup.STATUS: "whether the product is on sale",
    FieldGroup.TITLE: "the title",
    FieldGroup.DESCRIPTION: "the description",
    FieldGroup.PICTURES: "the pictures",
    FieldGroup.CATEGORY: "the category",
    FieldGroup.ATTRIBUTES: "the attributes",
    FieldGroup.BRAND: "the brand",
    FieldGroup.VARIANTS: "the variants",
    FieldGroup.PRICE: "a price",
    FieldGroup.STOCK: "the stock",
    FieldGroup.SHIPPING: "the package's weight or size",
    FieldGroup.COMPLIANCE: "a certification, the size chart, the manufacturer or the responsible person",
}


def changed_on_tiktok(group: FieldGroup) -> Problem:
    """Nothing of ours goes over the change until the merchant says whose value counts."""
    return Problem(
        "CHANGED_ON_TIKTOK",
        (group.lower(),),
        f"Somebody changed {_NAMES[group]} on TikTok Shop, so nothing is sent over it. Choose the owner of "
        f"{group}: TIKTOK keeps the value on TikTok Shop, STORE sends the store's.",
        Severity.WARNING,
        Remedy.CHOOSE_OWNER,
    )


def kept_on_tiktok(groups: Collection[FieldGroup]) -> tuple[Problem, ...]:
    """What differs from the store and was not sent, because it is not the store's to say."""
    return tuple(
        Problem(
            "KEPT_ON_TIKTOK",
            (group.lower(),),
            f"What the store says of {_NAMES[group]} was not sent: it belongs to TikTok Shop. Make STORE the owner of "
            f"{group} to send it.",
            Severity.WARNING,
            Remedy.CHOOSE_OWNER,
        )
        for group in FieldGroup
        if group in groups
    )


def held_problems(ownership: Ownership) -> tuple[Problem, ...]:
    """What waits for the merchant's word."""
    return tuple(changed_on_tiktok(group) for group in FieldGroup if group in ownership.held)
