"""What a merchant writes of a template, whole or in part, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.template_blocks import BlockKind
from server.kit.errors import Invalid
from server.tables import CategoryTemplate

_LONGEST_NAME = 255
LAST_RANK = 1_000_000


class Kept(Enum):
    """Says of a part that it is left as it is, where "nothing" has a meaning of its own."""

    KEEP = "KEEP"


KEEP: Final = Kept.KEEP


class TemplateInvalid(Invalid):
    """The template's content has faults; ``faults`` holds all of them, the error itself speaks of the first."""

    def __init__(self, faults: Sequence[tuple[tuple[str, ...], str]]) -> None:
        path, message = faults[0]
        super().__init__(message, field=("input", "content", *path))
        self.faults = tuple(Invalid(text, field=("input", "content", *where)) for where, text in faults)


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What a template shall be. ``content`` is JSON as ``domain.template_json`` reads it.

    Without a category each product goes to the one that is decided for it.
    """

    name: str
    category: CategoryRef | None
    content: Mapping[str, Any]
    is_default: bool = False
    rank: int = 0
    blocks: Mapping[BlockKind, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplatePatch:
    """What of a template shall become another; None and KEEP leave a part as it is.

    Each part of ``content`` that is given replaces that part whole. ``blocks`` are told one by one: None lets go.
    """

    name: str | None = None
    category: CategoryRef | Literal[Kept.KEEP] | None = KEEP
    content: Mapping[str, Any] = field(default_factory=dict)
    blocks: Mapping[BlockKind, UUID | None] = field(default_factory=dict)
    is_default: bool | None = None
    rank: int | None = None


def category_of(row: CategoryTemplate) -> CategoryRef | None:
    """The category that the template names, if it names one."""
    if row.category_id is None or row.category_version is None:
        return None
    return CategoryRef(row.category_id, row.category_version)


def merged(row: CategoryTemplate, patch: TemplatePatch) -> TemplateDraft:
    """The whole of what a template shall be: the patch over what it is."""
    return TemplateDraft(
        name=row.name if patch.name is None else patch.name,
        category=category_of(row) if patch.category is KEEP else patch.category,
        content={**row.content, **patch.content},
        is_default=row.is_default if patch.is_default is None else patch.is_default,
        rank=row.rank if patch.rank is None else patch.rank,
        blocks={kind: one for kind, one in {**blocks_of(row), **patch.blocks}.items() if one is not None},
    )


def blocks_of(row: CategoryTemplate) -> dict[BlockKind, UUID]:
    """The blocks that the template uses."""
    told = {
        BlockKind.SHIPPING: row.shipping_block_id,
        BlockKind.SIZE_CHART: row.size_chart_block_id,
        BlockKind.COMPLIANCE: row.compliance_block_id,
    }
    return {kind: block_id for kind, block_id in told.items() if block_id is not None}


def checked_name(name: str) -> str:
    """A name as it is kept; ``Invalid`` when there is none, or it is too long."""
    stripped = name.strip()
    if not 0 < len(stripped) <= _LONGEST_NAME or "\0" in stripped:
        raise Invalid(f"Give it a name of 1 to {_LONGEST_NAME} characters.", field=("input", "name"))
    return stripped


def check_rank(rank: int) -> None:
    """``Invalid`` for a rank that is none."""
    if not 0 <= rank <= LAST_RANK:
        raise Invalid(f"A rank is a whole number from 0 to {LAST_RANK:,}.", field=("input", "rank"))
