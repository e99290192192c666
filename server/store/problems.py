"""Problems of listings counted by code, and those that were dismissed: all worked out from the listings themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import col, select

from server.domain.paging import Page, PageArgs
from server.domain.problems import Problem, ProblemFilter, ProblemTally, Remedy, Severity
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Listing

_KEY = (
    "(said.problem ->> 'code') || ' ' || CAST(said.problem -> 'path' AS text) || ' ' || "
    "coalesce(said.problem ->> 'platform_code', '')"
)
"""What makes two findings of one listing the same; its words may change."""


_TALLY = text(f"""
SELECT said.problem ->> 'code' AS code, said.problem ->> 'platform_code' AS platform_code,
       said.problem ->> 'severity' AS severity, said.problem ->> 'remedy' AS remedy,
       count(DISTINCT listing.id) AS listings, max(listing.updated_at) AS last_seen_at,
       (array_agg(said.problem ORDER BY listing.updated_at DESC, listing.id))[1] AS example
FROM listing CROSS JOIN LATERAL jsonb_array_elements(listing.problems) AS said(problem)
WHERE listing.shop_id = :shop_id AND listing.problems <> '[]'
  AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR listing.tiktok_shop_id = :tiktok_shop_id)
  AND (CAST(:codes AS text[]) = '{{}}' OR said.problem ->> 'code' = ANY(CAST(:codes AS text[])))
  AND (CAST(:severity AS text) IS NULL OR said.problem ->> 'severity' = :severity)
  AND (CAST(:remedies AS text[]) = '{{}}' OR said.problem ->> 'remedy' = ANY(CAST(:remedies AS text[])))
  AND :dismissed = EXISTS (
        SELECT FROM problem_dismissal put WHERE put.listing_id = listing.id AND put.key = {_KEY})
GROUP BY 1, 2, 3, 4
ORDER BY 3, 5 DESC, 1, 2
""")  # noqa: S608 - the only inserted text is the constant above


async def tallies(session: Session, *, shop_id: UUID, wanted: ProblemFilter) -> list[ProblemTally]:
    """Errors before warnings, the most frequent first."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": wanted.tiktok_shop_id,
        "codes": list(wanted.codes),
        "severity": wanted.severity,
        "remedies": [str(one) for one in wanted.remedies],
        "dismissed": wanted.dismissed,
    }
    connection = await session.connection()
    return [
        ProblemTally(
            row.code,
            Severity(row.severity),
            Remedy(row.remedy),
            row.listings,
            row.last_seen_at,
            Problem.from_json(row.example),
        )
        for row in await connection.execute(_TALLY, values)
    ]


_HAS = f"""EXISTS (
    SELECT FROM jsonb_array_elements(listing.problems) AS said(problem)
    WHERE said.problem ->> 'code' = :code AND said.problem ->> 'severity' = :severity
      AND said.problem ->> 'remedy' = :remedy
      AND (said.problem ->> 'platform_code') IS NOT DISTINCT FROM CAST(:platform_code AS text)
      AND :dismissed = EXISTS (
            SELECT FROM problem_dismissal put WHERE put.listing_id = listing.id AND put.key = {_KEY}))"""  # noqa: S608 - the only inserted text is the constant above


async def listings_with(
    session: Session, *, shop_id: UUID, tally: ProblemTally, wanted: ProblemFilter, args: PageArgs
) -> Page[Listing]:
    """The listings that a tally counts, in the order in which they were first made."""
    statement = select(Listing).where(col(Listing.shop_id) == shop_id, _has(tally, dismissed=wanted.dismissed))
    if wanted.tiktok_shop_id is not None:
        statement = statement.where(col(Listing.tiktok_shop_id) == wanted.tiktok_shop_id)
    return await paginate(session, statement, keys=(col(Listing.id),), args=args)


