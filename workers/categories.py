"""The story of a category sync: one tree after the other, each fetched whole and kept whole."""

from server.clients.errors import Upstream
from server.clients.tiktok import TokenSource
from server.domain.categories import CategoryVersion
from server.domain.category_tree import FlatNode
from server.kit.errors import Conflict
from server.services import categories, tiktok_shops
from workers.runtime import ChunkRun


async def run_categories(run: ChunkRun) -> None:
    """For each version not yet done: call (no transaction), keep (transaction). A restart goes on with the next one."""
    if run.claim.tiktok_shop_id is None:
        raise Conflict("A category sync needs a TikTok shop.")
    deps = run.deps
    source = tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=run.claim.shop_id, tiktok_shop_id=run.claim.tiktok_shop_id
    )
    wanted = [CategoryVersion(version) for version in run.claim.input["versions"]]
    done = list(run.claim.checkpoint.get("done", ()))
    if not run.claim.checkpoint:
        async with run.step() as session:
            await run.save(session, checkpoint={"done": []}, added=len(wanted))
    for version in wanted:
        if version in done:
            continue
        nodes = await _fetch(run, source, version)
        done.append(version)
        where = {"shop_id": run.claim.shop_id, "tiktok_shop_id": run.claim.tiktok_shop_id}
        async with run.step() as session:
            if nodes is None:
                await categories.enforce(session, **where, version=CategoryVersion.V2)
                await run.save(session, checkpoint={"done": done}, skipped=1)
            else:
                await categories.keep(session, **where, version=version, locale="", nodes=nodes, now=run.now())
                await run.save(session, checkpoint={"done": done}, succeeded=1)


async def _fetch(run: ChunkRun, source: TokenSource, version: CategoryVersion) -> list[FlatNode] | None:
    """The tree, flat; nothing when the platform no longer offers this shop the old one (12052217)."""
    try:
        tree = await run.deps.tiktok.categories.tree(source, version)
    except Upstream as error:
        if version is CategoryVersion.V1 and error.code == "CATEGORY_VERSION_OUTDATED":
            return None
        raise
    return [
        FlatNode(node.id, node.parent_id, node.local_name, node.is_leaf, tuple(node.permission_statuses))
        for node in tree
    ]
