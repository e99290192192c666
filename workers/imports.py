"""The story of an import: page after page from Shopify, each kept whole, the cursor with it."""

from datetime import datetime

from server.services import imports, shops, templates
from workers.runtime import ChunkRun


async def run_import(run: ChunkRun) -> None:
    """Call (no transaction), keep (transaction with the cursor). A restart goes on behind the last kept page."""
    deps, claim = run.deps, run.claim
    access = shops.shopify_access(deps.database, deps.vault, deps.shopify, shop_id=claim.shop_id)
    checkpoint = dict(claim.checkpoint)
    if not checkpoint:
        checkpoint = {"began": run.now().isoformat(), "cursor": None}
    if not checkpoint.get("read"):
        async for page in deps.shopify.product_pages(access, after=checkpoint["cursor"]):
            checkpoint |= {"cursor": page.cursor, "read": page.cursor is None}
            async with run.step() as session:
                kept = await imports.keep(
                    session, shop_id=claim.shop_id, page=page.products, mark=claim.task_id, now=run.now()
                )
                await run.save(session, checkpoint=checkpoint, added=kept, succeeded=kept)
                if run.is_ending(session):
                    return
    async with run.step() as session:
        began = datetime.fromisoformat(checkpoint["began"])
        await imports.finish(session, shop_id=claim.shop_id, mark=claim.task_id, began=began, now=run.now())
        await templates.sync_new(session, deps.queue, deps.feed, shop_id=claim.shop_id, now=run.now())
