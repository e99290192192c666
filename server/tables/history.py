"""Each listing's log; lines are added and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, SQLModel

from server.domain.history import ChangeCause, ChangeKind
from server.kit.ids import new_id
from server.tables.base import enum_column, json_column


class ListingChange(SQLModel, table=True):
    """One line of a listing's history. ``fields`` maps a field to ``[before, after]``."""

    __tablename__ = "listing_change"
    __table_args__ = (Index("ix_listing_change_listing_id_at", "listing_id", "at", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    at: datetime
    kind: ChangeKind = Field(sa_column=enum_column(ChangeKind))
    cause: ChangeCause = Field(sa_column=enum_column(ChangeCause))
    actor: str = Field(max_length=128)
    task_id: UUID | None = None
    request_id: str | None = Field(default=None, max_length=128)
    fields: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
