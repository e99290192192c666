"""Refusals of mutations, as data: what is wrong with which argument."""

from collections.abc import Sequence
from enum import StrEnum

import strawberry
import structlog
from strawberry.utils.str_converters import to_camel_case

from graphql_schema.enums import publish
from server.kit.errors import AppError

log = structlog.get_logger()


class UserErrorCode(StrEnum):
    """Why a mutation did nothing."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    INVALID = "INVALID"
    BLANK = "BLANK"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    CONFLICT = "CONFLICT"
    AUTHORIZATION_NEEDED = "AUTHORIZATION_NEEDED"
    CATEGORY_VERSION_CLOSED = "CATEGORY_VERSION_CLOSED"
    UNAVAILABLE = "UNAVAILABLE"


USER_ERROR_CODES: dict[UserErrorCode, str] = {
    UserErrorCode.BAD_USER_INPUT: "The value cannot be read, for example an id that is not one of ours.",
    UserErrorCode.INVALID: "The value breaks a rule that the message names.",
    UserErrorCode.BLANK: "A value is needed here.",
    UserErrorCode.NOT_FOUND: "There is no such thing for this caller.",
    UserErrorCode.FORBIDDEN: "The caller lacks the scope that the message names.",
    UserErrorCode.UNAUTHENTICATED: "The caller's proof ended; sign in again.",
    UserErrorCode.CONFLICT: "The thing is not in a state that allows this.",
    UserErrorCode.AUTHORIZATION_NEEDED: "The TikTok shop no longer lets us act for it; connect it again.",
    UserErrorCode.CATEGORY_VERSION_CLOSED: "The category is of a tree with which this shop may not list now.",
    UserErrorCode.UNAVAILABLE: "Something we stand on does not answer. Nothing was lost; try again.",
}

publish(UserErrorCode, "Why a mutation did nothing.", USER_ERROR_CODES)


@strawberry.type
class UserError:
    """Why a mutation did nothing, in a form that a client can put beside the field."""

    code: UserErrorCode = strawberry.field(description="The kind of refusal; stable, for programs.")
    field: list[str] | None = strawberry.field(
        description='Path of the argument at fault, e.g. `["input", "name"]`; null when none is.'
    )
    message: str = strawberry.field(description="Cause and next step, for people.")

    @classmethod
    def of(cls, error: AppError) -> "UserError":
        """The refusal of a service as a client sees it."""
        return cls(code=_code(error), field=_path(error.field) or None, message=error.message)


def all_of(error: AppError) -> list[UserError]:
    """One for each fault, when a service found several at once."""
    several: Sequence[AppError] = getattr(error, "faults", ()) or (error,)
    return [UserError.of(fault) for fault in several]


def _path(field: Sequence[str]) -> list[str]:
    """As clients spell it. A template's content is not an object of its own in the API."""
    path = list(field)
    if path[:2] == ["input", "content"]:
        del path[1]
    return [to_camel_case(part) for part in path]


def _code(error: AppError) -> UserErrorCode:
    """The error's own code, or its family's when a service made one up that is not published."""
    if error.code in UserErrorCode.__members__:
        return UserErrorCode(error.code)
    log.error("graphql.unknown_user_error", code=error.code, kind=type(error).__name__)
    family = type(error).code
    return UserErrorCode(family) if family in UserErrorCode.__members__ else UserErrorCode.INVALID
