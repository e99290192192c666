"""What all rows share: constraint names, JSON and enum columns."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def json_column(*, nullable: bool = False, empty: bool = False) -> sa.Column[Any]:
    """A JSONB column. Assign a new value to change it: a change in place is not seen.

    ``empty``: statements may leave it out, and rows from before it have an empty object.
    """
    default = sa.text("'{}'::jsonb") if empty else None
    return sa.Column(JSONB(none_as_null=True), nullable=nullable, server_default=default)


def enum_column(kind: type[StrEnum], *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    """A closed set stored as its text, so a new member needs no change of a database type."""
    values = sa.Enum(kind, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])
    return sa.Column(values, nullable=nullable, index=index)
