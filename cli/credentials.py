"""Made-up secrets of a development stack, kept in its data folder, and the environment they give each process."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from cli.problems import CannotRun
from sandbox.config import SandboxConfig

AUTHORIZED_PATH = "/tiktok/callback"
TIKTOK_WEBHOOK_PATH = "/webhooks/tiktok"
SHOPIFY_WEBHOOK_PATH = "/webhooks/shopify"
PRIVATE_FILE = 0o600
SANDBOX_PACE = "1000"
"""Calls a second: the sandbox is ours and bears more than a platform would."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Both sides of the stack know these: the sandbox as the platforms, the API and the workers as the app."""

    secret_key: str
    shopify_client_id: str
    shopify_client_secret: str
    tiktok_app_key: str
    tiktok_app_secret: str
    tiktok_service_id: str

    @classmethod
    def made_up(cls) -> Self:
        """Fresh secrets, and the sandbox's usual public ids."""
        usual = SandboxConfig()
        return cls(
            secret_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            shopify_client_id=usual.shopify_client_id,
            shopify_client_secret=f"shpss_{secrets.token_hex(16)}",
            tiktok_app_key=usual.tiktok_app_key,
            tiktok_app_secret=secrets.token_hex(20),
            tiktok_service_id=usual.tiktok_service_id,
        )

    @classmethod
    def kept_in(cls, file: Path) -> Self:
        """Those of an earlier run, with which the database is encrypted, else fresh ones, kept for this user only."""
        if not file.exists():
            fresh = cls.made_up()
            write_private(file, json.dumps(asdict(fresh), indent=2))
            return fresh
        try:
            return cls(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise CannotRun(f"{file} cannot be read ({error}): start afresh with --fresh.", status=1) from None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of a stack is."""

    database: str
    redis: str
    api: str
    sandbox: str
    files: str


def app_environment(credentials: Credentials, addresses: Addresses) -> dict[str, str]:
    """What `server.settings` reads in the API and the workers."""
    return {
        "DATABASE_URL": addresses.database,
        "REDIS_URL": addresses.redis,
        "PUBLIC_URL": addresses.api,
        "SECRET_KEYS": credentials.secret_key,
        "SHOPIFY_CLIENT_ID": credentials.shopify_client_id,
        "SHOPIFY_CLIENT_SECRET": credentials.shopify_client_secret,
        "SHOPIFY_URL_TEMPLATE": addresses.sandbox + "/shopify/{shop}",
        "TIKTOK_APP_KEY": credentials.tiktok_app_key,
        "TIKTOK_APP_SECRET": credentials.tiktok_app_secret,
        "TIKTOK_SERVICE_ID": credentials.tiktok_service_id,
        "TIKTOK_API_URL": addresses.sandbox,
        "TIKTOK_AUTH_URL": addresses.sandbox,
        "TIKTOK_AUTHORIZE_URL": addresses.sandbox,
        "TIKTOK_AUTHORIZE_URL_US": addresses.sandbox,
        "TIKTOK_READS_PER_SECOND": SANDBOX_PACE,
        "TIKTOK_WRITES_PER_SECOND": SANDBOX_PACE,
        "FETCH_ALLOWED_HOSTS": "127.0.0.1",
        "FILES_URL": addresses.files,
        "DEVELOPMENT": "true",
    }


def sandbox_environment(credentials: Credentials, api: str, state: Path) -> dict[str, str]:
    """What `sandbox.config` reads."""
    return {
        "SANDBOX_TIKTOK_APP_KEY": credentials.tiktok_app_key,
        "SANDBOX_TIKTOK_APP_SECRET": credentials.tiktok_app_secret,
        "SANDBOX_TIKTOK_SERVICE_ID": credentials.tiktok_service_id,
        "SANDBOX_SHOPIFY_CLIENT_ID": credentials.shopify_client_id,
        "SANDBOX_SHOPIFY_CLIENT_SECRET": credentials.shopify_client_secret,
        "SANDBOX_REDIRECT_URL": api + AUTHORIZED_PATH,
        "SANDBOX_TIKTOK_WEBHOOK_URL": api + TIKTOK_WEBHOOK_PATH,
        "SANDBOX_SHOPIFY_WEBHOOK_URL": api + SHOPIFY_WEBHOOK_PATH,
        "SANDBOX_STATE": str(state),
    }


def on_top_of(environment: Mapping[str, str], *more: Mapping[str, str]) -> dict[str, str]:
    """Later settings win."""
    merged = dict(environment)
    for mapping in more:
        merged.update(mapping)
    return merged


def write_private(file: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all. Raises CannotRun."""
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        scratch.touch(mode=PRIVATE_FILE)
        scratch.write_text(text)
        scratch.replace(file)
    except OSError as error:
        raise CannotRun(f"{file} cannot be written: {error.strerror}.") from None
