"""Listings: one product in one TikTok shop, and the intents written before anything is asked of the platform."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from server.domain.categories import CategoryVersion
from server.domain.listings import ListingOrigin, ListingStatus
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class Listing(SQLModel, table=True):
    """The true state of a product in a TikTok shop. ``generation`` numbers the creations: it makes idempotency keys.

    ``platform_updated_at`` is the newest ``update_time`` heard from the platform: older news changes nothing.
    ``sent`` is what the platform was last told, field by field: edits send only what differs from it.
    ``ownership`` holds the fields of this product whose owner is not the TikTok shop's default.
    ``edit_due_at`` says that the store or the template changed since, ``edit_cause`` which of them, ``edit_actor`` by
    whose word if by anybody's; ``edit_marks`` counts such changes: work that saw fewer leaves the listing due.
    ``elsewhere_at``: another hand changed the product on TikTok, and nobody has compared it since.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("tiktok_shop_id", "product_id"),
        Index("ix_listing_shop_id_status", "shop_id", "tiktok_shop_id", "status"),
        Index("ix_listing_edit_due", "edit_due_at", postgresql_where=text("edit_due_at IS NOT NULL")),
        Index(
            "uq_listing_remote_id",
            "tiktok_shop_id",
            "remote_id",
            unique=True,
            postgresql_where=text("remote_id IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    template_id: UUID | None = Field(default=None, foreign_key="category_template.id", ondelete="SET NULL")
    status: ListingStatus = Field(default=ListingStatus.NOT_SYNCED, sa_column=enum_column(ListingStatus))
    remote_id: str | None = Field(default=None, max_length=32)
    remote_skus: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    category_id: str | None = Field(default=None, max_length=32)
    category_version: CategoryVersion | None = Field(
        default=None, sa_column=enum_column(CategoryVersion, nullable=True)
    )
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    generation: int = 1
    origin: ListingOrigin | None = Field(default=None, sa_column=enum_column(ListingOrigin, nullable=True))
    template_revision: int | None = None
    sent: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    sent_at: datetime | None = None
    ownership: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(empty=True))
    edit_due_at: datetime | None = None
    edit_cause: str | None = Field(default=None, max_length=32)
    edit_actor: str | None = Field(default=None, max_length=128)
    edit_marks: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    elsewhere_at: datetime | None = None
    last_synced_at: datetime | None = None
    live_since: datetime | None = None
    platform_updated_at: datetime | None = None
    updated_at: datetime


class Intent(SQLModel, table=True):
    """Written before an effect outside: who resumes finds it and asks the platform before repeating.

    ``key`` is the idempotency key sent along; at most one intent of a listing is open at a time. ``wanted`` is what an
    edit is about to tell: when its answer is lost, these values on the platform are ours and nobody else's.
    """

    __tablename__ = "intent"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("uq_intent_open", "listing_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    item_id: UUID = Field(foreign_key="task_item.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=32)
    key: str = Field(max_length=128)
    wanted: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    opened_at: datetime
    closed_at: datetime | None = None
    request_id: str | None = Field(default=None, max_length=128)
    outcome: str | None = Field(default=None, max_length=32)
