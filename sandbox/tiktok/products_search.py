"""Search Products in its three versions (fact sheet 3.13)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sandbox.tiktok import audit, upgrading
from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import read_version
from sandbox.tiktok.lifecycle import Audit, Status
from sandbox.tiktok.operation import BASIC, Body, Operation
from sandbox.tiktok.paging import from_token, to_token
from sandbox.tiktok.product import Product
from sandbox.tiktok.product_view import audit_view, short_sku_view
from sandbox.tiktok.state import TikTokState

MAX_RESULTS = 10_000
MAX_LISTED = 10
BAD_PAGE_SIZE, BAD_TOKEN, BAD_STATUS, BAD_TIME, BAD_AUDIT = 12019118, 12019119, 12019108, 12019109, 12052910
ALL_VERSIONS = frozenset({"v1", "v2"})
ALL_STATUSES = frozenset(Status)
LISTED_BY_DEFAULT = ALL_STATUSES - {Status.DELETED}
AUDITS = frozenset({Audit.AUDITING, Audit.FAILED, Audit.APPROVED})
TIMES = ("create_time_ge", "create_time_le", "update_time_ge", "update_time_le")
Condition = Callable[[Product], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: states and trees (indexed), and further conditions."""

    statuses: frozenset[Status]
    versions: frozenset[str]
    conditions: list[Condition] = field(default_factory=list)

    def holds(self, product: Product) -> bool:
        """Whether a product of the right state and tree meets the rest."""
        return all(condition(product) for condition in self.conditions)


def search_products(call: Call) -> object:
    """202502: version in the body."""
    version = call.body.text("category_version")
    for known in ("sns_filter", "return_draft_version", "locale", "include_live_quick_products"):
        call.body.value(known)
    for known in ("listing_quality_tiers", "listing_quality_tier", "listing_platforms"):
        call.body.value(known)
    wanted = _wanted(call, version, _sku_id_conditions(call) + _audit_conditions(call))
    if call.body.value("listing_platforms") and wanted.statuses == LISTED_BY_DEFAULT:
        raise Refusal(BAD_STATUS, "listing_platforms needs a status other than ALL")
    return _page(call, wanted)


def search_products_202309(call: Call) -> object:
    """202309: version in the query; status, SKUs and times only."""
    return _page(call, _wanted(call, call.query.get("category_version"), []))


def _wanted(call: Call, version: str | None, more: list[Condition]) -> Wanted:
    status = call.body.text("status") or "ALL"
    seller_skus = call.body.texts("seller_skus") or []
    times = {name: call.body.whole(name) for name in TIMES}
    if len(seller_skus) > MAX_LISTED:
        raise Refusal(12019027, f"At most {MAX_LISTED} seller_skus")
    conditions = more + _time_conditions(times)
    if seller_skus:
        shelf = call.state.shelf(call.shop.id)
        numbers = frozenset().union(*(shelf.with_seller_sku(one) for one in seller_skus))
        conditions.insert(0, lambda product: product.number in numbers)
    versions = frozenset({read_version(version).value}) if version else ALL_VERSIONS
    return Wanted(_statuses(status), versions, conditions)


def _statuses(status: str) -> frozenset[Status]:
    if status == "ALL":
        return LISTED_BY_DEFAULT
    if status == "SCHEDULED":
        return frozenset()
    try:
        return frozenset({Status(status)})
    except ValueError:
        raise Refusal(BAD_STATUS, f"The status {status} is invalid") from None


def _time_conditions(times: dict[str, int | None]) -> list[Condition]:
    found: list[Condition] = []
    for name in ("create_time", "update_time"):
        low, high = times[f"{name}_ge"], times[f"{name}_le"]
        if low is not None and high is not None and low > high:
            raise Refusal(BAD_TIME, f"{name}_ge is after {name}_le")
        if low is not None or high is not None:
            found.append(_between(name, low or 0, high if high is not None else 2**62))
    return found


def _between(name: str, low: int, high: int) -> Condition:
    if name == "create_time":
        return lambda product: low <= product.create_time <= high
    return lambda product: low <= product.update_time <= high


