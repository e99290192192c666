"""The fields of `QueryRoot`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from sandbox.shopify import fields_shop
from sandbox.shopify.bulk_operations import KIND as BULK_KIND
from sandbox.shopify.bulk_operations import BulkOperation, BulkStatus
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.fields_products import LOCATION, exact
from sandbox.shopify.objects import Product, Variant, gid
from sandbox.shopify.paging import Page, page_of, page_of_places
from sandbox.shopify.search import Predicate, parse_search
from sandbox.shopify.taxonomy import TaxonomyCategory, category, children, taxonomy

GID = re.compile(r"gid://shopify/(\w+)/([\w-]+)(?:\?.*)?")


def products_found(context: Context, args: Args) -> Predicate | None:
    """The `query` argument as a test; it knows the shop's collections."""
    numbers = {str(one.number): one.handle for one in context.shop.store.collections.values()}
    query = args.get("query")
    return parse_search(query if isinstance(query, str) else None, context.now, numbers)


def products(_root: object, context: Context, args: Args) -> Page:
    """A page of products by `sortKey`; a cursor holds its product's sort value and id, so paging survives deletes."""
    context.lists_products = True
    store = context.shop.store
    key = str(args.get("sortKey") or "ID")
    order: Sequence[int] = store.order(key)
    descending = args.get("reverse") is True
    if descending:
        order = order[::-1]
    test = products_found(context, args)

    def make(index: int) -> Product | None:
        product = store.get(index)
        return product if product is not None and (test is None or test(product)) else None

    def mark(index: int) -> list[object]:
        return [store.sort_value(index, key), index]

    def start(wanted: object) -> int:
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if _reached(mark(order[middle]), wanted, descending=descending):
                high = middle
            else:
                low = middle + 1
        return low

    return page_of_places(order, args, make=make, key=mark, start=start)


def _reached(mark: list[object], wanted: object, *, descending: bool) -> bool:
    """Whether a place lies at or behind the cursor; a cursor made for another sort key is behind none."""
    try:
        return bool(mark <= wanted if descending else mark >= wanted)  # type: ignore[operator]  # TypeError is caught
    except TypeError:
        return True


def all_products(context: Context, args: Args) -> Iterator[Product]:
    """Every product a bulk operation walks, by id."""
    test = products_found(context, args)
    return (product for product in context.shop.store if test is None or test(product))


def all_variants(context: Context, args: Args) -> Iterator[Variant]:
    """Every variant a bulk operation walks."""
    return (variant for product in all_products(context, args) for variant in product.variants)


def _variants(_root: object, context: Context, args: Args) -> Page:
    return page_of(list(all_variants(context, args)), args)


def _count(context: Context, args: Args) -> dict[str, object]:
    if not args.get("query"):
        return exact(context.shop.store.count())
    return exact(sum(1 for _ in all_products(context, args)))


def _collections(_root: object, context: Context, args: Args) -> Page:
    return page_of(list(context.shop.store.collections.values()), args)


def node(context: Context, wanted: object) -> object | None:
    """Any object of ours by its id; None for what is not there."""
    match = GID.fullmatch(str(wanted))
    if match is None:
        return None
    find = NODES.get(match[1])
    if find is None:
        return None
    if match[1] == "TaxonomyCategory":
        return category(match[2])
    return find(context, int(match[2])) if match[2].isdigit() else None


def _typed(kind: str) -> Resolver:
    """Look one id of a given type up; another type's id is simply not found."""

    def find(_root: object, context: Context, args: Args) -> object | None:
        wanted = str(args["id"])
        return node(context, wanted) if wanted.startswith(f"gid://shopify/{kind}/") else None

    return find


def _item(context: Context, number: int) -> object | None:
    variant = context.shop.store.item(number)
    return {"variant": variant, "__typename": "InventoryItem"} if variant else None


def _collection(context: Context, number: int) -> object | None:
    return next((one for one in context.shop.store.collections.values() if one.number == number), None)


def _bulk(context: Context, number: int) -> BulkOperation | None:
    operation = context.shop.bulk.get(number)
    key = f"{context.shop.domain}/{number}"
    if operation is not None:
        context.world.ripening.look(BULK_KIND, key)
        if operation.status == BulkStatus.CREATED and context.world.ripening.pending(BULK_KIND, key):
            operation.status = BulkStatus.RUNNING  # whoever looks at one that is not ripe yet sees it running
    return operation


