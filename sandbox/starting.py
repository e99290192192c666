"""Checks what a sandbox is started with, so that a wrong setting stops the start with one sentence."""

from sandbox.catalogue.categories import CategoryFileError
from sandbox.catalogue.csv_reader import UnreadableFile
from sandbox.config import BadConfig, SandboxConfig
from sandbox.ripening import BadRule, parse
from sandbox.settings import V1_ENDS
from sandbox.world import World

HIGHEST_PORT = 65_535
SELLER_TYPES = ("LOCAL", "CROSS_BORDER")


def new_world(config: SandboxConfig) -> World:
    """A fresh world; raises BadConfig for settings or files that cannot be used."""
    _check(config)
    try:
        return World.fresh(config)
    except (CategoryFileError, UnreadableFile) as unusable:
        raise BadConfig(str(unusable)) from None


def _check(config: SandboxConfig) -> None:
    if not 0 <= config.port <= HIGHEST_PORT:
        raise BadConfig(f"The port {config.port} is not between 0 and {HIGHEST_PORT}.")
    if config.market.upper() not in V1_ENDS:
        raise BadConfig(f"The market {config.market!r} is not known; it is one of {', '.join(V1_ENDS)}.")
    if config.seller_type not in SELLER_TYPES:
        raise BadConfig(f"The seller type {config.seller_type!r} is not one of {', '.join(SELLER_TYPES)}.")
    if config.size is not None and config.size < 0:
        raise BadConfig(f"The size {config.size} is below 0.")
    if config.latency_ms < 0:
        raise BadConfig(f"The latency of {config.latency_ms} ms is below 0.")
    try:
        parse(config.audit)
    except BadRule as bad:
        raise BadConfig(f"The audit rule {bad}") from None
