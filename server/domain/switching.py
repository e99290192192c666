"""Putting products on TikTok Shop on sale, off, away and back: what is possible from where, and where it leads."""

from collections.abc import Mapping
from typing import Any

from server.domain.listings import ListingStatus, StatusAction
from server.domain.tasks import TaskKind

POSSIBLE: Mapping[StatusAction, frozenset[ListingStatus]] = {
    StatusAction.ACTIVATE: frozenset({ListingStatus.DEACTIVATED}),
    StatusAction.DEACTIVATE: frozenset({ListingStatus.LIVE}),
    StatusAction.DELETE: frozenset(
        {ListingStatus.IN_REVIEW, ListingStatus.LIVE, ListingStatus.REVIEW_FAILED, ListingStatus.DEACTIVATED}
    ),
    StatusAction.RECOVER: frozenset({ListingStatus.DELETED}),
}
"""From which states TikTok Shop takes each action (TikTok fact sheet 3.14)."""

REACHED: Mapping[StatusAction, frozenset[ListingStatus]] = {
    StatusAction.ACTIVATE: frozenset({ListingStatus.IN_REVIEW, ListingStatus.LIVE}),
    StatusAction.DEACTIVATE: frozenset({ListingStatus.DEACTIVATED}),
    StatusAction.DELETE: frozenset({ListingStatus.DELETED}),
    StatusAction.RECOVER: frozenset({ListingStatus.DEACTIVATED}),
}
"""States in which there is nothing left to do."""

LEADS_TO: Mapping[StatusAction, ListingStatus] = {
    StatusAction.ACTIVATE: ListingStatus.IN_REVIEW,
    StatusAction.DEACTIVATE: ListingStatus.DEACTIVATED,
    StatusAction.DELETE: ListingStatus.DELETED,
    StatusAction.RECOVER: ListingStatus.DEACTIVATED,
}
"""Where a product stands right after; an activated one is audited first."""


def counts_as_listing(kind: TaskKind, asked: Mapping[str, Any]) -> bool:
    """Whether a task's items are of the shop's daily listings: creations, and products put up again.

    Activate answers with the code of a day that is used up, as Create does (12052093; TikTok fact sheet 3.10.2, 3.14).
    """
    return kind is TaskKind.LISTING or (kind is TaskKind.STATUS and asked.get("action") == StatusAction.ACTIVATE)
