"""Keeping the category trees, and finding nodes in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import FlatNode, grow
from server.domain.paging import Page, PageArgs
from server.domain.tasks import TaskKind
from server.feed import Feed
from server.kit.errors import Conflict, NotFound
from server.queue import Queue
from server.services import tasks
from server.store import categories, tiktok_shops
from server.store.session import Session
from server.tables import Category, CategoryTree, Task

BOTH = (CategoryVersion.V1, CategoryVersion.V2)


async def start_sync(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    versions: Sequence[CategoryVersion] = BOTH,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Open the task that fetches the trees anew."""
    if await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id) is None:
        raise NotFound("There is no such TikTok shop.", field=("input", "tiktokShopId"))
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.CATEGORIES,
        tiktok_shop_id=tiktok_shop_id,
        input={"versions": [str(version) for version in versions]},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=None,
        now=now,
    )


async def keep(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    locale: str,
    nodes: Sequence[FlatNode],
    now: datetime,
) -> CategoryTree:
    """Store a fetched tree in place of the one before."""
    grown = grow(nodes)
    if not grown:
        raise Conflict(f"TikTok Shop answered an empty {version} tree; the one before is kept. Try again later.")
    return await categories.replace(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version, locale=locale, nodes=grown, now=now
    )


async def enforce(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> None:
    """The platform itself told which tree this shop must use: that overrides the calendar from now on."""
    await tiktok_shops.enforce_version(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    parent_id: str | None = None,
    roots: bool = False,
    search: str | None = None,
    leaves_only: bool = False,
    args: PageArgs,
) -> Page[Category]:
    """Nodes of a kept tree: the roots, the children of ``parent_id``, or a search. Shallow nodes come first."""
    tree = await categories.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)
    if tree is None:
        raise NotFound(f"The {version} tree has not been fetched yet: run categoriesSync first.")
    return await categories.page(
        session,
        shop_id=shop_id,
        tree_id=tree.id,
        parent_id=parent_id,
        roots=roots,
        search=search,
        leaves_only=leaves_only,
        args=args,
    )


async def by_ref(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef) -> Category | None:
    """The node a reference names, or nothing."""
    return await categories.by_ref(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, ref=ref)


async def by_refs(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, Category]:
    """The nodes that the references name."""
    return await categories.by_refs(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Category]:
    """Those of the nodes that are the shop's."""
    return await categories.by_ids(session, shop_id=shop_id, ids=ids)
