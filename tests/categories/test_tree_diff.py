"""What two readings of a tree differ in; applied to the old reading, the changes lead to the new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.domain.category_tree import ROOT, FlatNode, TreeNode, grow
from server.domain.tree_diff import TreeChangeKind, diff

OLD = [
    FlatNode("1", ROOT, "Home", False),
    FlatNode("2", "1", "Mugs", True),
    FlatNode("3", "1", "Knives", True, ("INVITE_ONLY",)),
    FlatNode("4", ROOT, "Pets", False),
    FlatNode("5", "4", "Bowls", True),
]


def kinds(new: list[FlatNode]) -> list[tuple[str, TreeChangeKind]]:
    return [(change.node.id, change.kind) for change in diff(grow(OLD), grow(new))]


@pytest.mark.parametrize(
    ("_case", "new", "expected"),
    [
        ("nothing", OLD, []),
        ("other order", OLD[::-1], []),
        ("added", [*OLD, FlatNode("6", "4", "Leads", True)], [("6", TreeChangeKind.ADDED)]),
        ("removed", OLD[:4], [("5", TreeChangeKind.REMOVED)]),
        ("moved", [*OLD[:4], FlatNode("5", "1", "Bowls", True)], [("5", TreeChangeKind.MOVED)]),
        (
            "its parent renamed",
            [FlatNode("1", ROOT, "House", False), *OLD[1:]],
            [("1", TreeChangeKind.RENAMED)],
        ),
        (
            "a leaf is divided",
            [*OLD[:4], FlatNode("5", "4", "Bowls", False), FlatNode("7", "5", "Steel", True)],
            [("5", TreeChangeKind.BECAME_INNER), ("7", TreeChangeKind.ADDED)],
        ),
        (
            "an inner node becomes a leaf",
            [*OLD[:3], FlatNode("4", ROOT, "Pets", True)],
            [("4", TreeChangeKind.BECAME_LEAF), ("5", TreeChangeKind.REMOVED)],
        ),
        (
            "permissions",
            [*OLD[:2], FlatNode("3", "1", "Knives", True, ("AVAILABLE",)), *OLD[3:]],
            [("3", TreeChangeKind.PERMISSIONS_CHANGED)],
        ),
        (
            "several at once",
            [*OLD[:4], FlatNode("5", "1", "Dishes", True)],
            [("5", TreeChangeKind.MOVED), ("5", TreeChangeKind.RENAMED)],
        ),
    ],
)
def test_diff(_case: str, new: list[FlatNode], expected: list[tuple[str, TreeChangeKind]]) -> None:
    assert kinds(new) == expected


trees = some.lists(
    some.builds(
        FlatNode,
        some.integers(1, 6).map(str),
        some.integers(0, 6).map(str),
        some.sampled_from(["a", "b"]),
        some.booleans(),
        some.sampled_from([("AVAILABLE",), ("INVITE_ONLY",)]),
    ),
    max_size=8,
)


@given(trees, trees)
def test_changes_lead_from_the_old_tree_to_the_new_one(old: list[FlatNode], new: list[FlatNode]) -> None:
    before, after = {node.id: node for node in grow(old)}, {node.id: node for node in grow(new)}
    changed: dict[str, TreeNode | None] = {}
    for change in diff(before.values(), after.values()):
        changed[change.node.id] = change.after
    rebuilt = {**before, **changed}
    plain = {key: own(node) for key, node in rebuilt.items() if node is not None}
    assert plain == {key: own(node) for key, node in after.items()}


def own(node: TreeNode) -> tuple[object, ...]:
    return (node.parent_id, node.name, node.is_leaf, node.permissions)
