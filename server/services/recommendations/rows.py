"""From rows to the values that the rules of recommending read, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.recommendations import Past
from server.domain.recommender import ProductText
from server.kit.html import text_of
from server.tables import Recommendation


def refs_json(refs: Iterable[CategoryRef]) -> list[dict[str, Any]]:
    """References as rows keep them."""
    return [{"id": ref.id, "version": ref.version} for ref in refs]


def _refs(data: Iterable[Mapping[str, Any]]) -> tuple[CategoryRef, ...]:
    return tuple(CategoryRef(one["id"], CategoryVersion(one["version"])) for one in data)


def past_of(row: Recommendation | None) -> Past:
    """What a product's recommendation has been through."""
    return Past() if row is None else Past(_refs(row.proposals), _refs(row.rejected), chosen_of(row))


def proposed_of(row: Recommendation) -> CategoryRef | None:
    """What is proposed now."""
    return None if row.proposed_id is None else CategoryRef(row.proposed_id, row.version)


def chosen_of(row: Recommendation) -> CategoryRef | None:
    """What the merchant chose last."""
    if row.chosen_id is None or row.chosen_version is None:
        return None
    return CategoryRef(row.chosen_id, row.chosen_version)


class ProductWords(Protocol):
    """The columns of a product that hold its words."""

    @property
    def title(self) -> str:
        """As the store has it."""
        ...

    @property
    def description_html(self) -> str:
        """As the store has it."""
        ...

    @property
    def product_type(self) -> str:
        """The merchant's own word; may be empty."""
        ...

    @property
    def vendor(self) -> str:
        """May be empty."""
        ...

    @property
    def tags(self) -> Sequence[str]:
        """The merchant's own."""
        ...

    @property
    def category_id(self) -> str | None:
        """Shopify's category."""
        ...


def product_text(row: ProductWords) -> ProductText:
    """What the local recommender reads of a product."""
    return ProductText(
        title=row.title,
        description=text_of(row.description_html),
        product_type=row.product_type,
        vendor=row.vendor,
        tags=tuple(row.tags),
        source_category=row.category_id or "",
    )
