"""Category trees: replaced as a whole, searched by the beginnings of words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, literal, text, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY, insert
from sqlmodel import col, select

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import TreeNode
from server.domain.folding import words
from server.domain.locales import OWN
from server.domain.paging import Page, PageArgs
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Category, CategoryTree

MAX_WORDS = 12
"""Words of a search that are looked at."""

_UPSERT = text("""
INSERT INTO category (id, shop_id, tree_id, version, remote_id, parent_remote_id, name, path, level, is_leaf,
                      permissions, words)
SELECT node.row_id, :shop_id, :tree_id, :version, node.id, node.parent_id, node.name, node.path, node.level,
       node.is_leaf, node.permissions, array_to_tsvector(CAST(node.words AS text[]))
FROM jsonb_to_recordset(CAST(:nodes AS jsonb)) AS node(
    row_id uuid, id text, parent_id text, name text, path jsonb, level int, is_leaf boolean, permissions jsonb,
    words text[])
ON CONFLICT (tree_id, remote_id) DO UPDATE SET
    parent_remote_id = excluded.parent_remote_id, name = excluded.name, path = excluded.path, level = excluded.level,
    is_leaf = excluded.is_leaf, permissions = excluded.permissions, words = excluded.words
WHERE (category.parent_remote_id, category.path, category.is_leaf, category.permissions)
    IS DISTINCT FROM (excluded.parent_remote_id, excluded.path, excluded.is_leaf, excluded.permissions)
""")
"""Nodes that are as they were are not written: most days that is nearly all of them."""

_PRUNE = text("""
DELETE FROM category WHERE tree_id = :tree_id AND shop_id = :shop_id AND NOT (remote_id = ANY(CAST(:ids AS text[])))
""")


async def replace(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    locale: str,
    nodes: Sequence[TreeNode],
    now: datetime,
    refresh_at: datetime,
) -> CategoryTree:
    """Make the kept tree equal to ``nodes``: rows of nodes that stay keep their ids, the others go."""
    values = {
        "id": new_id(),
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "version": version,
        "locale": locale,
        "fetched_at": now,
        "refresh_at": refresh_at,
        "nodes": len(nodes),
    }
    statement = (
        insert(CategoryTree)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["tiktok_shop_id", "version", "locale"],
            set_={"fetched_at": now, "refresh_at": refresh_at, "nodes": len(nodes)},
        )
    )
    connection = await session.connection()
    await connection.execute(statement)
    tree = await tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version, locale=locale)
    if tree is None:
        raise LookupError("the tree that was just written is gone")
    rows = dumps_text([_row(node, tree.id) for node in nodes])
    where = {"shop_id": shop_id, "tree_id": tree.id}
    await connection.execute(_UPSERT, where | {"version": version, "nodes": rows})
    await connection.execute(_PRUNE, where | {"ids": [node.id for node in nodes]})
    return tree


async def add(session: Session, *, shop_id: UUID, tree: CategoryTree, nodes: Sequence[TreeNode]) -> None:
    """Put nodes that the platform named into a kept tree before its next refresh (T7)."""
    rows = dumps_text([_row(node, tree.id) for node in nodes])
    connection = await session.connection()
    await connection.execute(_UPSERT, {"shop_id": shop_id, "tree_id": tree.id, "version": tree.version, "nodes": rows})
    tree.nodes += len(nodes)
    session.add(tree)


def _row(node: TreeNode, tree_id: UUID) -> dict[str, object]:
    return {
        "row_id": new_id(),
        "id": node.id,
        "parent_id": node.parent_id,
        "name": node.name,
        "path": node.path,
        "level": node.level,
        "is_leaf": node.is_leaf,
        "permissions": node.permissions,
        "words": sorted({_word(tree_id, word) for name in node.path for word in words(name)}),
    }


def _word(tree_id: UUID, word: str) -> str:
    """A word marked with its tree. Two trees with the same mark do no harm: the tree is compared too."""
    return f"{tree_id.hex[-12:]}/{word}"


async def tree_of(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion, locale: str | None = None
) -> CategoryTree | None:
    """The kept tree of a version in ``locale``; without one in the shop's own language, else the newest."""
    statement = select(CategoryTree).where(
        CategoryTree.shop_id == shop_id, CategoryTree.tiktok_shop_id == tiktok_shop_id, CategoryTree.version == version
    )
    if locale is not None:
        statement = statement.where(CategoryTree.locale == locale)
    own_first = (col(CategoryTree.locale) != OWN, col(CategoryTree.fetched_at).desc())
    return (await session.exec(statement.order_by(*own_first).limit(1))).first()


