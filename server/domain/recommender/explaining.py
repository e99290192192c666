"""Why a leaf: the product's own words as the merchant wrote them, and the confirmed products they recall."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.recommender.queries import DESCRIPTION_READ, Query
from server.domain.recommender.shop_memory import ShopMemory
from server.domain.recommender.tree_index import TreeIndex
from server.domain.recommender.values import Ground, ProductText, Reason
from server.domain.recommender.words import as_written

_NAMED = 4  # words named per reason


@dataclass(frozen=True, slots=True)
class Told:
    """One product with the words it was written in: terms -> surface."""

    product: ProductText
    query: Query
    named: Mapping[str, str]
    described: Mapping[str, str]

    @classmethod
    def of(cls, product: ProductText, query: Query) -> "Told":
        """Read once per product, used for each of its candidates."""
        texts = (product.title, product.product_type, *product.tags, product.source_category)
        named = as_written(" ".join(texts))
        return cls(product, query, named, as_written(product.description[:DESCRIPTION_READ]) | named)


def reasons(told: Told, leaf: int, confirmed: int, tree: TreeIndex, memory: ShopMemory) -> tuple[Reason, ...]:
    """The strongest first. ``confirmed``: what the leaf stands for, itself unless an inner category was learned."""
    product, query = told.product, told.query
    found: list[Reason] = []
    if memory.same_title(product.title) == confirmed:
        found.append(Reason(Ground.SAME_PRODUCT, example=product.title))
    if confirmed in memory.mapped(product):
        found.append(Reason(Ground.SOURCE_CATEGORY, example=product.source_category or product.product_type))
    shared = tree.shared(query.title, tree.leaves[leaf])
    if said := _surface((query.origin.get(term, term) for term in shared), told.named):
        found.append(Reason(Ground.WORDS, said))
    telling = [term for term in memory.leaves.telling(query.memory, confirmed)[: 2 * _NAMED] if ":" not in term]
    if telling and (usual := _surface(telling, told.described)):
        found.append(Reason(Ground.HABIT, usual))
    if like := memory.most_like(query, confirmed):
        found.append(Reason(Ground.PAST_PRODUCT, example=like))
    return tuple(found)


def _surface(terms: Iterable[str], written: Mapping[str, str]) -> tuple[str, ...]:
    words = dict.fromkeys(written[term] for term in terms if term in written)
    return tuple(words)[:_NAMED]
