"""Settings from the environment, with every mistake told in a sentence before anything starts."""

import asyncio
import os
from collections.abc import Sequence

import asyncpg
import redis.asyncio
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from redis.exceptions import RedisError

from cli.problems import CannotRun
from server.deps import file_store, sentence_model
from server.domain.recommender.minilm import ModelMissing
from server.files import StoreUnusable
from server.settings import Settings

SEE = "(see .env.example)"
ARTICLES = ("The ", "Our ", "A ", "An ")
PROBE_SECONDS = 5.0
STORE_SECONDS = 15.0


def read_settings() -> Settings:
    """The settings of this process. Raises CannotRun naming the first wrong one, or all that are missing."""
    try:
        return Settings()
    except ValidationError as error:
        raise CannotRun(explain(_mistakes(error))) from None


def read_database_url() -> str:
    """DATABASE_URL alone, for a command that needs no other setting. Raises CannotRun when it is missing or wrong."""
    try:
        return Settings().database_url
    except ValidationError as error:
        mine = [mistake for mistake in _mistakes(error) if mistake["loc"] == ("database_url",)]
    if mine:
        raise CannotRun(explain(mine))
    return os.environ["DATABASE_URL"]


def _mistakes(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_input=False, include_url=False, include_context=False)  # the input may be a secret


def explain(mistakes: Sequence[ErrorDetails]) -> str:
    """One sentence: all names at once when several are missing, else the first mistake. Never repeats a value."""
    missing = [_variable(mistake["loc"]) for mistake in mistakes if mistake["type"] == "missing"]
    if len(missing) > 1:
        return f"{', '.join(missing[:-1])} and {missing[-1]} are missing: set them {SEE}."
    if missing:
        return f"{missing[0]} is missing: set it to {_example(missing[0])} {SEE}."
    return f"{_variable(mistakes[0]['loc'])} is wrong: {_plain(mistakes[0]['msg'])} {SEE}."


def _variable(location: tuple[int | str, ...]) -> str:
    return str(location[0]).upper() if location else "A setting"


def _example(variable: str) -> str:
    text = (Settings.model_fields[variable.lower()].description or "a value").rstrip(".")
    return text[0].lower() + text[1:] if text.startswith(ARTICLES) else text


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")


def must_answer(settings: Settings) -> None:
    """The model, PostgreSQL, Redis and the file store answer, or CannotRun says which does not. No password is said."""
    asyncio.run(_must_answer(settings))


async def _must_answer(settings: Settings) -> None:
    model_is_there(settings)
    await database_answers(settings.database_url)
    await redis_answers(settings.redis_url)
    await files_can_be_kept(settings)


def model_is_there(settings: Settings) -> None:
    """The sentence model, if one is wanted, is installed. Raises CannotRun."""
    try:
        sentence_model(settings.recommender_model)
    except ModelMissing as error:
        raise CannotRun(f"RECOMMENDER_MODEL cannot be used: {str(error).rstrip('.')}.") from None


async def database_answers(url: str) -> None:
    """One connection. Raises CannotRun."""
    try:
        address = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        connection = await asyncpg.connect(address, timeout=PROBE_SECONDS)
        await connection.close()
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CannotRun(f"PostgreSQL does not answer at DATABASE_URL: {_reason(error)}.") from None


async def redis_answers(url: str) -> None:
    """One PING. Raises CannotRun."""
    try:
        async with asyncio.timeout(PROBE_SECONDS), redis.asyncio.Redis.from_url(url) as client:
            await client.ping()
    except (OSError, TimeoutError, ValueError, RedisError) as error:
        raise CannotRun(f"Redis does not answer at REDIS_URL: {_reason(error)}.") from None


async def files_can_be_kept(settings: Settings) -> None:
    """One small object written and removed. Raises CannotRun."""
    try:
        async with asyncio.timeout(STORE_SECONDS):
            await file_store(settings).probe()
    except StoreUnusable as error:
        raise CannotRun(f"Files cannot be kept at FILES_URL: {error}.") from None
    except TimeoutError:
        raise CannotRun("Files cannot be kept at FILES_URL: the store does not answer.") from None


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0].rstrip(".") or type(error).__name__
