"""Sellers' own files: announced, then stored; the documents among them on TikTok; and bytes that are to be removed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Index, SQLModel, UniqueConstraint, col

from server.domain.files import FilePurpose, FileState
from server.kit.ids import new_id
from server.tables.base import enum_column


class StoredFile(SQLModel, table=True):
    """A file that a seller uploads (I5, I6). ``size`` is announced and then kept to.

    ``expires_at`` is when an upload that was not made is forgotten; it is empty once the file is stored.
    """

    __tablename__ = "stored_file"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    purpose: FilePurpose = Field(sa_column=enum_column(FilePurpose))
    name: str = Field(max_length=255)
    mime_type: str = Field(max_length=64)
    size: int
    state: FileState = Field(default=FileState.AWAITING, sa_column=enum_column(FileState))
    content_hash: str | None = Field(default=None, max_length=64)
    width: int | None = None
    height: int | None = None
    created_at: datetime
    created_by: str = Field(max_length=128)
    expires_at: datetime | None = None
    stored_at: datetime | None = None


Index("ix_stored_file_unmade", col(StoredFile.expires_at), postgresql_where=col(StoredFile.expires_at).is_not(None))


class TikTokFile(SQLModel, table=True):
    """A document at TikTok, uploaded once per TikTok shop and content. Files have no use case, pictures do."""

    __tablename__ = "tiktok_file"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "content_hash"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    content_hash: str = Field(max_length=64)
    remote_id: str = Field(max_length=255)
    name: str = Field(max_length=255)
    url: str = Field(default="", sa_type=sa.Text)
    uploaded_at: datetime


class FileRemoval(SQLModel, table=True):
    """Bytes in the file store that nobody needs any more. It outlives its shop: the bytes must go after the rows."""

    __tablename__ = "file_removal"

    prefix: str = Field(primary_key=True, max_length=128)
    ordered_at: datetime
