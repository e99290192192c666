"""A store's products as Shopify has them, with their variants."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.kit.ids import new_id
from server.tables.base import json_column


class Product(SQLModel, table=True):
    """One Shopify product. ``search_text`` is title, vendor, type and tags, NFC and casefolded, for filters.

    ``metafields`` maps ``namespace.key`` to ``{type, value}``, the value as Shopify's text.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("shop_id", "remote_id"),
        Index("ix_product_shop_id_updated", "shop_id", "source_updated_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    remote_id: str = Field(max_length=255)
    handle: str = Field(default="", max_length=255)
    title: str = Field(sa_type=sa.Text)
    description_html: str = Field(default="", sa_type=sa.Text)
    vendor: str = Field(default="", sa_type=sa.Text)
    product_type: str = Field(default="", sa_type=sa.Text)
    tags: list[str] = Field(default_factory=list, sa_column=json_column())
    status: str = Field(max_length=16)
    category_id: str | None = Field(default=None, max_length=255)
    category_name: str | None = Field(default=None, sa_type=sa.Text)
    collections: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    metafields: dict[str, Any] = Field(default_factory=dict, sa_column=json_column(empty=True))
    options: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    is_gift_card: bool = False
    source_created_at: datetime | None = None
    source_updated_at: datetime
    imported_at: datetime
    import_mark: UUID | None = Field(default=None)
    deleted_at: datetime | None = None
    search_text: str = Field(default="", sa_type=sa.Text)


class Variant(SQLModel, table=True):
    """One variant. Prices are in the shop's currency; the weight keeps the merchant's own unit."""

    __tablename__ = "variant"
    __table_args__ = (
        UniqueConstraint("shop_id", "remote_id"),
        Index("ix_variant_shop_id_sku", "shop_id", "sku"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    remote_id: str = Field(max_length=255)
    position: int
    title: str = Field(default="", sa_type=sa.Text)
    sku: str | None = Field(default=None, sa_type=sa.Text)
    barcode: str | None = Field(default=None, sa_type=sa.Text)
    price: Decimal = Field(sa_type=sa.Numeric(18, 4))
    compare_at_price: Decimal | None = Field(default=None, sa_type=sa.Numeric(18, 4))
    inventory_quantity: int | None = None
    inventory_policy: str = Field(default="DENY", max_length=16)
    inventory_item_id: str | None = Field(default=None, max_length=255, index=True)
    tracked: bool = True
    requires_shipping: bool = True
    weight_value: float | None = None
    weight_unit: str | None = Field(default=None, max_length=16)
    selected_options: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    image_url: str | None = Field(default=None, sa_type=sa.Text)
