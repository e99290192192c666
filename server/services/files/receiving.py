"""Receiving a file: what was announced must come, and be what it was said to be; then it is kept, once."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import anyio
from PIL import Image

from server.domain.files import FileState, StoredFileRef, is_whole_pdf, mime_type_of
from server.files import FileStore
from server.kit.errors import Conflict, Invalid, NotFound
from server.services.files.reading import key_of
from server.services.images.conversion import BROKEN, Unusable, check
from server.store import files as store
from server.store import images
from server.store.files import Content
from server.store.images import LearnedImage
from server.store.session import Database, Session
from server.tables import StoredFile

_DECODED_PIXELS = 25_000_000
"""Pictures up to this size are unpacked whole (75 MB) to find out whether they broke off; of larger ones the head."""
_USED = "This address was used: it takes one file, once. Announce another file with stagedUploadCreate."
_OVER = "This address has expired. Announce the file again with stagedUploadCreate."


class Expired(Conflict):
    """The upload comes too late."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is here now."""

    file_id: UUID
    content: Content


async def awaited(session: Session, *, file_id: UUID, now: datetime) -> StoredFile:
    """The announced file behind a genuine address. ``Conflict`` when it came already, ``Expired``, ``NotFound``."""
    row = await store.by_id(session, file_id=file_id)
    if row is None:
        raise NotFound("There is no such file: it was deleted, or announced too long ago.")
    if row.state is not FileState.AWAITING:
        raise Conflict(_USED)
    if row.expires_at is None or row.expires_at <= now:
        raise Expired(_OVER)
    return row


async def receive(database: Database, files: FileStore, *, row: StoredFile, data: bytes, now: datetime) -> Received:
    """Check the bytes and keep them. ``Invalid`` when they are not what was announced; then nothing is kept.

    The bytes are written before the row says so. Of two uploads at once one wins; the other's bytes are removed.
    """
    content = await anyio.to_thread.run_sync(_inspected, row, data)
    key = key_of(row.id, shop_id=row.shop_id, content_hash=content.content_hash)
    await files.put(key, data)
    async with database.write() as session:
        won = await store.settle(session, shop_id=row.shop_id, file_id=row.id, content=content, now=now)
        if won and not row.purpose.is_document:
            await _learn(session, row, content)
        there = await store.by_id(session, file_id=row.id)
    if won:
        return Received(row.id, content)
    if there is None or there.content_hash != content.content_hash:
        await files.delete(key)
    raise Conflict(_USED)


async def _learn(session: Session, row: StoredFile, content: Content) -> None:
    """The picture stands in the registry beside those with web addresses (K3)."""
    learned = LearnedImage(StoredFileRef(row.id).address, content.content_hash, content.width or 0, content.height or 0)
    await images.learn(session, shop_id=row.shop_id, images=[learned])


def _inspected(row: StoredFile, data: bytes) -> Content:
    if len(data) != row.size:
        raise Invalid(f"The file has {len(data)} bytes, but {row.size} were announced. Announce it again.")
    found = mime_type_of(data)
    if found != row.mime_type:
        what = "is of no kind that can be used" if found is None else f"holds {found}"
        raise Invalid(f"The file was announced as {row.mime_type} and {what}.")
    digest = hashlib.sha256(data).hexdigest()
    if row.purpose.is_document:
        if not is_whole_pdf(data):
            raise Invalid("The PDF has no end: it broke off on its way, or is damaged. Upload it again.")
        return Content(digest)
    return _inspected_picture(data, digest)


def _inspected_picture(data: bytes, digest: str) -> Content:
    try:
        picture = check(data)
        if 0 < picture.width * picture.height <= _DECODED_PIXELS:
            with Image.open(io.BytesIO(data)) as image:
                image.draft("RGB", (64, 64))
                image.load()
    except Unusable as error:
        raise Invalid(error.problem.message) from None
    except BROKEN:
        raise Invalid("The picture's file is damaged: it cannot be read to its end. Upload it again.") from None
    return Content(digest, picture.width or None, picture.height or None)
