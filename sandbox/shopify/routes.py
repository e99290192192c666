"""Every Shopify path: the Admin of each shop, pictures, and results of bulk operations."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from sandbox.shopify import bulk, bulk_results, hooks, oauth, pictures
from sandbox.shopify.bulk_operations import KIND, BulkStatus
from sandbox.shopify.graphql_endpoint import graphql
from sandbox.shopify.shops import Shop
from sandbox.shopify.signing import signature
from sandbox.world import World

Endpoint = Callable[[World, Shop, Request], Awaitable[Response]]


def routes(world: World) -> list[BaseRoute]:
    """The routes; also says what happens when a bulk operation is ripe or a webhook is given up."""
    world.ripening.on(KIND, lambda key, _data: bulk.finish(world, key))
    world.outbox.on_exhausted.append(lambda delivery: hooks.forget_exhausted(world, delivery))
    admin = "/shopify/{shop}/admin"
    return [
        Route(f"{admin}/oauth/access_token", _in_shop(world, oauth.access_token), methods=["POST"]),
        Route(f"{admin}/api/{{version}}/graphql.json", _in_shop(world, graphql), methods=["POST"]),
        Route("/cdn/shop/{shop}/products/{name}", _in_shop(world, _picture)),
        Route("/shopify-bulk/{shop}/{number:int}.jsonl", _in_shop(world, _bulk_result)),
        Route("/shopify/{rest:path}", _nothing, methods=["GET", "POST", "PUT", "DELETE"]),
        Route("/cdn/{rest:path}", _nothing),
        Route("/shopify-bulk/{rest:path}", _nothing),
    ]


def _in_shop(world: World, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        shop = world.shopify.shops.get(request.path_params["shop"].lower())
        if shop is None:
            return await _nothing(request)
        return await endpoint(world, shop, request)

    return answer


async def _nothing(_request: Request) -> Response:
    return JSONResponse({"errors": "Not Found"}, 404)


async def _picture(_world: World, shop: Shop, request: Request) -> Response:
    """`{handle}-{slot}.{kind}`; drawn as the product's data says, broken ones included."""
    stem, _, kind = request.path_params["name"].rpartition(".")
    handle, _, slot = stem.rpartition("-")
    product = shop.store.by_handle(handle)
    found = None
    if product is not None:
        found = next((one.data for one in product.media if str(one.data.slot) == slot and one.data.kind == kind), None)
    if found is None or found.flaw == "missing" or kind not in pictures.MIME:
        return PlainTextResponse("Not Found", 404)
    headers = {"cache-control": "public, max-age=31557600"}
    if found.flaw == "text":
        return Response(b"<html><body>This is not a picture.</body></html>", media_type="text/html", headers=headers)
    drawn = pictures.draw(f"{shop.domain}/{stem}", kind, found.width, found.height)
    return Response(drawn, media_type=pictures.MIME[kind], headers=headers)


async def _bulk_result(world: World, shop: Shop, request: Request) -> Response:
    operation = shop.bulk.get(request.path_params["number"])
    if operation is None or operation.status != BulkStatus.COMPLETED:
        return PlainTextResponse("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
    expires = request.query_params.get("expires", "")
    right = request.query_params.get("signature") == signature(world, request.url.path, expires)
    if not right or not expires.isdigit() or int(expires) <= world.clock.now():
        return PlainTextResponse("<Error><Code>ExpiredToken</Code></Error>", 403, media_type="application/xml")
    return StreamingResponse(bulk_results.blocks(world, shop, operation), media_type="application/jsonl")