async def trees_of(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, list[CategoryTree]]:
    """All kept trees by TikTok shop, the shop's own language first."""
    statement = select(CategoryTree).where(
        CategoryTree.shop_id == shop_id, col(CategoryTree.tiktok_shop_id).in_(tiktok_shop_ids)
    )
    found: dict[UUID, list[CategoryTree]] = {tiktok_shop_id: [] for tiktok_shop_id in tiktok_shop_ids}
    for tree in await session.exec(statement.order_by(col(CategoryTree.version), col(CategoryTree.locale))):
        found[tree.tiktok_shop_id].append(tree)
    return found


async def trees_by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryTree]:
    """Those of the trees that are the shop's."""
    rows = await session.exec(
        select(CategoryTree).where(CategoryTree.shop_id == shop_id, col(CategoryTree.id).in_(ids))
    )
    return {row.id: row for row in rows}


async def nodes_of(session: Session, *, shop_id: UUID, tree_id: UUID) -> list[TreeNode]:
    """The whole kept tree."""
    statement = select(Category).where(Category.shop_id == shop_id, Category.tree_id == tree_id)
    return [
        TreeNode(row.remote_id, row.parent_remote_id, row.name, tuple(row.path), row.is_leaf, tuple(row.permissions))
        for row in await session.exec(statement)
    ]


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tree_id: UUID,
    parent_id: str | None = None,
    roots: bool = False,
    search: str | None = None,
    leaves_only: bool = False,
    args: PageArgs,
) -> Page[Category]:
    """Nodes of a tree by name: the roots, a node's children, or those whose path has all words of ``search``."""
    statement = select(Category).where(Category.shop_id == shop_id, Category.tree_id == tree_id)
    if roots:
        statement = statement.where(col(Category.parent_remote_id).is_(None))
    if parent_id is not None:
        statement = statement.where(Category.parent_remote_id == parent_id)
    if search is not None and search.strip():
        statement = statement.where(_has_words(tree_id, words(search)[:MAX_WORDS]))
    if leaves_only:
        statement = statement.where(col(Category.is_leaf))
    return await paginate(
        session, statement, keys=(col(Category.level), col(Category.name), col(Category.id)), args=args
    )


def _has_words(tree_id: UUID, wanted: Sequence[str]) -> ColumnElement[bool]:
    """Each word begins a word of the path. A search for punctuation alone finds nothing."""
    if not wanted:
        return false()
    query = " & ".join(f"'{_word(tree_id, word)}':*" for word in wanted)
    return col(Category.words).op("@@", is_comparison=True)(literal(query, TSQUERY))


async def children(
    session: Session, *, shop_id: UUID, parents: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[Category]]:
    """The nodes right below each of these (tree, TikTok id), by name."""
    key = tuple_(col(Category.tree_id), col(Category.parent_remote_id))
    statement = select(Category).where(Category.shop_id == shop_id, key.in_(parents))
    found: dict[tuple[UUID, str], list[Category]] = {parent: [] for parent in parents}
    for row in await session.exec(statement.order_by(col(Category.name), col(Category.id))):
        found[row.tree_id, row.parent_remote_id or ""].append(row)
    return found


async def in_trees(
    session: Session, *, shop_id: UUID, places: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Category]:
    """The nodes at these places (tree, TikTok id)."""
    key = tuple_(col(Category.tree_id), col(Category.remote_id))
    rows = await session.exec(select(Category).where(Category.shop_id == shop_id, key.in_(places)))
    return {(row.tree_id, row.remote_id): row for row in rows}


async def by_ref(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef) -> Category | None:
    """The node a reference names, in the shop's tree of that version, preferably in its own language."""
    found = await by_refs(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[ref])
    return found.get(ref)


async def by_refs(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, Category]:
    """The nodes that the references name; what the trees do not have is left out."""
    statement = (
        select(Category)
        .join(CategoryTree, col(CategoryTree.id) == col(Category.tree_id))
        .where(
            Category.shop_id == shop_id,
            CategoryTree.tiktok_shop_id == tiktok_shop_id,
            col(Category.remote_id).in_([ref.id for ref in refs]),
        )
        .order_by(col(CategoryTree.locale) == OWN, col(CategoryTree.fetched_at))
    )
    known = {CategoryRef(row.remote_id, row.version): row for row in await session.exec(statement)}
    return {ref: known[ref] for ref in refs if ref in known}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Category]:
    """Those of the nodes that are the shop's."""
    rows = await session.exec(select(Category).where(Category.shop_id == shop_id, col(Category.id).in_(ids)))
    return {row.id: row for row in rows}
