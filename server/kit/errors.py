"""What stops an operation. What is wrong with a merchant's data is a ``Problem`` instead, and a value."""

from collections.abc import Sequence


class AppError(Exception):
    """An expected refusal: a code for machines, a sentence with cause and next step for people, the path of the field.

    ``code`` is one of ``frontend-contract/error-codes.json``; ``field`` is the path below the mutation's arguments.
    """

    code = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str, *, code: str | None = None, field: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = tuple(field)
        if code is not None:
            self.code = code


class Invalid(AppError):
    """The input breaks a rule the caller can see."""

    code = "INVALID"


class NotFound(AppError):
    """No such thing for this caller; what one may not see does not exist for one."""

    code = "NOT_FOUND"


class Forbidden(AppError):
    """The caller is known and lacks the scope."""

    code = "FORBIDDEN"


class Unauthenticated(AppError):
    """No caller, or one whose proof is stale."""

    code = "UNAUTHENTICATED"


class Conflict(AppError):
    """The thing is not in a state that allows this."""

    code = "CONFLICT"


class Unavailable(AppError):
    """Something we stand on does not answer; nothing was lost, try again."""

    code = "UNAVAILABLE"