def _sku_id_conditions(call: Call) -> list[Condition]:
    sku_ids = call.body.texts("sku_ids") or []
    if len(sku_ids) > MAX_LISTED:
        raise Refusal(12019087, f"At most {MAX_LISTED} sku_ids")
    if not sku_ids:
        return []
    shelf = call.state.shelf(call.shop.id)
    numbers = {product.number for sku_id in sku_ids if (product := shelf.with_sku_id(sku_id))}
    return [lambda product: product.number in numbers]


def _audit_conditions(call: Call) -> list[Condition]:
    names = call.body.texts("audit_status") or []
    if not AUDITS.issuperset(names):
        raise Refusal(BAD_AUDIT, "audit_status takes AUDITING, FAILED and APPROVED")
    return [lambda product: product.audit.value in names] if names else []


def _page(call: Call, wanted: Wanted) -> object:
    """Newest first; the token holds the last product shown, how many were shown, and the count made on page one."""
    size = call.page_size(BAD_PAGE_SIZE)
    below, shown, counted = from_token(call.query.get("page_token", ""), 3, BAD_TOKEN) or (None, 0, None)
    if shown + size > MAX_RESULTS:
        raise Refusal(12052180, f"At most {MAX_RESULTS} products can be searched; narrow the time window")
    found = list(islice(_matches(call, wanted, below), size + 1))
    total = _total(call, wanted, counted)
    token = to_token(found[size - 1].number, shown + size, total) if len(found) > size else ""
    products = found[:size]
    upgrading.look(call.world, call.shop)
    for product in products:
        call.world.ripening.look(audit.KIND, product.id)
    return {
        "total_count": total,
        "next_page_token": token,
        "products": [_row(call.state, product) for product in products],
    }


def _matches(call: Call, wanted: Wanted, below: int | None) -> Iterator[Product]:
    shelf = call.state.shelf(call.shop.id)
    return filter(wanted.holds, shelf.newest_first(wanted.statuses, wanted.versions, below))


def _total(call: Call, wanted: Wanted, counted: int | None) -> int:
    """By index when nothing but state and tree is asked; else counted once, on the first page."""
    if not wanted.conditions:
        return call.state.shelf(call.shop.id).count(wanted.statuses, wanted.versions)
    if counted is not None:
        return counted
    return sum(1 for _ in _matches(call, wanted, None))


def _row(state: TikTokState, product: Product) -> dict[str, object]:
    """No category id and no category version: the version is known only from the filter."""
    return {
        "id": product.id,
        "title": product.base.title,
        "status": product.status.value,
        "skus": [short_sku_view(product, sku) for sku in product.base.skus],
        "sales_regions": [state.shops[product.shop_id].region],
        "create_time": product.create_time,
        "update_time": product.update_time,
        "audit": audit_view(product),
        "recommended_categories": [],
        "integrated_platform_statuses": [],
        "is_not_for_sale": product.base.is_not_for_sale,
        "has_draft": product.draft is not None,
        "product_sync_fail_reasons": [],
        "product_families": [],
    }


_PAGING = ("page_size", "page_token")
OPERATIONS = (
    Operation(
        "Search Products",
        "POST",
        "/product/202502/products/search",
        BASIC,
        search_products,
        imitates="status, version, SKU, time and audit filters, 10,000 results at most, opaque tokens, newest first",
        leaves_out="listing quality and platform filters are taken and not applied; drafts of live products",
        query=_PAGING,
        body=Body.JSON,
    ),
    Operation(
        "Search Products (202312)",
        "POST",
        "/product/202312/products/search",
        BASIC,
        search_products,
        imitates="as 202502",
        leaves_out="listing_quality_tier is taken and not applied",
        query=_PAGING,
        body=Body.JSON,
    ),
    Operation(
        "Search Products (202309)",
        "POST",
        "/product/202309/products/search",
        BASIC,
        search_products_202309,
        imitates="category_version in the query; status, SKUs and times only; SCHEDULED is always empty",
        query=(*_PAGING, "category_version"),
        body=Body.JSON,
    ),
)
