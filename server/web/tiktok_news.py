"""TikTok Shop's webhooks: signature and envelope (TikTok fact sheet 4.1-4.3)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request

from server.clients.tiktok_signing import webhook_is_genuine
from server.kit.clock import from_unix
from server.settings import Settings
from server.tables import WebhookSource
from server.web.news import News, Refused, clean, read_object


def read(settings: Settings, request: Request, raw: bytes) -> News:
    """The delivery; ``Refused`` with 401 unless its signature is right, with 400 when it cannot be read."""
    if not raw:
        raise Refused(400, "empty body")
    signature = request.headers.get("authorization", "")
    if not webhook_is_genuine(settings.tiktok_app_key, settings.tiktok_app_secret, raw, signature):
        raise Refused(401, "wrong signature")
    envelope = read_object(raw)
    kind, data = envelope.get("type"), envelope.get("data")
    if not isinstance(kind, int | str) or isinstance(kind, bool):
        raise Refused(400, "no type")
    return News(
        source=WebhookSource.TIKTOK,
        delivery_id=clean(str(envelope.get("tts_notification_id") or _named_by_content(raw)), 128),
        shop_ref=clean(str(envelope.get("shop_id") or envelope.get("seller_open_id") or "-"), 255),
        topic=clean(str(kind), 64),
        payload=data if isinstance(data, dict) else {},
        triggered_at=_moment(envelope),
    )


def _named_by_content(raw: bytes) -> str:
    """The overview's field table leaves the id out: the same bytes are then the same delivery."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _moment(envelope: Mapping[str, Any]) -> datetime | None:
    text = str(envelope.get("timestamp") or "")
    return from_unix(text) if text.isdecimal() and len(text) <= 11 else None
