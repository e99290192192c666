"""Every secret that a town has, and every place where one might have been said or written in clear."""

import json
import re
from collections.abc import Iterator
from typing import Any

from redis import Redis

from tests.journeys.town import Town

TOKEN = re.compile(r"(?:access|refresh)_?token|^token$|secret|cipher", re.IGNORECASE)
SHORTEST = 16
"""Shorter values under such names are flags and words, not secrets."""


def secrets_of(town: Town) -> dict[str, str]:
    """Secret to what it is: of the app, of the database, of our API, and all that the platforms ever issued."""
    kept = town.stack.credentials
    found = {
        kept.secret_key: "Fernet key",
        kept.shopify_client_secret: "Shopify client secret",
        kept.tiktok_app_secret: "TikTok app secret",
    }
    found |= dict.fromkeys(town.tokens, "API token")
    known = town.sandbox("GET", "credentials")
    for token in known["tiktok"]["access_tokens"]:
        found[token["access_token"]] = "TikTok access token"
    for name, value in issued(json.loads((town.stack.plan.data / "sandbox.state").read_bytes())):
        found.setdefault(value, f"issued by the platforms ({name})")
    return {secret: what for secret, what in found.items() if len(secret) >= SHORTEST}


def issued(state: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Texts in the sandbox's state under names that tokens and secrets have; keys of token tables too."""
    if isinstance(state, dict):
        for key, value in state.items():
            if TOKEN.search(name) and isinstance(value, dict | list):
                yield name, str(key)
            yield from issued(value, str(key))
    elif isinstance(state, list):
        for value in state:
            yield from issued(value, name)
    elif isinstance(state, str) and TOKEN.search(name):
        yield name, state


def places(town: Town) -> Iterator[tuple[str, str]]:
    """Name and whole text of every log, of what the API said, of each table and of Redis."""
    for log in sorted((town.stack.plan.data / "logs").iterdir()):
        yield f"log {log.name}", log.read_text(errors="replace")
    yield "answers of the API", "\n".join(text for text in town.heard if '"secret"' not in text)
    postgres, redis = town.stack.postgres, town.stack.redis
    assert postgres is not None
    assert redis is not None
    tables = postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database="leafmark")
    for table in tables.split():
        yield f"table {table}", postgres.execute(f'COPY "{table}" TO STDOUT', database="leafmark")
    with Redis.from_url(redis.url, decode_responses=True, encoding_errors="replace") as client:
        yield "Redis", "\n".join(_kept(client, key) for key in client.scan_iter())


def _kept(client: "Redis", key: str) -> str:
    """A key with what it holds; of a kind that is none of these, the packed value."""
    match client.type(key):
        case "string":
            return f"{key} {client.get(key)}"
        case "hash":
            return f"{key} {client.hgetall(key)}"
        case "zset":
            return f"{key} {client.zrange(key, 0, -1)}"
        case "set":
            return f"{key} {client.smembers(key)}"
        case "list":
            return f"{key} {client.lrange(key, 0, -1)}"
        case _:
            return f"{key} {client.dump(key)!r}"


def leaks(town: Town) -> list[str]:
    """What stands where it must not, without saying it again."""
    secrets = secrets_of(town)
    return sorted(
        {f"{what} in {place}" for place, text in places(town) for secret, what in secrets.items() if secret in text}
    )
