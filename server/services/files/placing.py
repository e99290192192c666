"""Bringing what a draft needs to TikTok: pictures through the gallery, documents once per TikTok shop and content."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.tiktok import Access, TikTokClient
from server.domain.drafts import Picture, PictureNeed, PictureUse
from server.domain.files import document_name, ref_of
from server.files import FileStore
from server.kit.clock import Clock
from server.kit.errors import Unavailable
from server.services import leases
from server.services.files.sources import busy, bytes_of
from server.services.images import Gallery, Result
from server.store import files as store
from server.store.session import Database
from server.tables import StoredFile, TikTokFile

_UPLOADING: Final = timedelta(seconds=150)
"""An upload waits for the pace (20 s) and then takes as long as ``UPLOAD_TIMEOUT`` lets it (120 s)."""


@dataclass(frozen=True, slots=True)
class Cabinet:
    """One TikTok shop's documents. Opens its own short transactions, none across a call; ``slots`` bounds the calls."""

    database: Database
    files: FileStore
    tiktok: TikTokClient
    access: Access
    shop_id: UUID
    tiktok_shop_id: UUID
    clock: Clock
    slots: anyio.Semaphore

    async def shelve(self, file_ids: Collection[UUID]) -> dict[UUID, Result]:
        """What became of each stored document: ``Picture.uri`` is TikTok's file id. Each content goes up once."""
        rows, there = await self._looked_up(file_ids)
        return {file_id: await self._placed(rows.get(file_id), there) for file_id in file_ids}

    async def known(self, file_ids: Collection[UUID]) -> dict[UUID, Picture]:
        """Those that TikTok has already."""
        rows, there = await self._looked_up(file_ids)
        return {file_id: there[row.content_hash] for file_id, row in rows.items() if row.content_hash in there}

    async def _looked_up(self, file_ids: Collection[UUID]) -> tuple[dict[UUID, StoredFile], dict[str, Picture]]:
        if not file_ids:
            return {}, {}
        async with self.database.read() as session:
            rows = await store.by_ids(session, shop_id=self.shop_id, ids=file_ids)
        hashes = {row.content_hash for row in rows.values() if row.purpose.is_document and row.content_hash}
        return rows, await self._known(hashes)

    async def _known(self, hashes: Collection[str]) -> dict[str, Picture]:
        async with self.database.read() as session:
            found = await store.documents(
                session, shop_id=self.shop_id, tiktok_shop_id=self.tiktok_shop_id, hashes=hashes
            )
        return {content: Picture(row.remote_id, row.url) for content, row in found.items()}

    async def _placed(self, row: StoredFile | None, there: dict[str, Picture]) -> Result:
        try:
            if row is not None and row.content_hash in there:
                return there[row.content_hash]
            data = await bytes_of(self.files, row, is_document=True)
        except Upstream as error:
            return _told(error)
        content, name = hashlib.sha256(data).hexdigest(), document_name(row.name if row is not None else "")
        try:
            there[content] = await self._once(content, data, name)
        except Upstream as error:
            return _told(error)
        except Unavailable:
            return busy()
        return there[content]

    async def _once(self, content: str, data: bytes, name: str) -> Picture:
        """Of all workers that need the same document at once, one uploads it and the others wait for that."""

        async def known() -> Picture | None:
            return (await self._known([content])).get(content)

        async def make() -> Picture:
            async with self.slots:
                made = await self.tiktok.media.upload_file(self.access, data, name)
            await self._keep(content, made.id, name, made.url)
            return Picture(made.id, made.url)

        lease = f"document:{self.tiktok_shop_id}:{content}"
        return await leases.once(self.database, name=lease, clock=self.clock, known=known, make=make, life=_UPLOADING)

    async def _keep(self, content: str, remote_id: str, name: str, url: str) -> None:
        row = TikTokFile(
            shop_id=self.shop_id,
            tiktok_shop_id=self.tiktok_shop_id,
            content_hash=content,
            remote_id=remote_id,
            name=name,
            url=url,
            uploaded_at=self.clock(),
        )
        with anyio.CancelScope(shield=True):
            async with self.database.write() as session:
                await store.keep_document(session, shop_id=self.shop_id, document=row)


def _told(error: Upstream) -> Result:
    """A broken document is a finding of its own; all else stands in the way of every document."""
    broken = error.kind is UpstreamKind.MERCHANT_MUST_FIX and not error.stops_shop
    return to_problem(error) if broken else error


@dataclass(frozen=True, slots=True)
class Uploads:
    """Everything that drafts need at TikTok: a gallery for pictures, a cabinet for documents."""

    gallery: Gallery
    cabinet: Cabinet

    async def shelve(self, needs: Iterable[PictureNeed]) -> dict[PictureNeed, Result]:
        """What became of each need, as ``Gallery.shelve`` tells it; of a document ``Picture.uri`` is the file id."""
        pictures, papers = _parted(needs)
        done = await self.gallery.shelve(pictures)
        placed = await self.cabinet.shelve(list(dict.fromkeys(papers.values())))
        return done | {need: placed[file_id] for need, file_id in papers.items()}

    async def known(self, needs: Iterable[PictureNeed]) -> dict[PictureNeed, Picture]:
        """Those that are at TikTok already; nothing is fetched or uploaded."""
        pictures, papers = _parted(needs)
        done = await self.gallery.known(pictures)
        placed = await self.cabinet.known(list(dict.fromkeys(papers.values())))
        return done | {need: placed[file_id] for need, file_id in papers.items() if file_id in placed}


def _parted(needs: Iterable[PictureNeed]) -> tuple[list[PictureNeed], dict[PictureNeed, UUID]]:
    """Each once: pictures, and stored documents with their ids."""
    wanted = list(dict.fromkeys(needs))
    documents = [need for need in wanted if need.use is PictureUse.CERTIFICATION_FILE]
    papers = {need: ref.file_id for need in documents if (ref := ref_of(need.url))}
    return [need for need in wanted if need not in papers], papers


def uploads(gallery: Gallery, files: FileStore) -> Uploads:
    """The gallery with a cabinet beside it, for the same TikTok shop."""
    cabinet = Cabinet(
        database=gallery.database,
        files=files,
        tiktok=gallery.tiktok,
        access=gallery.access,
        shop_id=gallery.shop_id,
        tiktok_shop_id=gallery.tiktok_shop_id,
        clock=gallery.clock,
        slots=gallery.slots,
    )
    return Uploads(gallery, cabinet)
