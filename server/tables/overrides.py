"""Overrides: what a merchant wants for one product, whatever its template says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class ProductOverride(SQLModel, table=True):
    """One product's own settings in one TikTok shop. ``content`` is ``domain.overrides`` as JSON."""

    __tablename__ = "product_override"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "product_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    category_id: str | None = Field(default=None, max_length=32)
    category_version: CategoryVersion | None = Field(
        default=None, sa_column=enum_column(CategoryVersion, nullable=True)
    )
    content: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    revision: int = 1
    updated_at: datetime
    updated_by: str = Field(max_length=128)
