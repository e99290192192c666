"""Values with a meaning of their own, and how they are written."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

URL = NewType("URL", str)
"""An absolute address."""


def _write_moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise GraphQLError("A DateTime was expected.")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # no moment at all, or one that is before the year 1 or after 9999 in UTC
    raise GraphQLError("A DateTime is RFC 3339 text with a time zone, e.g. 2026-11-21T09:30:00Z.")


def _read_decimal(value: object) -> Decimal:
    try:
        number = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise GraphQLError('A Decimal is a number, best written as text, e.g. "19.99".')
    return number


def _write_decimal(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment as RFC 3339 text in UTC, e.g. `2026-11-21T09:30:00Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_write_moment,
        parse_value=_read_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as text, e.g. `"19.99"`, so that no client rounds it.',
        serialize=_write_decimal,
        parse_value=_read_decimal,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute address as text.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3986",
        serialize=str,
        parse_value=str,
    ),
}
