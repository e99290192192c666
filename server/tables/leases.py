"""Leases: who may do a thing that one process at a time should do, without holding a transaction meanwhile."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel


class Lease(SQLModel, table=True):
    """Held until ``until`` at the latest; a holder that died costs the others that long, never more."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=320)
    holder: UUID
    until: datetime
