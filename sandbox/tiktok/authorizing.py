"""Grants: an auth code is turned into tokens, tokens into new tokens."""

from typing import TYPE_CHECKING

from sandbox.tiktok.deauthorization import plan_warning
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.grants import SCOPES, AccessToken, AuthCode, Grant
from sandbox.tiktok.sellers import App, Seller

if TYPE_CHECKING:
    from sandbox.world import World


def make_code(world: "World", app: App, seller: Seller, scopes: tuple[str, ...] = SCOPES) -> AuthCode:
    """A single-use code for a seller who said yes."""
    text = "TTP_" + world.tiktok.ids.token("code", 60)
    expires = world.clock.unix() + world.settings.auth_code_life_s
    code = AuthCode(text, app.key, seller.open_id, expires, list(scopes))
    world.tiktok.codes[text] = code
    return code


def redeem(world: "World", app: App, text: str) -> AccessToken:
    """A code for a new grant; older grants of the same seller live on beside it."""
    code = world.tiktok.codes.get(text)
    if code is None or code.app_key != app.key or code.used or code.expires <= world.clock.unix():
        raise Refusal(36004004, "The auth code is invalid, already used or expired")
    code.used = True
    return grant(world, app, world.tiktok.sellers[code.open_id], code.scopes)


def grant(world: "World", app: App, seller: Seller, scopes: list[str]) -> AccessToken:
    """A new authorization of all shops of a seller."""
    state = world.tiktok
    made = Grant(
        id=state.ids.decimal("grant"),
        app_key=app.key,
        open_id=seller.open_id,
        shop_ids=set(seller.shop_ids),
        scopes=list(scopes),
        refresh_token="TTP_" + state.ids.token("refresh", 64),
        refresh_expires=world.clock.unix() + world.settings.refresh_token_life_s,
    )
    state.add_grant(made)
    plan_warning(world, made)
    return issue(world, made)


def issue(world: "World", made: Grant) -> AccessToken:
    """Another access token of a grant; older ones live until they expire."""
    text = "TTP_" + world.tiktok.ids.token("access", 64)
    token = AccessToken(text, made.id, world.clock.unix() + world.settings.access_token_life_s)
    world.tiktok.access_tokens[text] = token
    return token


def refresh(world: "World", app: App, text: str) -> AccessToken:
    """New tokens for a refresh token; by setting the refresh token changes and the old one is dead."""
    state = world.tiktok
    grant_id = state.grants_by_refresh.get(text)
    found = state.grants.get(grant_id) if grant_id else None
    if found is None or found.app_key != app.key or found.revoked:
        raise Refusal(36004005, "No authorization record was found for this refresh token")
    if found.refresh_expires <= world.clock.unix():
        raise Refusal(36004001, "The refresh token has expired")
    if world.settings.refresh_rotates:
        del state.grants_by_refresh[text]
        found.refresh_token = "TTP_" + state.ids.token("refresh", 64)
        state.grants_by_refresh[found.refresh_token] = found.id
    return issue(world, found)


def token_view(world: "World", token: AccessToken) -> dict[str, object]:
    """`data` of both token calls; both expiries are absolute Unix times."""
    found = world.tiktok.grants[token.grant_id]
    seller = world.tiktok.sellers[found.open_id]
    return {
        "access_token": token.token,
        "access_token_expire_in": token.expires,
        "refresh_token": found.refresh_token,
        "refresh_token_expire_in": found.refresh_expires,
        "open_id": seller.open_id,
        "seller_name": seller.name,
        "seller_base_region": seller.base_region,
        "user_type": seller.user_type,
        "granted_scopes": list(found.scopes),
    }
