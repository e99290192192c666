"""TikTok's category trees as each shop sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.domain.tree_diff import TreeChangeKind
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class CategoryTree(SQLModel, table=True):
    """One tree: a TikTok shop's categories of one version in one locale, when they were fetched and are due again.

    Locale ``""`` is the shop's own language.
    """

    __tablename__ = "category_tree"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "version", "locale"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    locale: str = Field(max_length=16)
    fetched_at: datetime
    refresh_at: datetime = Field(index=True)
    nodes: int = 0


class Category(SQLModel, table=True):
    """One node. ``path`` holds the names from the root down.

    ``words`` are the path's words without case and accents, each marked with its tree, so that one index finds the
    beginnings of words in one tree however many trees there are.
    """

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("tree_id", "remote_id"),
        Index("ix_category_tree_id_parent", "tree_id", "parent_remote_id"),
        Index("ix_category_tree_id_order", "tree_id", "level", "name", "id"),
        Index("ix_category_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
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
    words: str = Field(default="", sa_column=sa.Column(TSVECTOR, nullable=False))


class CategoryChange(SQLModel, table=True):
    """One node's change that a refresh of its tree brought. What was or is not there is null."""

    __tablename__ = "category_change"
    __table_args__ = (Index("ix_category_change_tree_id_at", "tree_id", "at", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tree_id: UUID = Field(foreign_key="category_tree.id", ondelete="CASCADE")
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    remote_id: str = Field(max_length=32)
    at: datetime
    kind: TreeChangeKind = Field(sa_column=enum_column(TreeChangeKind))
    path_before: list[str] | None = Field(default=None, sa_column=json_column(nullable=True))
    path_after: list[str] | None = Field(default=None, sa_column=json_column(nullable=True))
    permissions_before: list[str] | None = Field(default=None, sa_column=json_column(nullable=True))
    permissions_after: list[str] | None = Field(default=None, sa_column=json_column(nullable=True))


class VersionAnswer(SQLModel, table=True):
    """What the platform itself told a TikTok shop about the trees: the last time it used a code, and about what."""

    __tablename__ = "version_answer"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "code"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    code: int
    said_at: datetime
    asked_version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    asked_id: str | None = Field(default=None, max_length=32)
    demands: CategoryVersion | None = Field(default=None, sa_column=enum_column(CategoryVersion, nullable=True))


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
