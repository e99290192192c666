"""What the control API shows of this platform: credentials and products."""

from sandbox.actions import Answer
from sandbox.world import World


def credentials(world: World) -> Answer:
    """Everything a client needs to call this platform here."""
    return {}


def products(world: World, limit: int) -> list[Answer]:
    """The newest products in short form: id, title, status and what else a person wants to see at a glance."""
    return []
