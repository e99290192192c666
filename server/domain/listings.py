"""The states of a listing: one product in one TikTok shop."""

from enum import StrEnum


class ListingStatus(StrEnum):
    """What a merchant sees of a product on TikTok Shop (seed page L20, API shape)."""

    NOT_SYNCED = "NOT_SYNCED"
    QUEUED = "QUEUED"
    SYNCING = "SYNCING"
    IN_REVIEW = "IN_REVIEW"
    LIVE = "LIVE"
    SYNC_FAILED = "SYNC_FAILED"
    REVIEW_FAILED = "REVIEW_FAILED"
    DEACTIVATED = "DEACTIVATED"
    FROZEN = "FROZEN"
    DELETED = "DELETED"


class ListingOrigin(StrEnum):
    """How the product came to be on TikTok Shop."""

    CREATED = "CREATED"
    ADOPTED = "ADOPTED"
    """Created by us, its answer lost, and found again."""
    LINKED = "LINKED"
    """It was there before us and was tied to the store's product."""


LISTABLE = frozenset({ListingStatus.NOT_SYNCED, ListingStatus.SYNC_FAILED, ListingStatus.DELETED})
"""States from which a product may be created on the platform; everything else is there already or on its way."""


class StatusAction(StrEnum):
    """What a merchant does with products that are on TikTok Shop."""

    ACTIVATE = "ACTIVATE"
    DEACTIVATE = "DEACTIVATE"
    DELETE = "DELETE"
    RECOVER = "RECOVER"
