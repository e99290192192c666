"""Paths of what differs."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.differences import differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_every_difference_is_told_with_its_path() -> None:
    before = {"title": "A", "skus": [{"price": "1"}, {"price": "2"}], "gone": 1, "same": [1, 2]}
    after = {"title": "B", "skus": [{"price": "1"}], "new": None, "same": [1, 2]}
    assert differences(before, after) == {
        "title": ("A", "B"),
        "skus.1": ({"price": "2"}, None),
        "gone": (1, None),
        "new": (None, None),
    }


@given(JSON, JSON)
def test_nothing_differs_from_itself_and_unequal_values_differ(one: object, other: object) -> None:
    assert differences(one, one) == {}
    assert bool(differences(one, other)) == (one != other)
