"""What all mutations share: one transaction, and refusals as data."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from graphql_schema.context import Info
from graphql_schema.user_errors import UserError, all_of
from server.deps import Session
from server.kit.errors import AppError

Result = TypeVar("Result")

IDEMPOTENCY_KEY = "1 to 128 characters of your own. A repeated request with the same key starts nothing anew."


async def attempt(info: Info, work: Callable[[Session], Awaitable[Result]]) -> tuple[Result | None, list[UserError]]:
    """Do ``work`` in a transaction of its own: its result, or why nothing was done."""
    try:
        async with info.context.write() as session:
            return await work(session), []
    except AppError as error:
        return None, all_of(error)


def beside_input(errors: list[UserError]) -> list[UserError]:
    """The same for a mutation whose arguments stand apart: services name what they refuse below ``input``."""
    for error in errors:
        if error.field and error.field[0] == "input":
            error.field = error.field[1:] or None
    return errors
