"""Reusable blocks: parts of a template's content that several templates of a TikTok shop share (capability X3)."""

from collections.abc import Mapping
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is about; a template uses at most one of each kind."""

    SHIPPING = "SHIPPING"
    SIZE_CHART = "SIZE_CHART"
    COMPLIANCE = "COMPLIANCE"


BLOCK_PARTS: Mapping[BlockKind, frozenset[str]] = {
    BlockKind.SHIPPING: frozenset({"shipping"}),
    BlockKind.SIZE_CHART: frozenset({"size_chart"}),
    BlockKind.COMPLIANCE: frozenset({"certifications", "manufacturer_ids", "responsible_person_ids"}),
}
"""The parts of a template's content that a block of each kind may hold; a part lies in one kind only."""
