"""From the platform's flat list to a tree: paths, levels, and what does not fit together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.categories import PermissionStatus

ROOT = "0"
"""The parent id of a root (TikTok fact sheet 3.7)."""


@dataclass(frozen=True, slots=True)
class FlatNode:
    """One line of Get Categories. Unknown permission statuses are kept as they came."""

    id: str
    parent_id: str
    name: str
    is_leaf: bool
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node in its place: ``path`` holds the names from the root to the node itself, ``level`` starts at 1."""

    id: str
    parent_id: str | None
    name: str
    path: tuple[str, ...]
    is_leaf: bool
    permissions: tuple[str, ...]

    @property
    def level(self) -> int:
        """How deep it hangs; never use this to tell leaves, that is ``is_leaf``."""
        return len(self.path)


def grow(nodes: Iterable[FlatNode]) -> list[TreeNode]:
    """Every node that hangs on a root through its parents. Orphans and circles are left out: nobody can reach them."""
    flat = {node.id: node for node in nodes}
    paths: dict[str, tuple[str, ...] | None] = {}
    grown = []
    for node in flat.values():
        path = _path(node.id, flat, paths)
        if path is not None:
            parent = None if node.parent_id == ROOT else node.parent_id
            permissions = node.permissions or (PermissionStatus.AVAILABLE,)
            grown.append(TreeNode(node.id, parent, node.name, path, node.is_leaf, permissions))
    return grown


def _path(
    node_id: str, flat: Mapping[str, FlatNode], paths: dict[str, tuple[str, ...] | None]
) -> tuple[str, ...] | None:
    """Names from the root down, remembered in ``paths``; nothing for a node that hangs in the air."""
    trail: list[str] = []
    at = node_id
    while at not in paths and at != ROOT:
        if at not in flat or at in trail:
            for lost in trail:
                paths[lost] = None
            return None
        trail.append(at)
        at = flat[at].parent_id
    path = () if at == ROOT else paths[at]
    for above in reversed(trail):
        path = None if path is None else (*path, flat[above].name)
        paths[above] = path
    return paths[node_id]
