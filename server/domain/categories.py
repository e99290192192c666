"""Category references that cannot be mixed up: the tree's version is part of the reference."""

from dataclasses import dataclass
from enum import StrEnum


class CategoryVersion(StrEnum):
    """Which tree an id belongs to (TikTok fact sheet 3.2): ``v1`` has three levels, ``v2`` up to seven."""

    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """One node of one tree. Ids are decimal strings and mean nothing without their version."""

    id: str
    version: CategoryVersion


class PermissionStatus(StrEnum):
    """What the shop may do in a category (TikTok fact sheet 3.7); several may apply to one node."""

    AVAILABLE = "AVAILABLE"
    INVITE_ONLY = "INVITE_ONLY"
    NON_MAIN_CATEGORY = "NON_MAIN_CATEGORY"
    PROHIBITED = "PROHIBITED"
