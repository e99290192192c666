"""From flat lists to trees: whatever the platform answers, every kept node can be browsed to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.category_tree import ROOT, FlatNode, grow
from server.domain.folding import fold, search_text


def node(node_id: str, parent_id: str = ROOT, *, leaf: bool = False) -> FlatNode:
    return FlatNode(node_id, parent_id, f"n{node_id}", leaf)


@pytest.mark.parametrize(
    ("_case", "nodes", "paths"),
    [
        ("a root alone", [node("1")], {"1": ("n1",)}),
        ("children before their parent", [node("2", "1"), node("1")], {"1": ("n1",), "2": ("n1", "n2")}),
        ("an orphan and its child", [node("1"), node("3", "9"), node("4", "3")], {"1": ("n1",)}),
        ("a circle and what hangs on it", [node("1"), node("2", "3"), node("3", "2"), node("4", "2")], {"1": ("n1",)}),
        ("its own parent", [node("1", "1")], {}),
        ("the same id twice: the last wins", [node("1"), FlatNode("1", ROOT, "new", True)], {"1": ("new",)}),
        ("nothing", [], {}),
    ],
)
def test_grow(_case: str, nodes: list[FlatNode], paths: dict[str, tuple[str, ...]]) -> None:
    assert {each.id: each.path for each in grow(nodes)} == paths


def test_a_node_without_a_permission_is_available() -> None:
    [kept] = grow([node("1", leaf=True)])
    assert (kept.permissions, kept.is_leaf, kept.parent_id, kept.level) == (("AVAILABLE",), True, None, 1)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=30))
def test_every_kept_node_hangs_on_a_root(pairs: list[tuple[int, int]]) -> None:
    kept = {each.id: each for each in grow([node(str(a), str(b)) for a, b in pairs])}
    for each in kept.values():
        steps, at = 0, each
        while at.parent_id is not None:
            assert at.path[:-1] == kept[at.parent_id].path
            at, steps = kept[at.parent_id], steps + 1
        assert steps == each.level - 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Crème BRÛLÉE", "creme brulee"), ("Straße", "strasse"), ("ＡＢＣ", "abc"), ("Ünïcödé—x", "unicode—x"), ("", "")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_search_text_marks_the_start_of_every_word() -> None:
    assert search_text("Men's Shoes", "Running & Trail") == " men s shoes running trail"
