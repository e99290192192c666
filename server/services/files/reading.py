"""Reading sellers' files: rows, addresses to view them for a while, and where they were uploaded at TikTok."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from server.domain.files import FilePurpose, FileState
from server.domain.paging import Page, PageArgs
from server.kit.errors import NotFound
from server.kit.links import Links
from server.store import files as store
from server.store.files import Copies
from server.store.session import Session
from server.tables import StoredFile

VIEWED_FOR: Final = timedelta(minutes=10)
"""How long an address to view a file is good; the API gives a fresh one with every read."""


class Right(StrEnum):
    """What a signed address allows with its one file, and by which HTTP method."""

    UPLOAD = "PUT"
    VIEW = "GET"


def address_of(links: Links, origin: str, file_id: UUID, right: Right, until: datetime) -> str:
    """Where a file is uploaded to, or viewed at, until then. The address is all that is needed: there is no caller."""
    return f"{origin.rstrip('/')}/files/{file_id}?{links.query(right, str(file_id), until)}"


def key_of(file_id: UUID, *, shop_id: UUID, content_hash: str) -> str:
    """Where the bytes are in the store: a second upload of other bytes never touches those of the first."""
    return f"{store.prefix_of(file_id, shop_id=shop_id)}/{content_hash}"


async def get(session: Session, *, shop_id: UUID, file_id: UUID) -> StoredFile:
    """One file of the shop, announced or stored."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[file_id])
    if file_id not in found:
        raise NotFound("There is no such file in this shop.", field=("id",))
    return found[file_id]


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, StoredFile]:
    """Those of the files that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def page(
    session: Session, *, shop_id: UUID, purposes: Collection[FilePurpose] | None, args: PageArgs
) -> Page[StoredFile]:
    """The shop's stored files, newest first."""
    return await store.page(session, shop_id=shop_id, purposes=purposes, args=args)


async def copies(session: Session, *, shop_id: UUID, hashes: Sequence[str]) -> Copies:
    """By content, the pictures and documents at TikTok; for loaders."""
    return await store.copies(session, shop_id=shop_id, hashes=hashes)


async def viewable(session: Session, *, file_id: UUID) -> tuple[StoredFile, str]:
    """The stored file behind a genuine link, and its key in the file store."""
    row = await store.by_id(session, file_id=file_id)
    if row is None or row.state is not FileState.STORED or row.content_hash is None:
        raise NotFound("There is no such file: it was deleted, or never came.")
    return row, key_of(row.id, shop_id=row.shop_id, content_hash=row.content_hash)
