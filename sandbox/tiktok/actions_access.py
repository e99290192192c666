"""Control actions about authorization: issue, expire, revoke, warn."""

from typing import TYPE_CHECKING

from sandbox.actions import Action, Answer, BadControl
from sandbox.tiktok.asking import Asked, app_of, grants_of, seller_of, shop_of, text, texts
from sandbox.tiktok.authorizing import grant, make_code, token_view
from sandbox.tiktok.deauthorization import deauthorize as end
from sandbox.tiktok.deauthorization import warn
from sandbox.tiktok.grants import SCOPES

if TYPE_CHECKING:
    from sandbox.world import World


def _authorize(world: "World", asked: Asked) -> Answer:
    scopes = texts(asked, "scopes") or list(SCOPES)
    token = grant(world, app_of(world, asked), seller_of(world, asked), scopes)
    return token_view(world, token)


def _code(world: "World", asked: Asked) -> Answer:
    code = make_code(world, app_of(world, asked), seller_of(world, asked), tuple(texts(asked, "scopes") or SCOPES))
    return {"code": code.code, "expires": code.expires}


def _expire_tokens(world: "World", asked: Asked) -> Answer:
    chosen, now, count = text(asked, "access_token"), world.clock.unix(), 0
    if chosen and chosen not in world.tiktok.access_tokens:
        raise BadControl("There is no such access token.", "access_token")
    for token in world.tiktok.access_tokens.values():
        if chosen in ("", token.token) and token.expires > now:
            token.expires = now
            count += 1
    return {"expired": count}


def _expire_refresh(world: "World", asked: Asked) -> Answer:
    found = grants_of(world, shop_of(world, asked))
    for one in found:
        one.refresh_expires = world.clock.unix()
    return {"expired": len(found)}


def _deauthorize(world: "World", asked: Asked) -> Answer:
    return {"ended": end(world, app_of(world, asked).key, shop_of(world, asked).id)}


def _warn(world: "World", asked: Asked) -> Answer:
    found = grants_of(world, shop_of(world, asked))
    for one in found:
        warn(world, one)
    return {"warned": len(found)}


def _scopes(world: "World", asked: Asked) -> Answer:
    scopes = texts(asked, "scopes")
    found = grants_of(world, shop_of(world, asked))
    for one in found:
        one.scopes = list(scopes)
    return {"changed": len(found), "scopes": scopes}


SELLER = {"app_key": "the first app by default", "open_id": "the first seller by default"}
SHOP = {"shop_id": "the first shop by default"}
ACTIONS = (
    Action(
        "authorize",
        "Issue tokens as if a seller had authorized the app",
        _authorize,
        {**SELLER, "scopes": "all by default"},
    ),
    Action("code", "Issue an auth code only", _code, {**SELLER, "scopes": "all by default"}),
    Action(
        "expire-token",
        "Let access tokens expire now (105002)",
        _expire_tokens,
        {"access_token": "this one; all by default"},
    ),
    Action("expire-refresh-token", "Let the refresh tokens of a shop expire now (36004001)", _expire_refresh, SHOP),
    Action(
        "deauthorize",
        "The seller removes the app from a shop; webhook 6 follows",
        _deauthorize,
        {"app_key": "the first app by default", **SHOP},
    ),
    Action("warn-expiry", "Send webhook 7 now", _warn, SHOP),
    Action(
        "scopes",
        "Replace what the tokens of a shop may do (105005)",
        _scopes,
        {**SHOP, "scopes": "required list of scope keys"},
    ),
)
