"""`leafmark rotate`: stored secrets are written anew with the first key of SECRET_KEYS."""

import asyncio

import typer

from cli import environment
from cli.problems import CannotRun
from server.kit.secrets import SecretUnreadable, Vault
from server.services.key_rotation import rotate_secrets
from server.settings import Settings
from server.store.session import Database


def command() -> None:
    """Run it after putting a new key first; when it is done, the old key can go. Running it twice is harmless."""
    settings = environment.read_settings()
    environment.must_answer(settings)
    try:
        rows = asyncio.run(_rotate(settings))
    except SecretUnreadable as error:
        raise CannotRun(error.message, status=1) from None
    typer.echo(f"{rows} rows hold secrets and are sealed with the first key now.")


async def _rotate(settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        return await rotate_secrets(database, Vault(settings.secret_keys))
    finally:
        await database.close()
