"""Keyset pages of any statement: a cursor is the place in the order, so inserts and deletes never shift a page."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar, cast, overload
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, Tuple, TypeDecorator, func, tuple_
from sqlalchemy.orm import Mapped
from sqlmodel import select
from sqlmodel.sql.expression import Select, SelectOfScalar

from server.domain.paging import Page, PageArgs
from server.kit.errors import Invalid
from server.kit.json import dumps, loads
from server.store.session import Session

Row = TypeVar("Row")
Column = ColumnElement[object]
Keys = Sequence[Mapped[object] | Column]

_BIGINT = 2**63
_LONGEST_CURSOR = 2048


@overload
async def paginate(
    session: Session, statement: SelectOfScalar[Row], *, keys: Keys, args: PageArgs, descending: bool = False
) -> Page[Row]: ...
@overload
async def paginate(
    session: Session, statement: Select[Row], *, keys: Keys, args: PageArgs, descending: bool = False
) -> Page[Row]: ...
async def paginate(
    session: Session,
    statement: SelectOfScalar[Row] | Select[Row],
    *,
    keys: Keys,
    args: PageArgs,
    descending: bool = False,
) -> Page[Row]:
    """One page of ``statement``, ordered by ``keys``: columns that are never null and that each row carries by name.

    The last key is unique. The statement has no order and no limit of its own and is already narrowed to one shop.
    Raises ``Invalid`` (``BAD_USER_INPUT``) for a cursor that is not one of this order.
    """
    columns: list[Column] = list(tuple_(*keys).clauses)
    rows = cast("list[Row]", list((await session.exec(_slice(statement, columns, args, descending))).all()))
    more = len(rows) > args.size
    is_whole = not more and args.after is None and args.before is None
    total = None
    if args.total:
        total = len(rows) if is_whole else await _count(session, statement, columns[-1])
    rows = rows[: args.size]
    if args.backwards:
        rows.reverse()
    has_next = args.before is not None if args.backwards else more or args.before is not None
    has_previous = more or args.after is not None if args.backwards else args.after is not None
    cursors = [_encode(row, columns, descending) for row in rows]
    return Page(rows, cursors, has_next=has_next, has_previous=has_previous, total=total)


def _slice(
    statement: SelectOfScalar[Row] | Select[Row], columns: list[Column], args: PageArgs, descending: bool
) -> SelectOfScalar[Row] | Select[Row]:
    """The statement between the cursors, one row longer than the page, read from the end that was asked for."""
    place = tuple_(*columns)
    if args.after is not None:
        start = _place(args.after, "after", columns, descending)
        statement = statement.where(place < start if descending else place > start)
    if args.before is not None:
        end = _place(args.before, "before", columns, descending)
        statement = statement.where(place > end if descending else place < end)
    upwards = descending is args.backwards
    return statement.order_by(*(column.asc() if upwards else column.desc() for column in columns)).limit(args.size + 1)


async def _count(session: Session, statement: SelectOfScalar[Row] | Select[Row], unique: Column) -> int:
    inner = statement.with_only_columns(unique).order_by(None).subquery()
    return (await session.exec(select(func.count()).select_from(inner))).one()


def _encode(row: object, columns: list[Column], descending: bool) -> str:
    values = [getattr(row, str(column.key)) for column in columns]
    plain = [str(value) if isinstance(value, Decimal) else value for value in values]
    return base64.urlsafe_b64encode(dumps([_mark(columns, descending), *plain])).rstrip(b"=").decode()


def _place(cursor: str, field: str, columns: list[Column], descending: bool) -> Tuple:
    """The place a cursor names, as typed parameters. Raises ``Invalid`` when it names none of this order."""
    try:
        values = _decode(cursor, columns, descending)
    except (ValueError, TypeError, ArithmeticError):
        raise Invalid(
            f"{field} is not a cursor of this list: pass one from pageInfo or edges, with the same sorting.",
            code="BAD_USER_INPUT",
            field=(field,),
        ) from None
    return tuple_(*values, types=[column.type for column in columns])


def _decode(cursor: str, columns: list[Column], descending: bool) -> list[object]:
    if len(cursor) > _LONGEST_CURSOR:
        raise ValueError(cursor)
    parts = loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    if not isinstance(parts, list) or len(parts) != len(columns) + 1 or parts[0] != _mark(columns, descending):
        raise ValueError(cursor)
    return [_value(column, part) for column, part in zip(columns, parts[1:], strict=True)]


def _mark(columns: list[Column], descending: bool) -> int:
    """Ties a cursor to its order, so that one of another list or sorting is refused instead of misread."""
    return crc32(":".join([*(str(column.key) for column in columns), str(descending)]).encode())


def _value(column: Column, part: object) -> object:
    sort = column.type
    kind = sort.impl_instance.python_type if isinstance(sort, TypeDecorator) else sort.python_type
    if issubclass(kind, Enum):
        return kind(part)
    return _READERS[kind](part)


def _integer(part: object) -> int:
    if not isinstance(part, int) or isinstance(part, bool) or not -_BIGINT <= part < _BIGINT:
        raise ValueError(part)
    return part


def _text(part: object) -> str:
    if not isinstance(part, str) or "\0" in part:
        raise ValueError(part)
    return part


def _moment(part: object) -> datetime:
    moment = datetime.fromisoformat(_text(part))
    if moment.tzinfo is None:
        raise ValueError(part)
    return moment


def _decimal(part: object) -> Decimal:
    number = Decimal(_text(part))
    if not number.is_finite():
        raise ValueError(part)
    return number


_READERS: Mapping[type, Callable[[object], object]] = {
    UUID: lambda part: UUID(_text(part)),
    datetime: _moment,
    int: _integer,
    str: _text,
    float: lambda part: float(str(part)),
    Decimal: _decimal,
}
