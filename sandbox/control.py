"""The control API under `/_sandbox/`: every path of it, the platforms' actions included."""

import inspect
from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import control_calls, control_platforms, control_time, control_webhooks, seeding
from sandbox.actions import Action, Answer, BadControl
from sandbox.control_kit import Control, NotHere, Visit, route
from sandbox.openapi import document
from sandbox.page import PAGE, STYLE
from sandbox.page_api import render
from sandbox.shopify.actions import ACTIONS as SHOPIFY
from sandbox.tiktok.actions import ACTIONS as TIKTOK
from sandbox.world import World


def _control(platform: str, action: Action) -> Control:
    """A platform's action as a control path, its fields checked before it runs."""

    async def run(visit: Visit) -> Answer:
        _check(action, visit.body)
        found = action.run(visit.world, visit.body)
        return await found if inspect.isawaitable(found) else found

    return Control("POST", f"{platform}/{action.name}", action.summary, run, action.fields)


def _check(action: Action, given: Mapping[str, object]) -> None:
    for name in given:
        if name not in action.fields:
            raise BadControl(f"The field {name} is not known here.", name)
    for name, meaning in action.fields.items():
        if meaning.startswith("required") and given.get(name) in (None, ""):
            raise BadControl(f"The field {name} is required.", name)


CONTROLS: tuple[Control, ...] = (
    *control_time.CONTROLS,
    *control_calls.CONTROLS,
    *control_webhooks.CONTROLS,
    *control_platforms.CONTROLS,
    *seeding.CONTROLS,
    *(_control("tiktok", action) for action in TIKTOK),
    *(_control("shopify", action) for action in SHOPIFY),
)


async def to_the_page(_request: Request) -> Response:
    """From `/_sandbox` to `/_sandbox/`, where the page's relative addresses hold."""
    return RedirectResponse("/_sandbox/")


def routes(world: World) -> list[BaseRoute]:
    """Every control path (with `_` for `-` as well), the OpenAPI document, and the two pages for people."""

    async def openapi(_request: Request) -> Response:
        return JSONResponse(document(CONTROLS))

    async def api_page(_request: Request) -> Response:
        return HTMLResponse(render(CONTROLS))

    async def page(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def style(_request: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    async def nowhere(request: Request) -> Response:
        missing = NotHere(f"There is no {request.method} {request.url.path}; /_sandbox/api lists every path.")
        return JSONResponse({"error": {"message": missing.sentence, "field": None}}, 404)

    return [
        *(route(world, control) for control in CONTROLS),
        *(
            route(world, replace(control, path=control.path.replace("-", "_")))
            for control in CONTROLS
            if "-" in control.path
        ),
        Route("/openapi.json", openapi),
        Route("/api", api_page),
        Route("/page.css", style),
        Route("/", page),
        Route("/{rest:path}", nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]
