"""Signed addresses of result files."""

import hashlib
import hmac

from sandbox.world import World


def signature(world: World, path: str, expires: str) -> str:
    """What makes a result address valid until `expires` (Unix seconds)."""
    text = f"{path}?{expires}".encode()
    return hmac.new(world.config.shopify_client_secret.encode(), text, hashlib.sha256).hexdigest()[:32]
