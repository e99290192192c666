"""What a sandbox is started with; everything changeable while it runs stands in `settings.Settings` instead."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

PREFIX = "SANDBOX_"


class BadConfig(ValueError):
    """A start setting that cannot be used; the text is one sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Start settings, with fixed credentials so that the sandbox can be used by hand without any set-up.

    `redirect_url` is the TikTok app's registered redirect; with None the control API sets it
    (`PATCH /_sandbox/settings {"redirect_url": ...}`). `products` is a Shopify product CSV, `categories` a file of
    `id,parent_id,name` rows (gz accepted), `size` a number of generated products, `state` a file that keeps the world
    between runs. `audit` is a ripening rule (`immediate`, `after 3 looks`, `after 90s`, `never`). With
    `strict_versions` the market calendar decides which category version is accepted; without it both always are.
    """

    port: int = 0
    seed: int = 1
    market: str = "US"
    seller_type: str = "LOCAL"
    tiktok_app_key: str = "6lmsandbox01k"
    tiktok_app_secret: str = "5a4db0c5e1f92736d8a0b7c3e4f5162738495a6b"  # noqa: S105  # a made-up one, so that the sandbox runs without set-up
    tiktok_service_id: str = "7436000000000000001"
    shopify_client_id: str = "1eafa4c5a4db0c000000000000000001"
    shopify_client_secret: str = "shpss_1eafa4c5a4db0c5ec2e7000000000001"  # noqa: S105  # as above
    shopify_shop: str = "leafmark-demo.myshopify.com"
    redirect_url: str | None = None
    tiktok_webhook_url: str | None = None
    shopify_webhook_url: str | None = None
    categories: Path | None = None
    products: Path | None = None
    size: int | None = None
    state: Path | None = None
    latency_ms: int = 0
    audit: str = "immediate"
    strict_versions: bool = True

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `SANDBOX_PORT`, `SANDBOX_SEED`, ... (one variable for each field); an empty value means the default."""
        environ = os.environ if environ is None else environ
        given: dict[str, object] = {}
        for field in fields(cls):
            text = environ.get(PREFIX + field.name.upper(), "").strip()
            if text:
                given[field.name] = _read(field.name, str(field.type), text)
        return cls(**given)  # type: ignore[arg-type]  # each value was read by its field's own type just above


def _flag(text: str) -> bool:
    """A yes or no in the usual spellings."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return words[text.lower()]


READERS: Mapping[str, Callable[[str], object]] = {"int": int, "bool": _flag, "Path": Path, "str": str}


def _read(name: str, kind: str, text: str) -> object:
    """`text` as the field's type (its name in the annotation, such as `int | None`)."""
    bare = kind.removeprefix("<class '").removesuffix("'>").split(" | ")[0].rsplit(".", 1)[-1]
    try:
        return READERS[bare](text)
    except (ValueError, KeyError):
        raise BadConfig(f"{PREFIX}{name.upper()} is {text!r}, which is not a valid {bare.lower()}.") from None
