"""TikTok's category trees as each shop sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class CategoryTree(SQLModel, table=True):
    """One tree: a TikTok shop's categories of one version in one locale, and when they were fetched."""

    __tablename__ = "category_tree"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "version", "locale"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    locale: str = Field(max_length=16)
    fetched_at: datetime
    nodes: int = 0


class Category(SQLModel, table=True):
    """One node. ``path`` holds the names from the root down; ``search_text`` is the path without case and accents."""

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("tree_id", "remote_id"),
        Index("ix_category_tree_id_parent", "tree_id", "parent_remote_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tree_id: UUID = Field(foreign_key="category_tree.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    remote_id: str = Field(max_length=32)
    parent_remote_id: str | None = Field(default=None, max_length=32)
    name: str = Field(sa_type=sa.Text)
    path: list[str] = Field(default_factory=list, sa_column=json_column())
    level: int
    is_leaf: bool
    permissions: list[str] = Field(default_factory=list, sa_column=json_column())
    search_text: str = Field(default="", sa_type=sa.Text)


class LeafFacts(SQLModel, table=True):
    """What a leaf demands: attributes and rules as the platform answered them, kept with the time they were read."""

    __tablename__ = "leaf_facts"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "version", "remote_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    remote_id: str = Field(max_length=32)
    attributes: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    rules: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    fetched_at: datetime
