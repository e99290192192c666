"""How each platform signs a webhook (TikTok fact sheet 4.2, Shopify fact sheet 2.1)."""

import base64
import hashlib
import hmac


def tiktok_signature(app_key: str, app_secret: str, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 over the app key and the raw body, sent as `Authorization` without a scheme."""
    return hmac.new(app_secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()


def shopify_signature(client_secret: str, body: bytes) -> str:
    """Base64 HMAC-SHA256 over the raw body, sent as `X-Shopify-Hmac-Sha256`."""
    return base64.b64encode(hmac.new(client_secret.encode(), body, hashlib.sha256).digest()).decode()
