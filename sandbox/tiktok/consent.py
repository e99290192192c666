"""The authorize link (fact sheet 1.2). The seller says yes at once; the query can make them refuse or ask."""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import calls
from sandbox.tiktok.authorizing import make_code
from sandbox.tiktok.grants import SCOPES
from sandbox.tiktok.sellers import App, Seller

if TYPE_CHECKING:
    from sandbox.world import World

REFUSED = {"code": "null", "error": "auth_denied"}
YES = ("1", "true", "yes")


def routes(world: "World") -> list[BaseRoute]:
    """Both spellings: by `service_id`, and the older one by `app_key`."""

    async def authorize(request: Request) -> Response:
        calls.current().operation = "Authorize"
        return _authorize(world, request)

    return [
        Route("/open/authorize", authorize, methods=["GET"]),
        Route("/oauth/authorize", authorize, methods=["GET"]),
    ]


def _authorize(world: "World", request: Request) -> Response:
    """Sandbox-only keys: `deny=1`, `error=access_denied`, `seller={open_id}`, `scopes=a,b`, `consent=1` for a page."""
    query = request.query_params
    app = _app(world, query.get("service_id", ""), query.get("app_key", ""))
    target = world.settings.redirect_url
    seller = _seller(world, query.get("seller", ""))
    if app is None or seller is None:
        return PlainTextResponse("This app or seller does not exist. Check service_id.", 400)
    if target is None:
        return PlainTextResponse("The app has no redirect URL. Set redirect_url in the sandbox's settings.", 400)
    if query.get("consent") in YES:
        return _page(request, app, seller)
    if query.get("deny") in YES or query.get("error"):
        answer = REFUSED | ({"error": query["error"]} if query.get("error") else {})
    else:
        scopes = tuple(query["scopes"].split(",")) if query.get("scopes") else SCOPES
        answer = {"code": make_code(world, app, seller, scopes).code}
    if "state" in query:
        answer["state"] = query["state"]
    return RedirectResponse(target + ("&" if "?" in target else "?") + urlencode(answer), 302)


def _app(world: "World", service_id: str, app_key: str) -> App | None:
    by_key = world.tiktok.apps.get(app_key)
    return by_key or next((app for app in world.tiktok.apps.values() if app.service_id == service_id), None)


def _seller(world: "World", open_id: str) -> Seller | None:
    sellers = world.tiktok.sellers
    return sellers.get(open_id) if open_id else next(iter(sellers.values()), None)


def _page(request: Request, app: App, seller: Seller) -> Response:
    base = {key: value for key, value in request.query_params.items() if key != "consent"}
    yes, no = (escape(f"?{urlencode(base | more)}") for more in ({}, {"deny": "1"}))
    return HTMLResponse(
        f"<!doctype html><title>Authorize</title><h1>Sandbox Shop Partner Center</h1>"
        f"<p>App {escape(app.key)} asks for access to the shops of {escape(seller.name)}.</p>"
        f'<p><a href="{yes}">Authorize</a> <a href="{no}">Refuse</a></p>'
    )
