"""The few HTML pages we serve: plain, each with its own frame rule (Shopify fact sheet 1.5)."""

from html import escape

from starlette.responses import HTMLResponse

APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"

_STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#222}"
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">{script}'
    '<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style></head>'
    "<body><h1>{title}</h1>{body}</body></html>"
)
_ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def alone(title: str, paragraphs: list[str], *, status: int = 200, link: tuple[str, str] | None = None) -> HTMLResponse:
    """A page outside the Shopify admin, which no page may frame. ``link`` is an address and its text."""
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    if link is not None:
        body += f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>'
    headers = {**_ALWAYS, "content-security-policy": "frame-ancestors 'none';"}
    return HTMLResponse(_html(title, body, script=""), status, headers)


def embedded(shop: str, client_id: str, title: str, paragraphs: list[str]) -> HTMLResponse:
    """A page inside the Shopify admin of ``shop``, a checked domain. App Bridge is its first script."""
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return HTMLResponse(_html(title, body, script=_app_bridge(client_id)), headers=_embedded_headers(shop))


def bounce(shop: str, client_id: str) -> HTMLResponse:
    """Only App Bridge: it fetches a fresh ID token and goes on to ``shopify-reload`` (Shopify fact sheet 1.4)."""
    html = f'<!doctype html><html lang="en"><head><meta charset="utf-8">{_app_bridge(client_id)}</head></html>'
    return HTMLResponse(html, headers=_embedded_headers(shop))


def _html(title: str, body: str, *, script: str) -> str:
    return _PAGE.format(script=script, title=escape(title), style=_STYLE, body=body)


def _app_bridge(client_id: str) -> str:
    return f'<script data-api-key="{escape(client_id)}" src="{APP_BRIDGE}"></script>'


def _embedded_headers(shop: str) -> dict[str, str]:
    return {
        **_ALWAYS,
        "content-security-policy": f"frame-ancestors https://{shop} https://admin.shopify.com;",
        "link": f"<https://cdn.shopify.com>; rel=preconnect, <{APP_BRIDGE}>; rel=preload; as=script",
    }
