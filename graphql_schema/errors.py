"""What a client is told when something does not work: coded errors, user errors, and nothing of our insides."""

from enum import StrEnum
from uuid import uuid4

import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from server.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable

log = structlog.get_logger()


class ErrorCode(StrEnum):
    """``extensions.code`` of entries in ``errors``: the operation, or a part of it, could not be answered."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    THROTTLED = "THROTTLED"
    MAX_COST_EXCEEDED = "MAX_COST_EXCEEDED"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


ERROR_CODES: dict[ErrorCode, str] = {
    ErrorCode.BAD_USER_INPUT: "An argument cannot be read or is out of range.",
    ErrorCode.UNAUTHENTICATED: "No valid token, or one that ended. Get a fresh one and repeat; a 401 over HTTP.",
    ErrorCode.FORBIDDEN: "The token is valid and lacks the scope that the message names.",
    ErrorCode.NOT_FOUND: "There is no such thing for this caller.",
    ErrorCode.CONFLICT: "The thing is not in a state that allows this.",
    ErrorCode.THROTTLED: "Too many points were spent; `extensions.cost.throttleStatus` says how fast they come back.",
    ErrorCode.MAX_COST_EXCEEDED: "This one operation asks for too much; ask for smaller pages or fewer levels.",
    ErrorCode.GRAPHQL_PARSE_FAILED: "The text is not GraphQL, or longer than we read.",
    ErrorCode.GRAPHQL_VALIDATION_FAILED: "The operation does not fit the schema, or is nested or aliased too much.",
    ErrorCode.UNAVAILABLE: "Something we stand on does not answer. Nothing was lost; try again.",
    ErrorCode.INTERNAL_SERVER_ERROR: "Our fault. The message holds a number under which support finds the cause.",
}

_READ_CODES: tuple[tuple[type[AppError], ErrorCode], ...] = (
    (Invalid, ErrorCode.BAD_USER_INPUT),
    (NotFound, ErrorCode.NOT_FOUND),
    (Forbidden, ErrorCode.FORBIDDEN),
    (Unauthenticated, ErrorCode.UNAUTHENTICATED),
    (Conflict, ErrorCode.CONFLICT),
    (Unavailable, ErrorCode.UNAVAILABLE),
)

_UNREADABLE = "A value in the document cannot be read: it is too long, for example."
"""GraphQL's own reading of a literal failed, as of a number of 5,000 digits; none of our code has run by then."""


def refusal(code: ErrorCode, message: str, **extensions: object) -> GraphQLError:
    """An error that a client may see as it is."""
    return GraphQLError(message, extensions={"code": code.value, **extensions})


def presentable(error: GraphQLError, *, executing: bool) -> GraphQLError:
    """The error as the client gets it. Whatever we did not expect is logged whole and shown as a number only.

    ``executing`` tells values that do not fit (``BAD_USER_INPUT``) from texts that do not (validation).
    """
    if error.extensions and "code" in error.extensions:
        return error
    if isinstance(error, GraphQLSyntaxError):
        return _with(error, error.message, ErrorCode.GRAPHQL_PARSE_FAILED)
    cause = _root(error)
    if cause is None:
        code = ErrorCode.BAD_USER_INPUT if executing else ErrorCode.GRAPHQL_VALIDATION_FAILED
        return _with(error, error.message, code)
    if isinstance(cause, ValueError) and error.nodes and not executing:
        return _with(error, _UNREADABLE, ErrorCode.GRAPHQL_VALIDATION_FAILED)
    if isinstance(cause, AppError):
        for kind, code in _READ_CODES:
            if isinstance(cause, kind):
                return _with(error, cause.message, code, field=list(cause.field) or None)
    return _masked(error, cause)


def _masked(error: GraphQLError, cause: BaseException) -> GraphQLError:
    incident = uuid4().hex[:12]
    log.error("graphql.unexpected", incident=incident, path=error.path, exc_info=cause)
    message = f"Something went wrong on our side. It is logged under {incident}; tell support this number."
    return _with(error, message, ErrorCode.INTERNAL_SERVER_ERROR, incident=incident)


def _root(error: GraphQLError) -> BaseException | None:
    """What was raised below GraphQL's own wrappers, if anything."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _with(error: GraphQLError, message: str, code: ErrorCode, **more: object) -> GraphQLError:
    extensions = {"code": code.value} | {key: value for key, value in more.items() if value is not None}
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
