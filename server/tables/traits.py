"""What template rules look at, one narrow row a product: whole catalogues are matched in one pass over it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from server.tables.base import json_column

_TEXT = sa.Text(collation="C")


def _texts() -> sa.Column[list[str]]:
    return sa.Column(ARRAY(_TEXT), nullable=False)


def _numbers() -> sa.Column[list[Decimal]]:
    return sa.Column(ARRAY(sa.Numeric()), nullable=False)


class ProductTraits(SQLModel, table=True):
    """``domain.traits.Traits`` as a row, texts folded. A product that the store does not have any more has none.

    Numbers are sorted. ``metafields`` maps ``namespace.key`` to its texts, each number among them as a number too.
    Texts have the collation "C": bytes decide, as in Python. ``changed_at`` is when we wrote what differs from before,
    by our clock; ``updated`` is Shopify's word.
    """

    __tablename__ = "product_traits"

    product_id: UUID = Field(primary_key=True, foreign_key="product.id", ondelete="CASCADE")
    shop_id: UUID = Field(index=True)
    is_gift_card: bool
    status: str = Field(sa_type=_TEXT)
    vendor: str = Field(sa_type=_TEXT)
    product_type: str = Field(sa_type=_TEXT)
    category: str | None = Field(sa_type=_TEXT)
    title: str = Field(sa_type=_TEXT)
    tags: list[str] = Field(sa_column=_texts())
    stock: int | None = Field(sa_type=sa.BigInteger)
    prices: list[Decimal] = Field(sa_column=_numbers())
    compare_at_prices: list[Decimal] = Field(sa_column=_numbers())
    weights: list[Decimal] = Field(sa_column=_numbers())
    created: datetime | None
    updated: datetime | None
    collections: list[str] = Field(sa_column=_texts())
    collection_ids: list[str] = Field(sa_column=_texts())
    skus: list[str] = Field(sa_column=_texts())
    barcodes: list[str] = Field(sa_column=_texts())
    metafields: dict[str, list[str | Decimal]] = Field(sa_column=json_column())
    changed_at: datetime | None = None
