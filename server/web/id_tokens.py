"""Shopify's ID tokens: who is using the app, in which shop, right now (Shopify fact sheet 1.2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

import jwt
from jwt.types import Options

from server.kit.clock import from_unix
from server.kit.errors import Unauthenticated
from server.kit.secrets import Secret

LEEWAY = timedelta(seconds=10)
"""Both ways; ``nbf`` is often slightly in the future."""

_SHOP_HOST = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_SIGNATURE_ONLY: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
}
"""The library's own checks ask the machine's clock and stop in another order: the rest is checked here."""


class Fault(StrEnum):
    """Why a token was refused; decides what a page does about it (Shopify fact sheet 1.3)."""

    STALE = "stale"
    NOT_OURS = "not ours"


class BadIdToken(Unauthenticated):
    """The token proves nothing. The text names no claim: who holds a good one never sees it."""

    def __init__(self, fault: Fault = Fault.STALE) -> None:
        super().__init__("The session is missing, stale or not genuine; load the page again.")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class IdToken:
    """What a verified token says."""

    shop: str
    user_id: str
    expires_at: datetime


def is_shop_domain(text: str) -> bool:
    """A plain ``name.myshopify.com`` in lower case: fit for addresses and headers."""
    return len(text) <= 255 and _SHOP_HOST.fullmatch(text) is not None


def verify(token: str, *, client_id: str, secrets: Sequence[Secret], now: datetime) -> IdToken:
    """The claims of a genuine, fresh token made for us; ``BadIdToken`` for any other.

    Checked in this order: three parts and HS256, signature by any of the secrets, times, audience, hosts.
    The shop is the host of ``dest`` and nothing else.
    """
    claims = _signed_claims(token, secrets)
    expires_at = _check_times(claims, now)
    if claims.get("aud") != client_id:
        raise BadIdToken(Fault.NOT_OURS)
    shop = _shop(claims)
    return IdToken(shop, _text(claims, "sub"), expires_at)


def _signed_claims(token: str, secrets: Sequence[Secret]) -> Mapping[str, object]:
    for secret in secrets:
        try:
            claims: Mapping[str, object] = jwt.decode(
                token, secret.reveal().encode(), algorithms=["HS256"], options=_SIGNATURE_ONLY
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError):
            break
        return claims
    raise BadIdToken


def _check_times(claims: Mapping[str, object], now: datetime) -> datetime:
    expires_at = _moment(claims, "exp")
    if now >= expires_at + LEEWAY or max(_moment(claims, "nbf"), _moment(claims, "iat")) > now + LEEWAY:
        raise BadIdToken
    return expires_at


def _shop(claims: Mapping[str, object]) -> str:
    dest, iss = _origin(_text(claims, "dest")), _origin(_text(claims, "iss"))
    host = (dest.hostname or "").lower()
    plain = dest.scheme == "https" and dest.netloc.lower() == host and dest.path in ("", "/") and not dest.query
    issued = iss.scheme == "https" and iss.netloc.lower() == host and iss.path.rstrip("/") == "/admin"
    if not (plain and issued and is_shop_domain(host)):
        raise BadIdToken
    for name in ("jti", "sid"):
        _text(claims, name)
    return host


def _origin(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise BadIdToken from None


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise BadIdToken
    return value


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadIdToken
    try:
        return from_unix(value)
    except (ValueError, OverflowError, OSError):
        raise BadIdToken from None
