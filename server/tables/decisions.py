"""What the decisions of listing and edit tasks were made of, kept so that they can be made again (capability N7)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class DecisionFrame(SQLModel, table=True):
    """What products of a task had in common: terms, content, category and its demands; compressed JSON.

    Under the digest ``templates`` stand those that competed for the task's products.
    """

    __tablename__ = "decision_frame"

    task_id: UUID = Field(primary_key=True, foreign_key="task.id", ondelete="CASCADE")
    digest: str = Field(primary_key=True, max_length=64)
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    body: bytes = Field(sa_type=sa.LargeBinary)


class Decision(SQLModel, table=True):
    """One item's newest decision: the product as it was and what was decided, both as compressed JSON.

    ``outcome`` is what was met on the way and what came of it: pictures, the product as it was read, the platform's
    answer. ``shape`` numbers the form of all of it (``services.listings.decisions.SHAPE``).
    """

    __tablename__ = "decision"

    item_id: UUID = Field(primary_key=True, foreign_key="task_item.id", ondelete="CASCADE")
    task_id: UUID = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    shop_id: UUID = Field(foreign_key="shop.id", index=True, ondelete="CASCADE")
    at: datetime = Field(index=True)
    frame_digest: str = Field(max_length=64)
    product: bytes = Field(sa_type=sa.LargeBinary)
    decided: bytes = Field(sa_type=sa.LargeBinary)
    outcome: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    shape: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
