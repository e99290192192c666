"""Keeping the category trees with what changes in them, and finding nodes in them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import FlatNode, grow
from server.domain.locales import OWN, read_locale
from server.domain.paging import Page, PageArgs
from server.domain.tasks import TaskKind
from server.domain.tree_diff import diff
from server.feed import Feed
from server.kit.errors import Conflict, NotFound
from server.queue import Queue
from server.services import tasks
from server.store import categories, tiktok_shops, tree_changes
from server.store.session import Session
from server.tables import Category, CategoryChange, CategoryTree, Task

BOTH = (CategoryVersion.V1, CategoryVersion.V2)

REFRESH_EVERY = timedelta(days=1)
"""Categories change often; a day is the compromise of the fact sheet (3.7)."""

SETTLED = timedelta(minutes=5)
"""A tree read so short ago would be read the same again: what contradicts it is not the tree."""

REMEMBERED = timedelta(days=90)
"""How long changes of a tree are kept."""


async def start_sync(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    versions: Sequence[CategoryVersion] = BOTH,
    locales: Sequence[str] = (),
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Open the task that fetches the trees anew: each version in each locale, or in the shop's own language."""
    if await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id) is None:
        raise NotFound("There is no such TikTok shop.", field=("input", "tiktokShopId"))
    named = [read_locale(locale, "input", "locales", str(place)) for place, locale in enumerate(locales)]
    return await open_sync(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        wanted=[(version, locale) for version in versions for locale in named or [OWN]],
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )


async def open_sync(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wanted: Sequence[tuple[CategoryVersion, str]],
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """The same for trees (version, locale) that are known to be right."""
    trees = [[str(version), locale] for version, locale in dict.fromkeys(wanted)]
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.CATEGORIES,
        tiktok_shop_id=tiktok_shop_id,
        input={"trees": trees, "versions": list(dict.fromkeys(version for version, _ in trees))},
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
    """Store a fetched tree in place of the one before, and note what changed. The first tree changes nothing."""
    grown = grow(nodes)
    if not grown:
        raise Conflict(f"TikTok Shop answered an empty {version} tree; the one before is kept. Try again later.")
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    known = await categories.tree_of(session, **where, version=version, locale=locale)
    before = [] if known is None else await categories.nodes_of(session, shop_id=shop_id, tree_id=known.id)
    tree = await categories.replace(
        session, **where, version=version, locale=locale, nodes=grown, now=now, refresh_at=now + REFRESH_EVERY
    )
    if known is not None:
        changes = diff(before, grown)
        await tree_changes.add(session, shop_id=shop_id, tree_id=tree.id, version=version, changes=changes, now=now)
        await tree_changes.forget(session, shop_id=shop_id, tree_id=tree.id, before=now - REMEMBERED)
    return tree


async def mark_stale(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> None:
    """The platform contradicted the kept trees: the sweep refreshes them at once, those just read a little later."""
    found = await categories.trees_of(session, shop_id=shop_id, tiktok_shop_ids=[tiktok_shop_id])
    if trees := found[tiktok_shop_id]:
        soon = max(now, max(tree.fetched_at for tree in trees) + SETTLED)
        await tree_changes.due_soon(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, at=soon)


async def not_offered(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion, now: datetime
) -> None:
    """The platform refused to show this tree: what is kept of it stays, and is asked for again in a day."""
    await tree_changes.defer(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version, until=now + REFRESH_EVERY
    )


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    locale: str | None = None,
    parent_id: str | None = None,
    roots: bool = False,
    search: str | None = None,
    leaves_only: bool = False,
    args: PageArgs,
) -> Page[Category]:
    """Nodes of a kept tree: the roots, the children of ``parent_id``, or a search. Shallow nodes come first."""
    named = None if locale is None else read_locale(locale, "locale")
    tree = await categories.tree_of(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version, locale=named
    )
    if tree is None:
        if await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id) is None:
            raise NotFound("There is no such TikTok shop in this store.", field=("tiktokShopId",))
        language = f" in {named}" if named else ""
        raise NotFound(f"The {version} tree has not been fetched{language} yet: run categoriesSync first.")
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


async def trees_of(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, list[CategoryTree]]:
    """All kept trees by TikTok shop; for loaders."""
    return await categories.trees_of(session, shop_id=shop_id, tiktok_shop_ids=tiktok_shop_ids)


async def trees_by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryTree]:
    """Those of the trees that are the shop's; for loaders."""
    return await categories.trees_by_ids(session, shop_id=shop_id, ids=ids)


async def children(
    session: Session, *, shop_id: UUID, parents: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[Category]]:
    """The nodes right below each of these (tree, TikTok id), by name; for loaders."""
    return await categories.children(session, shop_id=shop_id, parents=parents)


async def in_trees(
    session: Session, *, shop_id: UUID, places: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Category]:
    """The nodes at these places (tree, TikTok id); for loaders."""
    return await categories.in_trees(session, shop_id=shop_id, places=places)


async def changes_page(session: Session, *, shop_id: UUID, tree_id: UUID, args: PageArgs) -> Page[CategoryChange]:
    """What refreshes changed in a tree, the newest first."""
    return await tree_changes.page(session, shop_id=shop_id, tree_id=tree_id, args=args)
