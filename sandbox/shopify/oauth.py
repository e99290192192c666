"""`POST /admin/oauth/access_token`: token exchange and refresh (Shopify fact sheet 1.6)."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.calls import current
from sandbox.shopify import id_tokens
from sandbox.shopify.shops import Shop
from sandbox.shopify.tokens import ONLINE_LIFE, REFRESH_LIFE
from sandbox.world import World

GRANT_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE_ID = "urn:ietf:params:oauth:token-type:id_token"
TYPE_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
TYPE_ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
KNOWN = frozenset(
    {
        "client_id",
        "client_secret",
        "grant_type",
        "subject_token",
        "subject_token_type",
        "requested_token_type",
        "expiring",
        "refresh_token",
    }
)


async def access_token(world: World, shop: Shop, request: Request) -> Response:
    """Answer one grant; every refusal is a 400 with `error` and `error_description`."""
    body = await _body(request)
    if body is None:
        return _refuse("invalid_request", "The request body is not valid JSON.")
    current().unknown_fields.extend(sorted(set(body) - KNOWN))
    config = world.config
    if body.get("client_id") != config.shopify_client_id or body.get("client_secret") != config.shopify_client_secret:
        return _refuse("invalid_client", "The client credentials are not valid.")
    if not shop.installed:
        return _refuse("invalid_client", "The app is not installed on the shop.")
    grant = body.get("grant_type")
    if grant == GRANT_EXCHANGE:
        return _exchange(world, shop, body)
    if grant == "refresh_token":
        return _refresh(world, shop, body)
    return _refuse("unsupported_grant_type", f"The grant type {grant!r} is not supported.")


def _exchange(world: World, shop: Shop, body: Mapping[str, object]) -> Response:
    requested, kind = body.get("requested_token_type"), body.get("subject_token_type")
    subject = str(body.get("subject_token") or "")
    if requested not in {TYPE_OFFLINE, TYPE_ONLINE} or kind not in {TYPE_ID, TYPE_OFFLINE}:
        return _refuse("invalid_request", "subject_token_type or requested_token_type is not valid.")
    if kind == TYPE_OFFLINE:
        return _make_expiring(world, shop, subject)
    claims = id_tokens.read(world, shop.domain, subject)
    if claims is None:
        return _refuse("invalid_subject_token", "The subject token is invalid or expired.")
    if requested == TYPE_ONLINE:
        return JSONResponse(_online(world, shop, str(claims.get("sub"))))
    return JSONResponse(_offline(world, shop, expiring=_is_yes(body.get("expiring"))))


def _make_expiring(world: World, shop: Shop, old: str) -> Response:
    """An old non-expiring token becomes an expiring one and stops working."""
    token = shop.tokens.live(old, world.clock.now())
    if token is None or token.expires is not None:
        return _refuse("invalid_subject_token", "The subject token is invalid or expired.")
    token.revoked = True
    return JSONResponse(_offline(world, shop, expiring=True))


def _refresh(world: World, shop: Shop, body: Mapping[str, object]) -> Response:
    now = world.clock.now()
    follower = shop.tokens.use_refresh(str(body.get("refresh_token") or ""), world.rng, now)
    if follower is None:
        return _refuse("invalid_grant", "The refresh token is used up, expired or revoked.")
    return JSONResponse(_offline_answer(world, shop, follower.token))


def _offline(world: World, shop: Shop, *, expiring: bool) -> dict[str, object]:
    now = world.clock.now()
    if not expiring:
        token = shop.tokens.give_offline(world.rng, now, None)
        return {"access_token": token.token, "scope": ",".join(shop.scopes)}
    return _offline_answer(world, shop, shop.tokens.give_refresh(world.rng, now).token)


def _offline_answer(world: World, shop: Shop, refresh: str) -> dict[str, object]:
    life = world.settings.shopify_token_life_s
    token = shop.tokens.give_offline(world.rng, world.clock.now(), life)
    return {
        "access_token": token.token,
        "expires_in": life,
        "scope": ",".join(shop.scopes),
        "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_LIFE,
    }


def _online(world: World, shop: Shop, user: str) -> dict[str, object]:
    token = shop.tokens.give_online(world.rng, world.clock.now(), user)
    scope = ",".join(shop.scopes)
    return {
        "access_token": token.token,
        "expires_in": ONLINE_LIFE,
        "scope": scope,
        "associated_user_scope": scope,
        "associated_user": {
            "id": int(user) if user.isdigit() else 0,
            "first_name": "Robin",
            "last_name": "Merchant",
            "email": shop.profile.email,
            "email_verified": True,
            "account_owner": True,
            "locale": "en",
            "collaborator": False,
        },
    }


async def _body(request: Request) -> Mapping[str, object] | None:
    raw = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(raw.decode("utf-8", "replace")))
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _is_yes(value: object) -> bool:
    return str(value).lower() in {"1", "true"}


def _refuse(error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, 400)
