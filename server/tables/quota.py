"""What is known of each TikTok shop's daily listing limit."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class ListingQuota(SQLModel, table=True):
    """One TikTok shop's newest day. ``listed`` counts what we listed on ``day`` (UTC); ``closed_at``: it was enough.

    ``daily_limit`` is what the day before the newest taught that ended in a refusal; null while there was none. It
    counts as the shop's limit since ``learned_at``; null while it is only a guess (``domain.estimates.learned``).
    """

    __tablename__ = "listing_quota"

    tiktok_shop_id: UUID = Field(primary_key=True, foreign_key="tiktok_shop.id", ondelete="CASCADE")
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    day: dt.date = Field(sa_type=sa.Date)
    listed: int = 0
    closed_at: dt.datetime | None = None
    daily_limit: int | None = None
    learned_at: dt.datetime | None = None
