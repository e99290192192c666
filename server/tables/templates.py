"""Category templates: how a merchant describes listings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from server.domain.categories import CategoryVersion
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class CategoryTemplate(SQLModel, table=True):
    """One template of one TikTok shop; a shop has at most one default. ``content`` is ``domain.templates`` as JSON."""

    __tablename__ = "category_template"
    __table_args__ = (
        Index("uq_category_template_default", "tiktok_shop_id", unique=True, postgresql_where=text("is_default")),
        Index("ix_category_template_shop_id_rank", "shop_id", "tiktok_shop_id", "rank"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=255)
    is_default: bool = False
    is_active: bool = False
    rank: int = 0
    category_id: str = Field(max_length=32)
    category_version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    content: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    revision: int = 1
    created_at: datetime
    updated_at: datetime


class TemplateAssignment(SQLModel, table=True):
    """A product that a merchant gave to a template by hand: it goes before every rule."""

    __tablename__ = "template_assignment"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "product_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    template_id: UUID = Field(foreign_key="category_template.id", index=True, ondelete="CASCADE")
    assigned_at: datetime
    assigned_by: str = Field(max_length=128)
