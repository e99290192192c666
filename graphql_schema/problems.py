"""What is wrong with a merchant's data, as clients see it."""

from typing import Any

import strawberry

from server.domain import problems
from server.domain.problems import Remedy, Severity
from server.domain.remedies import LAYERS, FixLayer

_INT = 2**31
"""GraphQL's Int ends here; one number beyond it would cost the whole answer."""


@strawberry.type
class Problem:
    """A finding about a product, a template or a shop, with what to do about it."""

    code: str = strawberry.field(
        description="Stable, for programs; `error-codes.json` of the frontend contract lists all."
    )
    path: list[str] = strawberry.field(description="Where it is, from the outermost field inwards.")
    message: str = strawberry.field(description="Cause and next step, for people.")
    severity: Severity = strawberry.field(description="Whether it keeps the product from being listed.")
    remedy: Remedy = strawberry.field(description="Who can mend it, and where.")
    fix_layers: list[FixLayer] = strawberry.field(
        description="Where a patch of `taskItemFixAndRetry` can mend it, the narrowest first; empty where none can."
    )
    platform_code: int | None = strawberry.field(
        description="TikTok's own number, when the finding came from there. The message holds one too long for an Int."
    )

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Problem":
        """A problem as rows keep it."""
        return cls.of_value(problems.Problem.from_json(stored))

    @classmethod
    def of_value(cls, problem: problems.Problem) -> "Problem":
        """A problem of the domain."""
        number, message = problem.platform_code, problem.message
        if number is not None and not -_INT <= number < _INT:
            message = message if str(number) in message else f"{message} ({number})"
            number = None
        return cls(
            code=problem.code,
            path=list(problem.path),
            message=message,
            severity=problem.severity,
            remedy=problem.remedy,
            fix_layers=[layer for layer in FixLayer if layer in LAYERS.get(problem.code, ())],
            platform_code=number,
        )
