"""What refreshes changed in the trees, and which trees are due for one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, func, select, update

from server.domain.categories import CategoryVersion
from server.domain.paging import Page, PageArgs
from server.domain.tasks import TaskKind
from server.domain.tree_diff import TreeChange
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import CategoryChange, CategoryTree, Shop, Task, TikTokAuthorization, TikTokShop

_INSERT = text("""
INSERT INTO category_change (id, shop_id, tree_id, version, at, remote_id, kind, path_before, path_after,
                             permissions_before, permissions_after)
SELECT change.row_id, :shop_id, :tree_id, :version, :at, change.node_id, change.kind, change.path_before,
       change.path_after, change.permissions_before, change.permissions_after
FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS change(
    row_id uuid, node_id text, kind text, path_before jsonb, path_after jsonb, permissions_before jsonb,
    permissions_after jsonb)
""")


async def add(
    session: Session,
    *,
    shop_id: UUID,
    tree_id: UUID,
    version: CategoryVersion,
    changes: Sequence[TreeChange],
    now: datetime,
) -> None:
    """Keep what one refresh changed."""
    if changes:
        where = {"shop_id": shop_id, "tree_id": tree_id, "version": version, "at": now}
        connection = await session.connection()
        await connection.execute(_INSERT, where | {"changes": dumps_text([_row(change) for change in changes])})


def _row(change: TreeChange) -> dict[str, object]:
    before, after = change.before, change.after
    return {
        "row_id": new_id(),
        "node_id": change.node.id,
        "kind": change.kind,
        "path_before": before and before.path,
        "path_after": after and after.path,
        "permissions_before": before and before.permissions,
        "permissions_after": after and after.permissions,
    }


async def forget(session: Session, *, shop_id: UUID, tree_id: UUID, before: datetime) -> None:
    """Drop a tree's changes that are too old to matter."""
    old = (
        col(CategoryChange.shop_id) == shop_id,
        col(CategoryChange.tree_id) == tree_id,
        col(CategoryChange.at) < before,
    )
    await session.exec(delete(CategoryChange).where(*old))


async def page(session: Session, *, shop_id: UUID, tree_id: UUID, args: PageArgs) -> Page[CategoryChange]:
    """A tree's changes, the newest first."""
    statement = select(CategoryChange).where(CategoryChange.shop_id == shop_id, CategoryChange.tree_id == tree_id)
    keys = (col(CategoryChange.at), col(CategoryChange.id))
    return await paginate(session, statement, keys=keys, args=args, descending=True)


async def due_soon(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, at: datetime) -> None:
    """A TikTok shop's trees are due at ``at``, unless they are already due before it."""
    mine = (col(CategoryTree.shop_id) == shop_id, col(CategoryTree.tiktok_shop_id) == tiktok_shop_id)
    earlier = func.least(col(CategoryTree.refresh_at), at)
    await session.exec(update(CategoryTree).where(*mine).values(refresh_at=earlier))


async def defer(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion, until: datetime
) -> None:
    """The platform does not offer this tree any more: do not ask before ``until``."""
    mine = (col(CategoryTree.shop_id) == shop_id, col(CategoryTree.tiktok_shop_id) == tiktok_shop_id)
    await session.exec(update(CategoryTree).where(*mine, col(CategoryTree.version) == version).values(refresh_at=until))


async def take_due(
    session: Session, *, now: datetime, again_at: datetime, amount: int
) -> Mapping[UUID, list[CategoryTree]]:
    """Trees that are due, by TikTok shop, put off to ``again_at`` for whoever looks next. Not scoped to a shop.

    Only shops that can be called and are not being synced. Two sweeps at once never take the same shop.
    """
    due = select(CategoryTree.tiktok_shop_id).where(col(CategoryTree.refresh_at) <= now)
    syncing = select(Task.tiktok_shop_id).where(
        Task.kind == TaskKind.CATEGORIES, col(Task.finished_at).is_(None), col(Task.tiktok_shop_id).is_not(None)
    )
    callable_shops = (
        select(TikTokShop.id)
        .join(TikTokAuthorization, col(TikTokAuthorization.id) == col(TikTokShop.authorization_id))
        .join(Shop, col(Shop.id) == col(TikTokShop.shop_id))
        .where(
            col(TikTokShop.id).in_(due),
            col(TikTokShop.id).not_in(syncing),
            col(TikTokShop.disconnected_at).is_(None),
            col(TikTokAuthorization.ended_at).is_(None),
            col(TikTokAuthorization.refresh_expires_at) > now,
            col(Shop.uninstalled_at).is_(None),
        )
        .limit(amount)
        .with_for_update(of=TikTokShop, skip_locked=True)
    )
    shops = list(await session.exec(callable_shops))
    if not shops:
        return {}
    mine = (col(CategoryTree.tiktok_shop_id).in_(shops), col(CategoryTree.refresh_at) <= now)
    statement = select(CategoryTree).where(*mine).order_by(col(CategoryTree.version), col(CategoryTree.locale))
    taken: dict[UUID, list[CategoryTree]] = {}
    for tree in await session.exec(statement):
        taken.setdefault(tree.tiktok_shop_id, []).append(tree)
    await session.exec(update(CategoryTree).where(*mine).values(refresh_at=again_at))
    return taken
