"""Recommended categories with where they came from, and the choices that merchants confirmed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from server.domain.categories import CategoryVersion
from server.domain.confirmed import ChoiceSource
from server.domain.recommendations import NoProposal, PlatformAnswer, RecommendationState
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class Recommendation(SQLModel, table=True):
    """What is recommended for a product in a TikTok shop, and the merchant's word on it.

    ``asked_at``, ``tree_fetched_at``, ``platform_*``, ``request_id`` and ``inputs`` are its provenance (D9).
    ``proposals`` are the leaves proposed so far, ``rejected`` those that the merchant refused: ``{id, version}``.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("tiktok_shop_id", "product_id"),
        Index("ix_recommendation_shop_state", "shop_id", "tiktok_shop_id", "state", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    state: RecommendationState = Field(sa_column=enum_column(RecommendationState))
    reason: NoProposal | None = Field(default=None, sa_column=enum_column(NoProposal, nullable=True))
    version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    proposed_id: str | None = Field(default=None, max_length=32)
    chosen_id: str | None = Field(default=None, max_length=32)
    chosen_version: CategoryVersion | None = Field(default=None, sa_column=enum_column(CategoryVersion, nullable=True))
    proposals: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    rejected: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    asked_at: datetime
    tree_fetched_at: datetime | None = None
    platform_answer: PlatformAnswer = Field(sa_column=enum_column(PlatformAnswer))
    platform_code: int | None = Field(default=None, sa_type=sa.BigInteger)
    platform_message: str = Field(default="", sa_type=sa.Text)
    request_id: str = Field(default="", max_length=128)
    inputs: list[str] = Field(default_factory=list, sa_column=json_column())
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, sa_type=sa.Text)


class ConfirmedChoice(SQLModel, table=True):
    """A category that was confirmed for a product, and how: what the recommender remembers."""

    __tablename__ = "confirmed_choice"
    __table_args__ = (UniqueConstraint("tiktok_shop_id", "product_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    tiktok_shop_id: UUID = Field(foreign_key="tiktok_shop.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    category_id: str = Field(max_length=32)
    category_version: CategoryVersion = Field(sa_column=enum_column(CategoryVersion))
    source: ChoiceSource = Field(sa_column=enum_column(ChoiceSource))
    confirmed_at: datetime
    confirmed_by: str = Field(sa_type=sa.Text)


class LeafVector(SQLModel, table=True):
    """What a sentence model makes of a category's name. Names are the platform's, so all shops share their vectors.

    ``digest`` is a hash of the name, ``vector`` its numbers as 16-bit floats.
    """

    __tablename__ = "leaf_vector"

    model: str = Field(primary_key=True, max_length=64)
    digest: bytes = Field(sa_column=sa.Column(sa.LargeBinary, primary_key=True))
    vector: bytes = Field(sa_type=sa.LargeBinary)
