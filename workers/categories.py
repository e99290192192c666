"""The story of a category sync: one tree after the other, each fetched whole and kept whole."""

from uuid import UUID

from server.clients.errors import Upstream
from server.clients.tiktok import TokenSource
from server.domain.categories import CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.policy import OUTDATED
from server.kit.errors import Conflict
from server.services import categories, tiktok_shops, versions
from workers.runtime import ChunkRun


async def run_categories(run: ChunkRun) -> None:
    """For each tree not yet done: call (no transaction), keep (transaction). A restart goes on with the next one."""
    if run.claim.tiktok_shop_id is None:
        raise Conflict("A category sync needs a TikTok shop.")
    deps = run.deps
    source = tiktok_shops.token_source(
        deps.database,
        deps.vault,
        deps.tiktok,
        shop_id=run.claim.shop_id,
        tiktok_shop_id=run.claim.tiktok_shop_id,
        clock=deps.clock,
    )
    wanted = [(CategoryVersion(version), str(locale)) for version, locale in run.claim.input["trees"]]
    done = [tuple(one) for one in run.claim.checkpoint.get("done", ())]
    if not run.claim.checkpoint:
        async with run.step() as session:
            await run.save(session, checkpoint={"done": []}, added=len(wanted))
    for version, locale in wanted:
        if (version, locale) in done:
            continue
        nodes = await _fetch(run, source, version, locale)
        done.append((version, locale))
        where = {"shop_id": run.claim.shop_id, "tiktok_shop_id": run.claim.tiktok_shop_id}
        await _keep(run, where, version, locale, nodes, {"done": done})


async def _keep(
    run: ChunkRun,
    where: dict[str, UUID],
    version: CategoryVersion,
    locale: str,
    nodes: list[FlatNode] | None,
    checkpoint: dict[str, object],
) -> None:
    async with run.step() as session:
        if nodes is None:
            await versions.told(session, **where, code=OUTDATED, version=version, category_id=None, now=run.now())
            await categories.not_offered(session, **where, version=version, now=run.now())
            await run.save(session, checkpoint=checkpoint, skipped=1)
        else:
            await categories.keep(session, **where, version=version, locale=locale, nodes=nodes, now=run.now())
            await run.save(session, checkpoint=checkpoint, succeeded=1)


async def _fetch(run: ChunkRun, source: TokenSource, version: CategoryVersion, locale: str) -> list[FlatNode] | None:
    """The tree, flat; nothing when the platform no longer offers this shop the old one (12052217)."""
    try:
        tree = await run.deps.tiktok.categories.tree(source, version, locale=locale)
    except Upstream as error:
        if version is CategoryVersion.V1 and error.platform_code == OUTDATED:
            return None
        raise
    return [
        FlatNode(node.id, node.parent_id, node.local_name, node.is_leaf, tuple(node.permission_statuses))
        for node in tree
    ]
