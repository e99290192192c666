"""Leafmark's own API tokens: only a fingerprint is kept."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from server.kit.ids import new_id
from server.tables.base import json_column


class ApiToken(SQLModel, table=True):
    """A third-party client's key to one shop. The secret is shown once at creation; ``fingerprint`` is its SHA-256."""

    __tablename__ = "api_token"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=255)
    fingerprint: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(default_factory=list, sa_column=json_column())
    created_at: datetime
    created_by: str = Field(max_length=128)
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
