"""Shopify's webhooks: headers of both families, HMAC by either secret (Shopify fact sheet 2.1, 2.2)."""

import base64
import hmac
from datetime import datetime

from starlette.requests import Request

from server.kit.secrets import Secret
from server.settings import Settings
from server.tables import WebhookSource
from server.web.id_tokens import is_shop_domain
from server.web.news import News, Refused, clean, read_object


def read(settings: Settings, request: Request, raw: bytes) -> News:
    """The delivery; ``Refused`` with 400 for a missing header or an empty body, with 401 for a wrong HMAC."""
    signature = _header(request, "hmac-sha256")
    topic, shop = _header(request, "topic").lower(), _header(request, "shop-domain").lower()
    delivery_id = _header(request, "webhook-id")
    if not raw or not all((signature, topic, shop, delivery_id, _header(request, "api-version"))):
        raise Refused(400, "a required header or the body is missing")
    if not is_genuine(settings, raw, signature):
        raise Refused(401, "wrong HMAC")
    if not is_shop_domain(shop):
        raise Refused(400, "not a shop's domain")
    return News(
        source=WebhookSource.SHOPIFY,
        delivery_id=clean(delivery_id, 128),
        shop_ref=shop,
        topic=clean(topic, 64),
        payload=read_object(raw),
        triggered_at=_moment(_header(request, "triggered-at")),
    )


def is_genuine(settings: Settings, raw: bytes, signature: str) -> bool:
    """In constant time, over the raw bytes. Shopify may sign with the old secret for an hour after a rotation."""
    secrets = (settings.shopify_client_secret, settings.shopify_previous_client_secret)
    results = [hmac.compare_digest(sign(one, raw), signature.encode()) for one in secrets if one is not None]
    return any(results)


def sign(secret: Secret, raw: bytes) -> bytes:
    """What the HMAC header of a genuine webhook holds."""
    return base64.b64encode(hmac.digest(secret.reveal().encode(), raw, "sha256"))


def _header(request: Request, name: str) -> str:
    """Today's name, or that of the coming Events family, which has no ``X-``."""
    return (request.headers.get(f"x-shopify-{name}") or request.headers.get(f"shopify-{name}") or "").strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
