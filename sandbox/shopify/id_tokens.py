"""ID tokens (session tokens) as the Shopify admin hands them to an embedded app (Shopify fact sheet 1.2)."""

from collections.abc import Mapping

import jwt
from jwt.types import Options

from sandbox.world import World

LEEWAY = 10
# The times are checked on the sandbox's own clock.
UNTIMED: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


def mint(world: World, shop: str, user_id: str = "42", expires_in: int = 60) -> str:
    """An ID token of `shop` for our app; a negative `expires_in` makes a stale one."""
    now = world.clock.unix()
    claims = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": world.config.shopify_client_id,
        "sub": user_id,
        "exp": now + expires_in,
        "nbf": now + min(0, expires_in),
        "iat": now + min(0, expires_in),
        "jti": _uuid(world),
        "sid": _uuid(world),
    }
    return jwt.encode(claims, world.config.shopify_client_secret, algorithm="HS256")


def read(world: World, shop: str, token: str) -> Mapping[str, object] | None:
    """The claims of an ID token this shop's admin gave to our app and that is still good; None otherwise."""
    secret, now = world.config.shopify_client_secret, world.clock.now()
    try:
        claims: dict[str, object] = jwt.decode(
            token, secret, algorithms=["HS256"], audience=world.config.shopify_client_id, options=UNTIMED
        )
    except jwt.InvalidTokenError:
        return None
    begins, ends = claims.get("nbf"), claims.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int):
        return None
    in_time = begins - LEEWAY <= now < ends + LEEWAY
    return claims if in_time and claims.get("dest") == f"https://{shop}" else None


def _uuid(world: World) -> str:
    digits = f"{world.rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
