"""Dismissed problems: findings about listings that a merchant has seen and does not want to be told of again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, UniqueConstraint

from server.kit.ids import new_id


class ProblemDismissal(SQLModel, table=True):
    """One problem of one listing, put away until it goes and comes back. ``key`` is its code, path and TikTok code."""

    __tablename__ = "problem_dismissal"
    __table_args__ = (UniqueConstraint("listing_id", "key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    key: str = Field(sa_type=sa.Text)
    dismissed_at: datetime
    dismissed_by: str = Field(max_length=128)
