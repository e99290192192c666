"""Brands of leaf categories, as the platform last told each TikTok shop."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.kit.ids import new_id
from server.tables.base import enum_column


class LeafBrand(SQLModel, table=True):
    """One name that was looked for among a leaf's brands, or met there. ``key`` is the name as it is compared.

    Without ``remote_id`` the leaf has no brand of that name.
    """

    __tablename__ = "leaf_brand"
    __table_args__ = (
        UniqueConstraint("tiktok_shop_id", "version", "leaf_id", "key"),
        Index("ix_leaf_brand_remote_id", "tiktok_shop_id", "version", "leaf_id", "remote_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    leaf_id: str = Field(max_length=32)
    key: str = Field(max_length=255)
    remote_id: str | None = Field(default=None, max_length=32)
    name: str = Field(default="", max_length=255)
    is_authorized: bool = False
    is_usable: bool = False
    read_at: datetime
