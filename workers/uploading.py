"""Where a chunk's pictures and documents come from and go to."""

from uuid import UUID

import anyio

from server.clients.fetch import FetchedFile, fetch_image
from server.clients.tiktok import Access
from server.services import files
from server.services.files import Uploads
from server.services.images import Gallery
from workers.runtime import ChunkRun


def uploads_of(run: ChunkRun, access: Access, tiktok_shop_id: UUID, slots: anyio.Semaphore) -> Uploads:
    """One TikTok shop's uploads; ``slots`` bounds the calls in flight."""
    deps, shop_id = run.deps, run.claim.shop_id

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
    return files.uploads(gallery, deps.files)
