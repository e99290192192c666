"""What a seller granted an app: codes, access tokens, refresh tokens (fact sheet 1.3)."""

from dataclasses import dataclass

SCOPES = (
    "seller.authorization.info",
    "seller.product.basic",
    "seller.product.write",
    "seller.product.delete",
    "seller.logistics",
    "serller.product.optimize",
    "seller.shop.info",
    "seller.global_product.info",
)


@dataclass(slots=True)
class Grant:
    """One seller's consent to one app. A shop may be taken out of it; `revoked` ends it whole."""

    id: str
    app_key: str
    open_id: str
    shop_ids: set[str]
    scopes: list[str]
    refresh_token: str
    refresh_expires: int
    revoked: bool = False


@dataclass(slots=True)
class AuthCode:
    """Single use, 30 minutes."""

    code: str
    app_key: str
    open_id: str
    expires: int
    scopes: list[str]
    used: bool = False


@dataclass(slots=True)
class AccessToken:
    """Seven days by default; several of one grant may be alive beside each other."""

    token: str
    grant_id: str
    expires: int
