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


LISTABLE = frozenset({ListingStatus.NOT_SYNCED, ListingStatus.SYNC_FAILED, ListingStatus.DELETED})
"""States from which a product may be created on the platform; everything else is there already or on its way."""
