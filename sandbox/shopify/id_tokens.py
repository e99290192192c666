"""ID tokens (session tokens) as the Shopify admin hands them to an embedded app (Shopify fact sheet 1.2)."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from sandbox.world import World

LEEWAY = 10
HEADER = {"alg": "HS256", "typ": "JWT"}


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
    signed = f"{_encode(json.dumps(HEADER).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{signed}.{_signature(world, signed)}"


def read(world: World, shop: str, token: str) -> Mapping[str, object] | None:
    """The claims of an ID token this shop's admin gave to our app and that is still good; None otherwise."""
    signed, _, signature = token.rpartition(".")
    header, _, body = signed.partition(".")
    claims, kind = _decode(body), _decode(header)
    if claims is None or kind is None or kind.get("alg") != "HS256":
        return None
    if not hmac.compare_digest(signature.encode(), _signature(world, signed).encode()):
        return None
    begins, ends, now = claims.get("nbf"), claims.get("exp"), world.clock.now()
    if not isinstance(begins, int) or not isinstance(ends, int):
        return None
    in_time = begins - LEEWAY <= now < ends + LEEWAY
    ours = claims.get("aud") == world.config.shopify_client_id and claims.get("dest") == f"https://{shop}"
    return claims if in_time and ours else None


def _signature(world: World, signed: str) -> str:
    secret = world.config.shopify_client_secret.encode()
    return _encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(part: str) -> dict[str, object] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _uuid(world: World) -> str:
    digits = f"{world.rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
