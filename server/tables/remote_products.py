"""What stands on TikTok Shop, whoever put it there, and which of it may be a product of the store."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.domain.linking import LinkState, OnMatch
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class RemoteProduct(SQLModel, table=True):
    """A product on TikTok Shop as it was last seen. ``external_product_id`` is None until its details were read.

    ``skus``: ``{id, seller_sku, external_sku_id, identifier, axes}``. ``category_version`` is the tree it was found by;
    ``category_id`` and the external ids come with the details, which are those of ``details_of``
    (a ``source_updated_at``). ``sweep_mark`` is the sweep that met it last.
    """

    __tablename__ = "remote_product"
    __table_args__ = (
        UniqueConstraint("tiktok_shop_id", "remote_id"),
        Index("ix_remote_product_tiktok_shop_id_mark", "tiktok_shop_id", "sweep_mark"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    remote_id: str = Field(max_length=32)
    title: str = Field(default="", sa_type=sa.Text)
    status: str = Field(max_length=32)
    external_product_id: str | None = Field(default=None, sa_type=sa.Text)
    skus: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    category_id: str | None = Field(default=None, max_length=32)
    category_version: CategoryVersion | None = Field(
        default=None, sa_column=enum_column(CategoryVersion, nullable=True)
    )
    source_created_at: datetime
    source_updated_at: datetime
    details_of: datetime | None = None
    seen_at: datetime
    sweep_mark: UUID | None = None


class RemoteKey(SQLModel, table=True):
    """One thing a product on TikTok Shop can be recognized by: see ``domain.linking.keys_of_remote``."""

    __tablename__ = "remote_key"
    __table_args__ = (Index("ix_remote_key_tiktok_shop_id_key", "tiktok_shop_id", "key"),)

    remote_product_id: UUID = Field(foreign_key="remote_product.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=255)
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")


class RemoteShelf(SQLModel, table=True):
    """How well a TikTok shop's products are known. ``swept_at`` is when the last whole sweep began.

    ``known_at``: everything that changed on TikTok Shop before it is known. ``looking_chunk`` looks what changed since,
    as long as its run of ``looking_fence`` lasts; ``too_much_at``: that was more than a look can read, a sweep is to
    come first. ``other_hands`` is the evidence that another connector works in the shop.
    """

    __tablename__ = "remote_shelf"

    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", primary_key=True, ondelete="CASCADE")
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    swept_at: datetime | None = None
    known_at: datetime | None = None
    looking_chunk: UUID | None = None
    looking_fence: int | None = None
    too_much_at: datetime | None = None
    due_at: datetime = Field(index=True)
    on_match: OnMatch = Field(default=OnMatch.LINK, sa_column=enum_column(OnMatch))
    other_hands: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())


class LinkProposal(SQLModel, table=True):
    """A product of the store and one on TikTok Shop that may be the same, and what was decided about them."""

    __tablename__ = "link_proposal"
    __table_args__ = (
        UniqueConstraint("tiktok_shop_id", "product_id", "remote_id"),
        Index("ix_link_proposal_tiktok_shop_id_state", "tiktok_shop_id", "state", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    remote_id: str = Field(max_length=32)
    state: LinkState = Field(sa_column=enum_column(LinkState))
    evidence: list[str] = Field(default_factory=list, sa_column=json_column())
    conflicts: list[str] = Field(default_factory=list, sa_column=json_column())
    decided_by: str | None = Field(default=None, max_length=128)
    created_at: datetime
    decided_at: datetime | None = None
