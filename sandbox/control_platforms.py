"""Control of what both platforms hold: credentials and products."""

from sandbox.actions import Answer
from sandbox.control_kit import Control, Visit
from sandbox.shopify import summary as shopify
from sandbox.tiktok import summary as tiktok


def _credentials(visit: Visit) -> Answer:
    return {"tiktok": tiktok.credentials(visit.world), "shopify": shopify.credentials(visit.world)}


def _products(visit: Visit) -> Answer:
    platform, limit = visit.query.get("platform"), visit.limit()
    found: dict[str, object] = {}
    if platform in (None, "tiktok"):
        found["tiktok"] = tiktok.products(visit.world, limit)
    if platform in (None, "shopify"):
        found["shopify"] = shopify.products(visit.world, limit)
    return found


CONTROLS = (
    Control("GET", "credentials", "Keys, secrets, shops and tokens that work here (and nowhere else)", _credentials),
    Control(
        "GET",
        "products",
        "The products on both sides, newest first",
        _products,
        query={"platform": "tiktok or shopify", "limit": "at most so many of each"},
    ),
)
