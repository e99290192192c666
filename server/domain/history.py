"""A listing's history: what changed, who or what did it, and the platform's own number for it (capability X16)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class ChangeKind(StrEnum):
    """What happened to a listing."""

    CREATED = "CREATED"
    ADOPTED = "ADOPTED"
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    EDITED = "EDITED"
    PRICE_CHANGED = "PRICE_CHANGED"
    STOCK_CHANGED = "STOCK_CHANGED"
    CATEGORY_CHANGED = "CATEGORY_CHANGED"
    CHANGED_ON_TIKTOK = "CHANGED_ON_TIKTOK"
    OVERRIDDEN = "OVERRIDDEN"
    STATUS_CHANGED = "STATUS_CHANGED"
    REFUSED = "REFUSED"


class ChangeCause(StrEnum):
    """Why it happened."""

    MERCHANT = "MERCHANT"
    STORE = "STORE"
    TEMPLATE = "TEMPLATE"
    MAPPING = "MAPPING"
    REVIEW = "REVIEW"
    PLATFORM = "PLATFORM"
    SWEEP = "SWEEP"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Change:
    """One line. ``actor`` is ``user:…``, ``token:…`` or ``system``; ``fields`` maps a field to ``[before, after]``."""

    listing_id: UUID
    kind: ChangeKind
    cause: ChangeCause
    actor: str
    at: datetime
    task_id: UUID | None = None
    request_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