def _has(tally: ProblemTally, *, dismissed: bool) -> TextClause:
    platform_code = tally.example.platform_code
    return text(_HAS).bindparams(
        code=tally.code,
        severity=tally.severity.value,
        remedy=tally.remedy.value,
        platform_code=None if platform_code is None else str(platform_code),
        dismissed=dismissed,
    )


_DISMISS = text(f"""
INSERT INTO problem_dismissal (id, shop_id, listing_id, key, dismissed_at, dismissed_by)
SELECT DISTINCT ON (listing.id, {_KEY}) gen_random_uuid(), :shop_id, listing.id, {_KEY}, CAST(:now AS timestamptz), :by
FROM listing CROSS JOIN LATERAL jsonb_array_elements(listing.problems) AS said(problem)
WHERE listing.shop_id = :shop_id AND listing.problems <> '[]' AND said.problem ->> 'code' = :code
  AND (CAST(:platform_code AS text) IS NULL OR said.problem ->> 'platform_code' = :platform_code)
  AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR listing.tiktok_shop_id = :tiktok_shop_id)
  AND (CAST(:ids AS uuid[]) IS NULL OR listing.id = ANY(CAST(:ids AS uuid[])))
ON CONFLICT (listing_id, key) DO NOTHING
""")  # noqa: S608 - the only inserted text is the constant above

_RESTORE = text("""
DELETE FROM problem_dismissal USING listing
WHERE problem_dismissal.shop_id = :shop_id AND listing.id = problem_dismissal.listing_id
  AND starts_with(problem_dismissal.key, :code || ' ')
  AND (CAST(:platform_code AS text) IS NULL
       OR right(problem_dismissal.key, length(:platform_code) + 1) = ' ' || :platform_code)
  AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR listing.tiktok_shop_id = :tiktok_shop_id)
  AND (CAST(:ids AS uuid[]) IS NULL OR listing.id = ANY(CAST(:ids AS uuid[])))
""")


@dataclass(frozen=True, slots=True)
class Aim:
    """Problems of one code, on these listings or, without ``listing_ids``, on all (of one TikTok shop).

    With ``platform_code`` only those that carry this number of the platform's.
    """

    code: str
    platform_code: int | None = None
    tiktok_shop_id: UUID | None = None
    listing_ids: Sequence[UUID] | None = None


async def dismiss(session: Session, *, shop_id: UUID, aim: Aim, by: str, now: datetime) -> int:
    """Put problems away; returns how many were not put away before."""
    connection = await session.connection()
    return (await connection.execute(_DISMISS, _values(shop_id, aim) | {"by": by[:128], "now": now})).rowcount


async def restore(session: Session, *, shop_id: UUID, aim: Aim) -> int:
    """Bring dismissed problems back; returns how many."""
    connection = await session.connection()
    return (await connection.execute(_RESTORE, _values(shop_id, aim))).rowcount


def _values(shop_id: UUID, aim: Aim) -> dict[str, Any]:
    ids = None if aim.listing_ids is None else list(aim.listing_ids)
    number = None if aim.platform_code is None else str(aim.platform_code)
    of = {"code": aim.code, "platform_code": number}
    return {"shop_id": shop_id, "tiktok_shop_id": aim.tiktok_shop_id, "ids": ids} | of


_PRUNE = text(f"""
DELETE FROM problem_dismissal USING listing
WHERE problem_dismissal.listing_id = ANY(CAST(:ids AS uuid[])) AND problem_dismissal.shop_id = :shop_id
  AND listing.id = problem_dismissal.listing_id AND listing.status NOT IN ('QUEUED', 'SYNCING')
  AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(listing.problems) AS said(problem) WHERE problem_dismissal.key = {_KEY})
""")  # noqa: S608 - the only inserted text is the constant above


async def prune(session: Session, *, shop_id: UUID, listing_ids: Sequence[UUID]) -> None:
    """Forget dismissals of problems that are gone, so that one that comes back is told of again."""
    connection = await session.connection()
    await connection.execute(_PRUNE, {"shop_id": shop_id, "ids": list(listing_ids)})
