"""What is wrong with a merchant's data, as a value with a remedy; never an exception."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from server.domain.remedies import Remedy, remedy_of

__all__ = ["Problem", "ProblemFilter", "ProblemTally", "Remedy", "Severity", "distinct"]


class Severity(StrEnum):
    """Errors keep a product from being listed; warnings do not."""

    ERROR = "ERROR"
    WARNING = "WARNING"


_BY_CODE = cast(Remedy, None)
"""Stands for a remedy that was not given; no problem keeps it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a code from ``frontend-contract/error-codes.json``, the path of the field, a sentence for people.

    ``remedy`` follows from the code where it is not given. ``platform_code`` keeps TikTok's own number when the finding
    came from there, known to us or not.
    """

    code: str
    path: tuple[str, ...]
    message: str
    severity: Severity = Severity.ERROR
    remedy: Remedy = _BY_CODE
    platform_code: int | None = None

    def __post_init__(self) -> None:
        """Fill in the remedy."""
        if self.remedy is _BY_CODE:
            object.__setattr__(self, "remedy", remedy_of(self.code))

    def to_json(self) -> dict[str, Any]:
        """The form kept in rows."""
        return asdict(self) | {"path": list(self.path)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Problem":
        """Read back what ``to_json`` wrote."""
        return cls(
            code=data["code"],
            path=tuple(data["path"]),
            message=data["message"],
            severity=Severity(data["severity"]),
            remedy=Remedy(data["remedy"]),
            platform_code=data.get("platform_code"),
        )


_REMARK = "PLATFORM_NOTICE"


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Each finding once: the first of those with the same code, path and platform code.

    What the platform said counts with its words: two of its remarks, or refusals of one number, are two findings
    (TikTok fact sheet 3.10.2). Our own words about one thing may differ.
    """
    found: dict[tuple[str, tuple[str, ...], int | None, str], Problem] = {}
    for one in problems:
        is_quoted = one.platform_code is not None or one.code == _REMARK
        found.setdefault((one.code, one.path, one.platform_code, one.message if is_quoted else ""), one)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems; nothing given means all that were not dismissed."""

    tiktok_shop_id: UUID | None = None
    codes: tuple[str, ...] = ()
    severity: Severity | None = None
    remedies: tuple[Remedy, ...] = ()
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class ProblemTally:
    """One kind of problem: on how many listings it lies, when it was last met, and one of them as an example."""

    code: str
    severity: Severity
    remedy: Remedy
    listings: int
    last_seen_at: datetime
    example: Problem


def noticed(text: str) -> Problem:
    """What the platform remarked while it took a product, in its own words."""
    return Problem(_REMARK, (), text or "TikTok Shop changed a value.", Severity.WARNING)
