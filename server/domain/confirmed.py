"""Confirmed choices: what the recommender of a TikTok shop learns from, and who said it (N10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.domain.categories import CategoryRef


class ChoiceSource(StrEnum):
    """How a product's category was confirmed. A mapping speaks for many products at once, and only where nothing
    was said about the product itself.
    """

    APPROVAL = "APPROVAL"
    EDIT = "EDIT"
    ASSIGNMENT = "ASSIGNMENT"
    UPGRADE = "UPGRADE"
    MAPPING = "MAPPING"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A product belongs in a leaf."""

    product_id: UUID
    ref: CategoryRef
    source: ChoiceSource


def latest(choices: Iterable[Confirmed]) -> dict[UUID, Confirmed]:
    """One choice a product: the last that is about the product itself, else the last of a mapping."""
    found: dict[UUID, Confirmed] = {}
    for one in choices:
        known = found.get(one.product_id)
        if known is None or one.source is not ChoiceSource.MAPPING or known.source is ChoiceSource.MAPPING:
            found[one.product_id] = one
    return found
