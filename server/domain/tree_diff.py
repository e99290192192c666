"""What changed between two readings of one category tree, node by node."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from server.domain.category_tree import TreeNode


class TreeChangeKind(StrEnum):
    """One way in which a node differs; a node that differs in several ways has one change for each."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    MOVED = "MOVED"
    RENAMED = "RENAMED"
    BECAME_LEAF = "BECAME_LEAF"
    BECAME_INNER = "BECAME_INNER"
    PERMISSIONS_CHANGED = "PERMISSIONS_CHANGED"


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One node's change; ``before`` is None for a node that is new, ``after`` for one that is gone."""

    kind: TreeChangeKind
    before: TreeNode | None
    after: TreeNode | None

    @property
    def node(self) -> TreeNode:
        """The node as it is now, or as it was when it is gone."""
        node = self.after or self.before
        if node is None:
            raise ValueError("a change has a node before or after it")
        return node


def diff(before: Iterable[TreeNode], after: Iterable[TreeNode]) -> list[TreeChange]:
    """All changes, in the order of the new tree, what is gone last.

    What hangs below a moved or renamed node did not change itself: only the node is told.
    """
    old = {node.id: node for node in before}
    new = {node.id: node for node in after}
    changes: list[TreeChange] = []
    for node in new.values():
        was = old.get(node.id)
        kinds = (TreeChangeKind.ADDED,) if was is None else tuple(_differences(was, node))
        changes.extend(TreeChange(kind, was, node) for kind in kinds)
    changes.extend(TreeChange(TreeChangeKind.REMOVED, node, None) for node in old.values() if node.id not in new)
    return changes


def _differences(was: TreeNode, now: TreeNode) -> Iterator[TreeChangeKind]:
    if was.parent_id != now.parent_id:
        yield TreeChangeKind.MOVED
    if was.name != now.name:
        yield TreeChangeKind.RENAMED
    if was.is_leaf != now.is_leaf:
        yield TreeChangeKind.BECAME_LEAF if now.is_leaf else TreeChangeKind.BECAME_INNER
    if set(was.permissions) != set(now.permissions):
        yield TreeChangeKind.PERMISSIONS_CHANGED
