"""The gateway: every check that comes before business, in the order of fact sheet 8.1."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import Refusal, bad_parameter
from sandbox.tiktok.fields import parse
from sandbox.tiktok.grants import Grant
from sandbox.tiktok.operation import Body, Operation
from sandbox.tiktok.sellers import App, Shop
from sandbox.tiktok.signing import is_signed, media_type

if TYPE_CHECKING:
    from sandbox.world import World

OLDEST, NEWEST = 300, 30
MAX_BODY = 110 * 1024 * 1024
# The gateway began to refuse closed shops and sellers on this day (fact sheet 5.3); before, the services did.
CLOSED_AT_GATEWAY_SINCE = 1_784_505_600  # 2026-07-20T00:00:00Z
COMMON = frozenset({"app_key", "sign", "timestamp", "access_token", "shop_cipher", "shop_id", "version"})


def decoded_query(query_string: bytes) -> dict[str, str]:
    """Query parameters as the server sees them; of a repeated one the first counts."""
    found: dict[str, str] = {}
    for key, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        found.setdefault(key, value)
    return found


async def admit(world: "World", operation: Operation, request: Request) -> Call:
    """Check everything that does not need to know what the call is about; raises Refusal."""
    now = world.clock.unix()
    query = decoded_query(request.scope["query_string"])
    content_type = request.headers.get("content-type")
    app = _app(world, query)
    _check_timestamp(query, now)
    sign = query.get("sign", "")
    if not sign:
        raise bad_parameter("Missing credentials: sign is required")
    raw = await _raw_body(request)
    if not is_signed(sign, app.secret, request.scope["path"], query, content_type, raw):
        raise Refusal(106001, "Invalid signature: the sign does not match the request")
    grant = _grant(world, app, request.headers.get("x-tts-access-token", ""), now)
    if operation.scope not in grant.scopes:
        raise Refusal(105005, f"Access denied: the scope {operation.scope} is not granted")
    shop = _shop(world, operation, query, grant)
    _check_open(world, operation, grant, shop, now)
    world.tiktok.rates.take(world.settings, f"{app.key}/{shop.id if shop else grant.open_id}", now)
    call = Call(world, request.path_params, query, app, grant, world.tiktok.sellers[grant.open_id], now, shop)
    await _read_body(call, operation, request, raw, media_type(content_type))
    return call


def unknown_parameters(call: Call, operation: Operation) -> list[str]:
    """Query parameters nobody knows, as `?name`."""
    return sorted(f"?{name}" for name in call.query if name not in COMMON and name not in operation.query)


async def _raw_body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise Refusal(36009021, "Request body too large")
    return await request.body()


def _app(world: "World", query: Mapping[str, str]) -> App:
    app = world.tiktok.apps.get(query.get("app_key", ""))
    if app is None:
        raise bad_parameter("Invalid app_key")
    return app


def _check_timestamp(query: Mapping[str, str], now: int) -> None:
    text = query.get("timestamp", "")
    if not text.isascii() or not text.isdigit():
        raise bad_parameter("Invalid timestamp: it must be Unix seconds of 10 digits, not below 0")
    if int(text) < now - OLDEST:
        raise bad_parameter("Invalid timestamp: older than 5 minutes")
    if int(text) > now + NEWEST:
        raise bad_parameter("Invalid timestamp: more than 30 seconds ahead")


def _grant(world: "World", app: App, text: str, now: int) -> Grant:
    state = world.tiktok
    if not text:
        raise bad_parameter("Invalid x-tts-access-token header: it is required")
    token = state.access_tokens.get(text)
    grant = state.grants.get(token.grant_id) if token else None
    if token is None or grant is None or grant.app_key != app.key or grant.revoked:
        raise bad_parameter("Invalid access_token: the x-tts-access-token header is invalid")
    if token.expires <= now:
        raise Refusal(105002, "Expired credentials: the access token has expired")
    if state.sellers[grant.open_id].user_type != 0:
        raise Refusal(101000, "The user type of the access token does not fit this API")
    return grant


def _shop(world: "World", operation: Operation, query: Mapping[str, str], grant: Grant) -> Shop | None:
    if "category_asset_cipher" in query:
        raise bad_parameter("Unexpected identifier: category_asset_cipher")
    if query.get("shop_id") and query["shop_id"] not in grant.shop_ids:
        raise bad_parameter("Invalid identifier: shop_id")
    cipher = query.get("shop_cipher")
    if not operation.cipher:
        if cipher is not None:
            raise bad_parameter("Unexpected identifier: shop_cipher")
        return None
    if not cipher:
        raise Refusal(106013, "shop_cipher is required")
    shop_id = world.tiktok.ciphers.get(cipher)
    if shop_id is None or shop_id not in grant.shop_ids:
        raise Refusal(101000, "The shop_cipher does not belong to the seller of this access token")
    return world.tiktok.shops[shop_id]


def _check_open(world: "World", operation: Operation, grant: Grant, shop: Shop | None, now: int) -> None:
    if shop is None or operation.answers_closed_shops:
        return
    at_gateway = now >= CLOSED_AT_GATEWAY_SINCE
    if not (world.settings.seller_active and world.tiktok.sellers[grant.open_id].is_active):
        raise Refusal(36009044 if at_gateway else 12052700, "Seller is inactive")
    if not (world.settings.shop_active and shop.is_active):
        raise Refusal(36009043 if at_gateway else 12052700, "Shop is inactive")


async def _read_body(call: Call, operation: Operation, request: Request, raw: bytes, kind: str) -> None:
    if operation.body is Body.FORM:
        if kind != "multipart/form-data":
            raise Refusal(36009023, "Invalid content type: multipart/form-data is required")
        call.form = await _form(request)
    elif raw and operation.method != "GET":
        if kind != "application/json":
            raise Refusal(36009022, "Invalid request body format: content-type must be application/json")
        call.body = parse(raw)


async def _form(request: Request) -> Mapping[str, str | bytes]:
    try:
        async with request.form(max_files=10, max_fields=50) as form:
            return {
                name: await value.read() if isinstance(value, UploadFile) else value
                for name, value in form.multi_items()
            }
    except HTTPException as error:
        raise Refusal(36009022, f"Invalid request body format: {error.detail}") from None
    except ValueError as error:
        raise Refusal(36009022, f"Invalid request body format: {error}") from None
