"""Where TikTok Shop sends the seller back after the consent page (TikTok fact sheet 1.2)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.clients.errors import Upstream
from server.deps import Deps
from server.kit.errors import AppError
from server.services import tiktok_connecting
from server.services.tiktok_connecting import Connected
from server.web import pages

PATH = "/tiktok/callback"

_TITLE = "TikTok Shop"


def routes(deps: Deps) -> list[Route]:
    """The one address registered with TikTok Shop as the app's redirect URL."""

    async def callback(request: Request) -> Response:
        try:
            connected = await tiktok_connecting.complete(
                deps.database,
                deps.vault,
                deps.tiktok,
                deps.feed,
                query=dict(request.query_params),
                clock=deps.clock,
            )
        except Upstream as error:
            again = "Start the connection again in Leafmark, inside your Shopify admin."
            return pages.alone(f"{_TITLE} was not connected", [error.message, again], status=502)
        except AppError as error:
            return pages.alone(f"{_TITLE} was not connected", [error.message], status=400)
        return _connected(connected, deps.settings.shopify_client_id)

    return [Route(PATH, callback, methods=["GET"])]


def _connected(connected: Connected, client_id: str) -> Response:
    names = ", ".join(f"{one.name} ({one.market})" for one in connected.tiktok_shops)
    lines = [f"Connected: {names}.", "You can close this page."]
    if connected.unknown_markets:
        lines.insert(
            1, f"Not connected, because Leafmark does not know the market: {', '.join(connected.unknown_markets)}."
        )
    back = (f"https://{connected.shop.domain}/admin/apps/{client_id}", "Back to Leafmark in Shopify")
    return pages.alone(f"{_TITLE} is connected", lines, link=back)
