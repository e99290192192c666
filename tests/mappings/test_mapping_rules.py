"""The rules of mappings: keys, order, and what choices teach."""

import pytest

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import (
    Proposal,
    Sorting,
    Source,
    SourceKind,
    fault_of,
    leaf_for,
    propose,
    sources_of,
    type_key,
)
from tests.mappings.conftest import BOWLS, MUGS, a_category, a_collection, a_type, collection, taxonomy


def test_a_product_has_its_sources_in_one_order() -> None:
    sorting = Sorting(" Mugs ", taxonomy("hg-11-10"), (collection(30), collection(7), collection(30)))
    assert sources_of(sorting) == (
        a_category("hg-11-10"),
        a_category("hg-11"),
        a_category("hg"),
        a_type("mugs"),
        a_collection(30),
        a_collection(7),
    )


def test_who_is_not_sorted_has_none() -> None:
    assert sources_of(Sorting("  ", None)) == ()
    assert sources_of(Sorting("", taxonomy("na"))) == ()


@pytest.mark.parametrize(("said", "key"), [(" T-Shirts", "t-shirts"), ("Écharpes", "Écharpes"), ("\tX ", "\tx")])
def test_a_type_is_folded_as_the_database_folds_it(said: str, key: str) -> None:
    assert type_key(said) == key


def test_the_first_mapped_source_decides() -> None:
    sorting = Sorting("Mugs", taxonomy("hg-11"), (collection(7),))
    mapped = {a_type("mugs"): (MUGS, "Mugs"), a_category("hg"): (BOWLS, "Home"), a_collection(7): (MUGS, "7")}
    found = leaf_for(sorting, mapped)
    assert found is not None
    assert (found.ref, found.source) == (BOWLS, a_category("hg"))
    assert found.because == "its Shopify category is in “Home”, which is mapped"
    assert leaf_for(Sorting("Bowls"), mapped) is None


@pytest.mark.parametrize(
    ("source", "good"),
    [
        (a_type("x"), True),
        (a_type(""), False),
        (a_type("x" * 256), False),
        (a_type("a\0b"), False),
        (a_category("hg-11"), True),
        (Source(SourceKind.SHOPIFY_CATEGORY, "hg-11"), False),
        (a_collection(1), True),
        (Source(SourceKind.COLLECTION, "Summer"), False),
    ],
)
def test_keys_are_checked(source: Source, good: bool) -> None:
    assert (fault_of(source) is None) is good


@pytest.mark.parametrize(
    ("agreeing", "others", "learned"), [(2, 0, False), (3, 0, True), (3, 1, False), (4, 1, True), (7, 2, False)]
)
def test_three_products_and_four_in_five_teach(agreeing: int, others: int, learned: bool) -> None:
    votes = [(a_type("mugs"), MUGS, agreeing), (a_type("mugs"), BOWLS, others)]
    expected = [Proposal(a_type("mugs"), MUGS, agreeing, agreeing + others)] if learned else []
    assert propose(votes) == expected


def test_the_same_id_of_another_tree_is_another_leaf() -> None:
    old = CategoryRef(MUGS.id, CategoryVersion.V1)
    assert propose([(a_type("m"), MUGS, 3), (a_type("m"), old, 3)]) == []
