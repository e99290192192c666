"""Category templates: how a merchant describes listings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from server.domain.categories import CategoryVersion
from server.domain.template_blocks import BlockKind
from server.domain.template_history import TemplateAction
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class CategoryTemplate(SQLModel, table=True):
    """One template of one TikTok shop; a shop has at most one default. ``content`` is ``domain.template_json``'s.

    Without a category, each product goes to the one that is decided for it. Blocks give what the content leaves open.
    """

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
    category_id: str | None = Field(default=None, max_length=32)
    category_version: CategoryVersion | None = Field(
        default=None, sa_column=enum_column(CategoryVersion, nullable=True)
    )
    shipping_block_id: UUID | None = Field(default=None, foreign_key="template_block.id", index=True)
    size_chart_block_id: UUID | None = Field(default=None, foreign_key="template_block.id", index=True)
    compliance_block_id: UUID | None = Field(default=None, foreign_key="template_block.id", index=True)
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


class TemplateBlock(SQLModel, table=True):
    """A part of content that templates of a TikTok shop share. While one uses it, it cannot be removed."""

    __tablename__ = "template_block"
    __table_args__ = (Index("ix_template_block_shop_id_kind", "shop_id", "tiktok_shop_id", "kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", index=True, ondelete="CASCADE")
    kind: BlockKind = Field(sa_column=enum_column(BlockKind))
    name: str = Field(max_length=255)
    content: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    revision: int = 1
    created_at: datetime
    updated_at: datetime


class TemplateRevision(SQLModel, table=True):
    """How a template stood after a save, and what that changed. It outlives the template.

    ``head`` holds name, category, rank and the like, ``content`` the rest; ``diff`` is ``domain.template_history``'s.
    """

    __tablename__ = "template_revision"
    __table_args__ = (
        UniqueConstraint("template_id", "revision"),
        Index("ix_template_revision_shop_id_at", "shop_id", "tiktok_shop_id", "at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", index=True, ondelete="CASCADE")
    template_id: UUID
    revision: int
    action: TemplateAction = Field(sa_column=enum_column(TemplateAction))
    at: datetime
    actor: str = Field(max_length=128)
    head: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    content: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    diff: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
