"""Rows of sellers' own files, and the orders to remove bytes that nobody needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlmodel import col, delete, func, select, update

from server.domain.files import FilePurpose, FileState, StoredFileRef
from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import FileRemoval, LocalImage, Shop, StoredFile, TikTokFile, TikTokImage


@dataclass(frozen=True, slots=True)
class Content:
    """What was found in an uploaded file. Documents have no size in pixels; a HEIC's is not known."""

    content_hash: str
    width: int | None = None
    height: int | None = None


async def insert(session: Session, *, shop_id: UUID, files: Sequence[StoredFile]) -> None:
    """Announce files of the shop."""
    for file in files:
        file.shop_id = shop_id
        session.add(file)
    await session.flush()


async def bytes_of_shop(session: Session, *, shop_id: UUID) -> int:
    """What the shop's files take, announced ones too. Two who ask at once are counted one after the other."""
    await session.exec(select(Shop.id).where(Shop.id == shop_id).with_for_update(key_share=True))
    total = await session.exec(select(func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.shop_id == shop_id))
    return int(total.one())


async def by_id(session: Session, *, file_id: UUID) -> StoredFile | None:
    """A file of any shop. Not scoped: a signed address names the file, and the file says whose it is."""
    return (await session.exec(select(StoredFile).where(StoredFile.id == file_id))).first()


async def by_ids(session: Session, *, shop_id: UUID, ids: Collection[UUID]) -> dict[UUID, StoredFile]:
    """Those of the files that are the shop's."""
    rows = await session.exec(select(StoredFile).where(StoredFile.shop_id == shop_id, col(StoredFile.id).in_(ids)))
    return {row.id: row for row in rows}


async def page(
    session: Session, *, shop_id: UUID, purposes: Collection[FilePurpose] | None, args: PageArgs
) -> Page[StoredFile]:
    """The shop's stored files, newest first."""
    statement = select(StoredFile).where(StoredFile.shop_id == shop_id, StoredFile.state == FileState.STORED)
    if purposes is not None:
        statement = statement.where(col(StoredFile.purpose).in_(purposes))
    return await paginate(session, statement, keys=(col(StoredFile.id),), args=args, descending=True)


async def settle(session: Session, *, shop_id: UUID, file_id: UUID, content: Content, now: datetime) -> bool:
    """The file is here. Of two uploads at once only one wins; false too when its time is over."""
    mine = (col(StoredFile.id) == file_id, col(StoredFile.shop_id) == shop_id)
    in_time = (col(StoredFile.state) == FileState.AWAITING, col(StoredFile.expires_at) > now)
    statement = update(StoredFile).where(*mine, *in_time)
    done = await session.exec(
        statement.values(
            state=FileState.STORED,
            content_hash=content.content_hash,
            width=content.width,
            height=content.height,
            stored_at=now,
            expires_at=None,
        )
    )
    return done.rowcount == 1


async def remove(session: Session, *, shop_id: UUID, file_id: UUID, now: datetime) -> bool:
    """Forget a file and order its bytes to be removed; false when the shop has no such file."""
    mine = (col(StoredFile.id) == file_id, col(StoredFile.shop_id) == shop_id)
    gone = await session.exec(delete(StoredFile).where(*mine))
    if not gone.rowcount:
        return False
    address = StoredFileRef(file_id).address
    await session.exec(delete(LocalImage).where(col(LocalImage.shop_id) == shop_id, col(LocalImage.url) == address))
    await _order_removal(session, prefix_of(file_id, shop_id=shop_id), now)
    return True


async def order_removal_of_shop(session: Session, *, shop_id: UUID, now: datetime) -> None:
    """Have all bytes of a shop removed, for a shop that is about to be deleted."""
    await _order_removal(session, str(shop_id), now)


async def _order_removal(session: Session, prefix: str, now: datetime) -> None:
    connection = await session.connection()
    order = pg_insert(FileRemoval).values(prefix=prefix, ordered_at=now)
    await connection.execute(order.on_conflict_do_nothing())


def prefix_of(file_id: UUID, *, shop_id: UUID) -> str:
    """The folder of one file's bytes in the store. No name that a person gave is in it."""
    return f"{shop_id}/{file_id}"


_FORGET = text("""
WITH gone AS (
    DELETE FROM stored_file WHERE expires_at < :before RETURNING shop_id, id
)
INSERT INTO file_removal (prefix, ordered_at)
SELECT shop_id || '/' || id, :now FROM gone
ON CONFLICT DO NOTHING
""")


async def forget_unmade(session: Session, *, before: datetime, now: datetime) -> int:
    """Drop what was announced and never came, in all shops. Its bytes, if a crash left some, go with it."""
    connection = await session.connection()
    return (await connection.execute(_FORGET, {"before": before, "now": now})).rowcount


async def removals(session: Session, *, limit: int) -> list[str]:
    """Prefixes to remove from the store, oldest first."""
    statement = select(FileRemoval.prefix).order_by(col(FileRemoval.ordered_at)).limit(limit)
    return list(await session.exec(statement))


async def removed(session: Session, *, prefixes: Collection[str]) -> None:
    """These are gone from the store."""
    await session.exec(delete(FileRemoval).where(col(FileRemoval.prefix).in_(prefixes)))


async def documents(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, hashes: Collection[str]
) -> dict[str, TikTokFile]:
    """Documents that a TikTok shop has, by content."""
    statement = select(TikTokFile).where(
        TikTokFile.shop_id == shop_id,
        TikTokFile.tiktok_shop_id == tiktok_shop_id,
        col(TikTokFile.content_hash).in_(hashes),
    )
    return {row.content_hash: row for row in await session.exec(statement)}


async def keep_document(session: Session, *, shop_id: UUID, document: TikTokFile) -> None:
    """Remember an uploaded document; of two uploads of one content the first stays."""
    document.shop_id = shop_id
    values = document.model_dump()
    connection = await session.connection()
    await connection.execute(pg_insert(TikTokFile).values(values).on_conflict_do_nothing())


Copies = dict[str, tuple[list[TikTokImage], list[TikTokFile]]]
"""By content: the pictures and the documents at TikTok."""


async def copies(session: Session, *, shop_id: UUID, hashes: Sequence[str]) -> Copies:
    """Where contents were uploaded to, in all of the shop's TikTok shops."""
    found: Copies = {content: ([], []) for content in hashes}
    pictures = select(TikTokImage).where(
        TikTokImage.shop_id == shop_id, col(TikTokImage.content_hash).in_(hashes), TikTokImage.uri != ""
    )
    for picture in await session.exec(pictures.order_by(col(TikTokImage.uploaded_at), col(TikTokImage.id))):
        found[picture.content_hash][0].append(picture)
    documents_of = select(TikTokFile).where(TikTokFile.shop_id == shop_id, col(TikTokFile.content_hash).in_(hashes))
    for document in await session.exec(documents_of.order_by(col(TikTokFile.uploaded_at), col(TikTokFile.id))):
        found[document.content_hash][1].append(document)
    return found
