"""Why a leaf: the product's own words as the merchant wrote them, and the confirmed products they recall."""

from collections.abc import Iterable, Mapping

from server.domain.recommender.queries import Query
from server.domain.recommender.shop_memory import ShopMemory, mapping_keys
from server.domain.recommender.tree_index import TreeIndex
from server.domain.recommender.values import Ground, ProductText, Reason
from server.domain.recommender.words import as_written, folded

_NAMED = 4  # words named per reason


def reasons(product: ProductText, query: Query, column: int, tree: TreeIndex, memory: ShopMemory) -> tuple[Reason, ...]:
    """The strongest first; none when only the tree's make-up put the leaf on the list."""
    written = as_written(" ".join((product.title, product.product_type, *product.tags, product.source_category)))
    found: list[Reason] = []
    if memory.same_title(product.title) == column:
        found.append(Reason(Ground.SAME_PRODUCT, example=product.title))
    if column in memory.mapped(product):
        found.append(Reason(Ground.SOURCE_CATEGORY, example=product.source_category or product.product_type))
    shared = tree.shared(query.title, tree.leaves[column])
    if said := _surface((query.origin.get(term, term) for term in shared), query, written):
        found.append(Reason(Ground.WORDS, said))
    telling = [term for term in memory.leaves.telling(query.memory, column)[: 3 * _NAMED] if ":" not in term]
    if telling:
        everything = written | as_written(product.description)
        found.append(Reason(Ground.HABIT, _surface(telling, query, everything)))
    if like := memory.most_like(query, column):
        found.append(Reason(Ground.PAST_PRODUCT, example=like))
    return tuple(reason for reason in found if reason.words or reason.example)


def _surface(terms: Iterable[str], query: Query, written: Mapping[str, str]) -> tuple[str, ...]:
    words = dict.fromkeys(written[term] for term in terms if term in written)
    return tuple(words)[:_NAMED]
