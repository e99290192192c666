"""Shopify stores, the TikTok sellers they connected, and those sellers' shops."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.domain.markets import Market, SellerType
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class Shop(SQLModel, table=True):
    """A Shopify store that installed the app: the tenant. ``*_sealed`` columns hold ciphertext (``kit.secrets``)."""

    __tablename__ = "shop"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    domain: str = Field(unique=True, max_length=255)
    name: str = Field(default="", max_length=255)
    currency: str = Field(default="USD", max_length=3)
    weight_unit: str = Field(default="KILOGRAMS", max_length=16)
    country: str = Field(default="", max_length=2)
    timezone: str = Field(default="UTC", max_length=64)
    scopes: str = Field(default="", max_length=1000)
    access_token_sealed: str | None = None
    access_expires_at: datetime | None = None
    refresh_token_sealed: str | None = None
    refresh_expires_at: datetime | None = None
    installed_at: datetime
    uninstalled_at: datetime | None = None


class TikTokAuthorization(SQLModel, table=True):
    """A TikTok seller's grant to us: one token pair that covers all of the seller's shops (TikTok fact sheet 1.3)."""

    __tablename__ = "tiktok_authorization"
    __table_args__ = (UniqueConstraint("shop_id", "open_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    open_id: str = Field(max_length=128)
    seller_name: str = Field(default="", max_length=255)
    region: str = Field(default="", max_length=8)
    access_token_sealed: str
    access_expires_at: datetime
    refresh_token_sealed: str
    refresh_expires_at: datetime
    scopes: list[str] = Field(default_factory=list, sa_column=json_column())
    authorized_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None


class TikTokShop(SQLModel, table=True):
    """One shop of a seller in one market. Webhooks name ``remote_id``, calls carry the cipher: both are kept.

    ``defaults`` is template content that stands under every template; ``ownership`` says who owns which field.
    ``recommendation_threshold`` is how probable a category must be to be proposed; null: as Leafmark sets it.
    """

    __tablename__ = "tiktok_shop"
    __table_args__ = (UniqueConstraint("shop_id", "remote_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    authorization_id: UUID = Field(foreign_key="tiktok_authorization.id", index=True, ondelete="CASCADE")
    remote_id: str = Field(max_length=32, index=True)
    cipher_sealed: str
    code: str = Field(default="", max_length=64)
    name: str = Field(default="", max_length=255)
    market: Market = Field(sa_column=enum_column(Market))
    seller_type: SellerType = Field(sa_column=enum_column(SellerType))
    enforced_version: CategoryVersion | None = Field(
        default=None, sa_column=enum_column(CategoryVersion, nullable=True)
    )
    warehouse_id: str | None = Field(default=None, max_length=32)
    defaults: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(empty=True))
    ownership: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(empty=True))
    recommendation_threshold: float | None = None
    connected_at: datetime
    disconnected_at: datetime | None = None


class OAuthState(SQLModel, table=True):
    """A connect link in flight: its random ``state`` is single use and ties the answer to the shop that asked."""

    __tablename__ = "oauth_state"

    state: str = Field(primary_key=True, max_length=64)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    market: Market = Field(sa_column=enum_column(Market))
    expires_at: datetime
    used_at: datetime | None = None
