"""The app's own page inside the Shopify admin: its first load installs the shop (Shopify fact sheet 1.3, 1.4, 1.7)."""

import base64
import binascii
import re
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.deps import Deps
from server.kit.errors import AppError
from server.web import pages
from server.web.callers import merchant, read_id_token
from server.web.id_tokens import BadIdToken, Fault, is_shop_domain

BOUNCE = "/auth/bounce"

_HOST = re.compile(r"[a-z0-9.-]+(/[A-Za-z0-9/_-]*)?")
_RELOAD = "shopify-reload"
_OPEN_FROM_ADMIN = "Open Leafmark from the Apps menu of your Shopify admin."


def routes(deps: Deps) -> list[Route]:
    """``/`` and the bounce page."""
    door = _Install(deps)
    return [Route("/", door.open, methods=["GET"]), Route(BOUNCE, door.bounce, methods=["GET"])]


class _Install:
    """Document loads carry no header; the ID token stands in the query."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._client_id = deps.settings.shopify_client_id

    async def open(self, request: Request) -> Response:
        """The app's page, or one step towards it: into the admin, or past the bounce page for a fresh token."""
        shop = request.query_params.get("shop", "").lower()
        if not is_shop_domain(shop):
            return pages.alone("Leafmark", [_OPEN_FROM_ADMIN], status=400)
        if request.query_params.get("embedded") != "1":
            return self._into_admin(request.query_params.get("host", ""))
        proof = request.query_params.get("id_token", "")
        try:
            if read_id_token(self._deps, proof).shop != shop:
                return self._to_bounce(request)
            await merchant(self._deps, proof)
        except BadIdToken as refused:
            if refused.fault is Fault.NOT_OURS:
                return pages.alone("Leafmark", ["This session was made for another app.", _OPEN_FROM_ADMIN], status=401)
            return self._to_bounce(request)
        except AppError as error:
            return pages.alone("Leafmark cannot start", [error.message], status=503)
        return pages.embedded(shop, self._client_id, "Leafmark", ["Leafmark is installed in this store."])

    async def bounce(self, request: Request) -> Response:
        """The page that asks App Bridge for a fresh ID token. What it goes on to must be ours."""
        shop = request.query_params.get("shop", "").lower()
        if not is_shop_domain(shop) or not self._is_ours(request.query_params.get(_RELOAD, "")):
            return pages.alone("Leafmark", [_OPEN_FROM_ADMIN], status=400)
        return pages.bounce(shop, self._client_id)

    def _into_admin(self, host: str) -> Response:
        """Opened outside the admin: go to the app's place inside it."""
        address = _decoded(host)
        if address is None:
            return pages.alone("Leafmark", [_OPEN_FROM_ADMIN], status=400)
        return RedirectResponse(f"https://{address}/apps/{self._client_id}", 302)

    def _to_bounce(self, request: Request) -> Response:
        """Built from the configured address: the Host header is whatever a proxy made of it."""
        public = self._deps.settings.public_url.rstrip("/")
        kept = [
            (name, value) for name, value in request.query_params.multi_items() if name not in ("id_token", _RELOAD)
        ]
        here = f"{public}{request.url.path}?{urlencode(kept)}"
        return RedirectResponse(f"{public}{BOUNCE}?{urlencode([*kept, (_RELOAD, here)])}", 302)

    def _is_ours(self, target: str) -> bool:
        """An address of our own origin, or a path that starts with exactly one slash."""
        if any(ord(char) <= 32 for char in target) or "\\" in target:
            return False
        if target.startswith("/"):
            return not target.startswith("//")
        own = self._deps.settings.public_url.rstrip("/")
        return target == own or target.startswith((f"{own}/", f"{own}?"))


def _decoded(host: str) -> str | None:
    """``host`` is base64 of ``admin.shopify.com/store/{name}``, normally without padding; only Shopify's may pass."""
    try:
        text = base64.b64decode(host + "=" * (-len(host) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    name = text.partition("/")[0]
    known = name.endswith((".shopify.com", ".myshopify.com"))
    return text.rstrip("/") if known and _HOST.fullmatch(text) else None
