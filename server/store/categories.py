"""Category trees: replaced as a whole, searched by the beginnings of words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import TreeNode
from server.domain.paging import Page, PageArgs
from server.domain.text import search_text, words
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Category, CategoryTree

_UPSERT = text("""
INSERT INTO category (id, shop_id, tree_id, version, remote_id, parent_remote_id, name, path, level, is_leaf,
                      permissions, search_text)
SELECT node.row_id, :shop_id, :tree_id, :version, node.id, node.parent_id, node.name, node.path, node.level,
       node.is_leaf, node.permissions, node.search_text
FROM jsonb_to_recordset(CAST(:nodes AS jsonb)) AS node(
    row_id uuid, id text, parent_id text, name text, path jsonb, level int, is_leaf boolean, permissions jsonb,
    search_text text)
ON CONFLICT (tree_id, remote_id) DO UPDATE SET
    parent_remote_id = excluded.parent_remote_id, name = excluded.name, path = excluded.path, level = excluded.level,
    is_leaf = excluded.is_leaf, permissions = excluded.permissions, search_text = excluded.search_text
""")

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
) -> CategoryTree:
    """Make the kept tree equal to ``nodes``: rows of nodes that stay keep their ids, the others go."""
    values = {
        "id": new_id(),
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "version": version,
        "locale": locale,
        "fetched_at": now,
        "nodes": len(nodes),
    }
    statement = (
        insert(CategoryTree)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["tiktok_shop_id", "version", "locale"], set_={"fetched_at": now, "nodes": len(nodes)}
        )
    )
    connection = await session.connection()
    await connection.execute(statement)
    tree = await tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version, locale=locale)
    if tree is None:
        raise LookupError("the tree that was just written is gone")
    rows = dumps_text([_row(node) for node in nodes])
    where = {"shop_id": shop_id, "tree_id": tree.id}
    await connection.execute(_UPSERT, where | {"version": version, "nodes": rows})
    await connection.execute(_PRUNE, where | {"ids": [node.id for node in nodes]})
    return tree


def _row(node: TreeNode) -> dict[str, object]:
    return {
        "row_id": new_id(),
        "id": node.id,
        "parent_id": node.parent_id,
        "name": node.name,
        "path": node.path,
        "level": node.level,
        "is_leaf": node.is_leaf,
        "permissions": node.permissions,
        "search_text": search_text(*node.path),
    }


async def tree_of(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion, locale: str | None = None
) -> CategoryTree | None:
    """The kept tree of a version, in ``locale`` or whichever was fetched last."""
    statement = select(CategoryTree).where(
        CategoryTree.shop_id == shop_id, CategoryTree.tiktok_shop_id == tiktok_shop_id, CategoryTree.version == version
    )
    if locale is not None:
        statement = statement.where(CategoryTree.locale == locale)
    return (await session.exec(statement.order_by(col(CategoryTree.fetched_at).desc()).limit(1))).first()


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
    for word in words(search or ""):
        statement = statement.where(col(Category.search_text).contains(f" {word}", autoescape=True))
    if leaves_only:
        statement = statement.where(col(Category.is_leaf))
    return await paginate(
        session, statement, keys=(col(Category.level), col(Category.name), col(Category.id)), args=args
    )


async def by_ref(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef) -> Category | None:
    """The node a reference names, in the shop's own tree of that version."""
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
        .order_by(col(CategoryTree.fetched_at))
    )
    known = {CategoryRef(row.remote_id, row.version): row for row in await session.exec(statement)}
    return {ref: known[ref] for ref in refs if ref in known}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Category]:
    """Those of the nodes that are the shop's."""
    rows = await session.exec(select(Category).where(Category.shop_id == shop_id, col(Category.id).in_(ids)))
    return {row.id: row for row in rows}
