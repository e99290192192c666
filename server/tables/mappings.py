"""Mappings: which leaf the products of a source category go to."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.domain.mappings import MappingOrigin, SourceKind
from server.kit.ids import new_id
from server.tables.base import enum_column


class CategoryMapping(SQLModel, table=True):
    """One source category of the store in one TikTok shop. ``name`` is what people call it.

    ``agreeing`` of ``seen`` products spoke for a learned mapping; both are null for the others.
    """

    __tablename__ = "category_mapping"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "kind", "key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    kind: SourceKind = Field(sa_column=enum_column(SourceKind))
    key: str = Field(sa_type=sa.Text)
    name: str = Field(sa_type=sa.Text)
    category_id: str = Field(max_length=32)
    category_version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    origin: MappingOrigin = Field(sa_column=enum_column(MappingOrigin))
    set_by: str = Field(max_length=128)
    agreeing: int | None = None
    seen: int | None = None
    created_at: datetime
    updated_at: datetime