def _by_identifier(_root: object, context: Context, args: Args) -> object | None:
    wanted = cast("Mapping[str, object]", args["identifier"])
    if wanted.get("id"):
        return node(context, wanted["id"])
    return context.shop.store.by_handle(str(wanted.get("handle")))


def _bulk_operations(_root: object, context: Context, args: Args) -> Page:
    newest_first = [context.shop.bulk[number] for number in sorted(context.shop.bulk, reverse=True)]
    return page_of(newest_first, args)


def _current_bulk(_root: object, context: Context, args: Args) -> object | None:
    last = max(context.shop.bulk, default=None) if args.get("type") in (None, "QUERY") else None
    return _bulk(context, last) if last is not None else None


def _subscriptions(_root: object, context: Context, args: Args) -> Page:
    found = list(context.shop.subscriptions.values())
    topics, uri = args.get("topics"), args.get("uri") or args.get("callbackUrl")
    if isinstance(topics, list):
        found = [one for one in found if one.topic in topics]
    return page_of([one for one in found if uri is None or one.uri == uri], args)


def _categories(_taxonomy: object, _context: Context, args: Args) -> Page:
    return page_of(_chosen(args), args)


def _chosen(args: Args) -> list[TaxonomyCategory]:
    known = list(taxonomy().values())
    search, below = args.get("search"), args.get("childrenOf")
    if isinstance(search, str):
        return [one for one in known if search.lower() in one.full_name.lower()]
    if isinstance(below, str):
        return children(below.rsplit("/", 1)[-1])
    if isinstance(above := args.get("descendantsOf"), str):
        return [one for one in known if above.rsplit("/", 1)[-1] in one.ancestors]
    return [one for one in known if not one.ancestors]


NODES: Mapping[str, Callable[[Context, int], object | None]] = {
    "Product": lambda context, number: context.shop.store.product(number),
    "ProductVariant": lambda context, number: context.shop.store.variant(number),
    "InventoryItem": _item,
    "MediaImage": lambda context, number: context.shop.store.picture(number),
    "Collection": _collection,
    "BulkOperation": _bulk,
    "WebhookSubscription": lambda context, number: context.shop.subscriptions.get(number),
    "Shop": lambda context, number: fields_shop.shop(context) if number == context.shop.number else None,
    "Location": lambda context, number: fields_shop.location(context) if number == LOCATION else None,
    "TaxonomyCategory": lambda _context, _number: None,
}
ROOT: Mapping[str, Resolver] = {
    "product": _typed("Product"),
    "products": products,
    "productsCount": lambda _r, context, args: _count(context, args),
    "productByIdentifier": _by_identifier,
    "productVariant": _typed("ProductVariant"),
    "productVariants": _variants,
    "productVariantsCount": lambda _r, context, args: exact(sum(1 for _ in all_variants(context, args))),
    "node": lambda _r, context, args: node(context, args["id"]),
    "nodes": lambda _r, context, args: [node(context, one) for one in args["ids"]],
    "shop": lambda _r, context, _a: fields_shop.shop(context),
    "collection": _typed("Collection"),
    "collections": _collections,
    "currentAppInstallation": lambda _r, context, _a: fields_shop.installation(context),
    "bulkOperation": _typed("BulkOperation"),
    "bulkOperations": _bulk_operations,
    "currentBulkOperation": _current_bulk,
    "webhookSubscription": _typed("WebhookSubscription"),
    "webhookSubscriptions": _subscriptions,
    "webhookSubscriptionsCount": lambda _r, context, _a: exact(len(context.shop.subscriptions)),
    "publicApiVersions": lambda _r, _c, _a: fields_shop.api_versions(),
    "taxonomy": lambda _r, _c, _a: {"__typename": "Taxonomy"},
    "location": lambda _r, context, args: node(context, args.get("id") or gid("Location", LOCATION)),
    "locations": lambda _r, context, args: page_of([fields_shop.location(context)], args),
    "inventoryItem": _typed("InventoryItem"),
}
TAXONOMY: Mapping[str, Resolver] = {"categories": _categories}
