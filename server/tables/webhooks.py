"""The inbox: every genuine webhook once, kept before it is answered."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class WebhookSource(StrEnum):
    """Who sent it."""

    TIKTOK = "TIKTOK"
    SHOPIFY = "SHOPIFY"


class WebhookDelivery(SQLModel, table=True):
    """One notification. ``delivery_id`` is ``tts_notification_id`` or ``X-Shopify-Webhook-Id``: each is kept once.

    ``shop_ref`` is TikTok's shop id or the store's domain as sent; which tenants it concerns is found when worked off.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("source", "shop_ref", "delivery_id"),
        Index("ix_webhook_delivery_open", "due_at", postgresql_where=text("done_at IS NULL")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    source: WebhookSource = Field(sa_column=enum_column(WebhookSource))
    delivery_id: str = Field(max_length=128)
    shop_ref: str = Field(max_length=255)
    topic: str = Field(max_length=64)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    triggered_at: datetime | None = None
    received_at: datetime
    due_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    outcome: str | None = Field(default=None, max_length=255)
