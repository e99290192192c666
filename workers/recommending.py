"""The story of recommendations: prepare (transaction), rank and ask (none), record (transaction), slice by slice.

Calls are reads and uploads that end the same when repeated, so a lost worker's slice is simply done again.
"""

from uuid import UUID

import anyio

from server.clients.fetch import FetchedFile, fetch_image
from server.domain.recommendations import THRESHOLD
from server.kit.errors import Conflict
from server.services import files, tiktok_shops, versions
from server.services.images import Gallery
from server.services.recommendations import work
from workers.kept_access import KeptAccess
from workers.runtime import ChunkRun

SLICE = 50
"""Products between two commits: most of what one by one would cost is saved, and a lost slice costs seconds."""


async def run_recommending(run: ChunkRun) -> None:
    """Find a category for each product of the chunk. A platform that cannot be asked leaves it to our own ranking."""
    tiktok_shop_id = run.claim.tiktok_shop_id
    if tiktok_shop_id is None:
        raise Conflict("A recommendation needs a TikTok shop.")
    where = {"shop_id": run.claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    threshold = float(run.claim.input.get("threshold", THRESHOLD))
    async with run.step() as session:
        counter = await work.counter(session, **where, now=run.now())
    asking = _asking(run, tiktok_shop_id, counter)
    while True:
        async with run.step() as session:
            items = await run.take(session, SLICE)
        if not items:
            return
        async with run.step() as session:
            made = await work.prepare(session, **where, counter=counter, items=items)
        texts = [one.text for one in made.subjects]
        ranked = await work.rank(
            run.deps.database, **where, version=counter.version, texts=texts, model=run.deps.sentence_model
        )
        said = await asking.about(made.subjects)
        async with run.step() as session:
            results = await work.record(
                session,
                **where,
                version=counter.version,
                subjects=made.subjects,
                ranked=ranked,
                said=said,
                threshold=threshold,
                now=run.now(),
            )
            if (code := asking.version_code) is not None:
                await versions.told(
                    session, **where, code=code, version=counter.version, category_id=None, now=run.now()
                )
            await run.record(session, [*results, *work.gone(made.gone)])


def _asking(run: ChunkRun, tiktok_shop_id: UUID, counter: work.Counter) -> work.Asking:
    deps, shop_id = run.deps, run.claim.shop_id
    source = tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, clock=deps.clock
    )
    access, slots = KeptAccess(source, deps.clock), anyio.Semaphore(deps.settings.worker_calls)

    async def fetch(url: str) -> FetchedFile:
        return await fetch_image(deps.http, url, deps.settings.fetch_allowed_hosts)

    gallery = Gallery(
        database=deps.database,
        tiktok=deps.tiktok,
        access=access,
        fetch=files.source(deps.database, deps.files, fetch, shop_id=shop_id),
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        clock=deps.clock,
        slots=slots,
    )
    return work.Asking(deps.tiktok, access, counter.version, counter.demanded, gallery, slots)
