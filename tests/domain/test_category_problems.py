"""Problems of a category name the place where it was chosen."""

from dataclasses import replace

import pytest

from server.domain.categories import CategoryVersion
from server.domain.category_choices import CategorySource
from server.domain.validators.category import Tree
from tests.domain.factories import LEAF, a_frame


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (CategorySource.OVERRIDE, " in the product's own settings"),
        (CategorySource.TEMPLATE, " in the template"),
        (CategorySource.APPROVAL, " in place of the approved recommendation"),
        (CategorySource.MAPPING, " in the mapping of its source category"),
        (CategorySource.DEFAULT_TEMPLATE, " in the default template"),
        (None, ""),
    ],
)
def test_problems_of_categories_name_who_chose_it(source: CategorySource | None, where: str) -> None:
    gone = a_frame(tree=Tree(True), source=source)
    assert [(one.code, one.message) for one in gone.problems] == [
        (
            "CATEGORY_NOT_IN_TREE",
            f"TikTok Shop no longer has category 1016776, or not for this shop. Choose another{where}.",
        )
    ]


def test_a_category_of_the_closed_tree_says_where_to_choose_anew() -> None:
    made = a_frame(category=replace(LEAF, version=CategoryVersion.V1))
    assert [(one.code, one.message) for one in made.problems] == [
        (
            "CATEGORY_VERSION_CLOSED",
            "Category 1016776 belongs to the v1 tree, and TikTok Shop US now takes v2 only. "
            "Choose the category anew in the template.",
        )
    ]
