"""The three-table image registry of the category-mapping guide (K2-K4): local image, TikTok image, and the link."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, UniqueConstraint

from server.kit.ids import new_id


class LocalImage(SQLModel, table=True):
    """A picture where the merchant keeps it (K3). ``content_hash`` is the SHA-256 of its bytes once they were read."""

    __tablename__ = "local_image"
    __table_args__ = (UniqueConstraint("shop_id", "url"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    url: str = Field(sa_type=sa.Text)
    content_hash: str | None = Field(default=None, max_length=64)
    width: int | None = None
    height: int | None = None


class TikTokImage(SQLModel, table=True):
    """A picture on TikTok's CDN (K4), uploaded once per shop, use case and content."""

    __tablename__ = "tiktok_image"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "use_case", "content_hash"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    use_case: str = Field(max_length=32)
    content_hash: str = Field(max_length=64)
    uri: str = Field(sa_type=sa.Text)
    url: str = Field(default="", sa_type=sa.Text)
    width: int | None = None
    height: int | None = None
    uploaded_at: datetime


class ProductImage(SQLModel, table=True):
    """A product's picture in its place (K2). Its TikTok image is found by content hash and is null until uploaded."""

    __tablename__ = "product_image"
    __table_args__ = (UniqueConstraint("product_id", "position"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", ondelete="CASCADE")
    local_image_id: UUID = Field(foreign_key="local_image.id", index=True, ondelete="CASCADE")
    position: int
    remote_id: str | None = Field(default=None, max_length=255)
    alt: str = Field(default="", sa_type=sa.Text)
