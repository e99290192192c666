"""Many ids as one run of bytes: counted without being made, and made at a fifth of what an array costs."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from struct import iter_unpack
from typing import Self
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as READ_UUID  # the driver's own: made six times as fast

_SIZE = 16


class PackedIds:
    """What ``packed`` gives for a group of rows, in no order."""

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed) // _SIZE

    def __iter__(self) -> Iterator[UUID]:
        return map(READ_UUID, self._each())

    @classmethod
    def joined(cls, parts: Iterable["PackedIds"]) -> Self:
        """All of them as one."""
        return cls(b"".join(one._packed for one in parts))

    def first(self, amount: int) -> tuple[UUID, ...]:
        """The oldest of them: ids are time-ordered."""
        return tuple(map(READ_UUID, nsmallest(amount, self._each())))

    def by_age(self) -> list[UUID]:
        """All of them, the oldest first."""
        return [READ_UUID(one) for one in sorted(self._each())]

    def _each(self) -> Iterator[bytes]:
        return (one for (one,) in iter_unpack("16s", self._packed))


def packed(column: str) -> str:
    """The aggregate that ``PackedIds`` reads; NULLs are left out, and of nothing it is NULL."""
    return f"string_agg(uuid_send({column}), '')"
