"""The Admin schema: the excerpt in `admin.graphql` with this sandbox's resolvers for reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

from sandbox.shopify import connections, fields_products, fields_shop, roots
from sandbox.shopify.bulk_operations import BulkOperation
from sandbox.shopify.context import Context, Resolver
from sandbox.shopify.objects import Collection, Picture, Product, Variant
from sandbox.shopify.subscriptions import Subscription
from sandbox.shopify.taxonomy import TaxonomyCategory

SDL = Path(__file__).parent / "admin.graphql"
TABLES: Mapping[str, Mapping[str, Resolver]] = {
    "QueryRoot": roots.ROOT,
    "Product": {**fields_products.PRODUCT, **connections.PRODUCT},
    "ProductVariant": {**fields_products.VARIANT, **connections.VARIANT},
    "SelectedOption": fields_products.SELECTED,
    "InventoryItem": {**fields_products.ITEM, **connections.ITEM},
    "InventoryLevel": connections.LEVEL,
    "MediaImage": fields_products.PICTURE,
    "Collection": {**fields_shop.COLLECTION, **connections.COLLECTION},
    "TaxonomyCategory": fields_shop.CATEGORY,
    "Taxonomy": roots.TAXONOMY,
    "BulkOperation": fields_shop.BULK,
    "WebhookSubscription": fields_shop.SUBSCRIPTION,
}
KINDS: Mapping[type, str] = {
    Product: "Product",
    Variant: "ProductVariant",
    Picture: "MediaImage",
    Collection: "Collection",
    TaxonomyCategory: "TaxonomyCategory",
    BulkOperation: "BulkOperation",
    Subscription: "WebhookSubscription",
}
# Scopes of which one is needed to get an object of a type, from the access table of the schema package.
NEEDED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("Product", "ProductVariant", "Collection", "MediaImage"), frozenset({"read_products"})),
    "InventoryItem": frozenset({"read_inventory", "read_products"}),
    "InventoryLevel": frozenset({"read_inventory"}),
    "Location": frozenset({"read_locations", "read_inventory"}),
}
COUNTS = {"productsCount": "Product", "productVariantsCount": "ProductVariant", "productByIdentifier": "Product"}
PAGE: Mapping[str, str] = {"nodes": "nodes", "edges": "edges", "pageInfo": "page_info"}


@cache
def admin_schema() -> GraphQLSchema:
    """Built once, about 40 ms; `executable` adds the mutations."""
    schema = build_schema(SDL.read_text("utf-8"))
    for name, graphql_type in schema.type_map.items():
        if isinstance(graphql_type, GraphQLObjectType):
            fill(graphql_type, TABLES.get(name))
        elif isinstance(graphql_type, GraphQLInterfaceType | GraphQLUnionType):
            graphql_type.resolve_type = _kind
    return schema


def kind_of(value: object) -> str:
    """The GraphQL type of one of our objects."""
    found = KINDS.get(type(value))
    return found or str(cast("Mapping[str, object]", value)["__typename"])


def denied(name: str, needed: frozenset[str]) -> GraphQLError:
    """The platform's answer to a missing scope."""
    scopes = " or ".join(f"`{one}`" for one in sorted(needed))
    extensions = {
        "code": "ACCESS_DENIED",
        "documentation": "https://shopify.dev/api/usage/access-scopes",
        "requiredAccess": f"{scopes} access scope.",
    }
    return GraphQLError(
        f"Access denied for {name} field. Required access: {scopes} access scope.", extensions=extensions
    )


def needed_for(owner: str, field: str, returned: str) -> frozenset[str]:
    """The scopes of which one opens a field; empty when it is free."""
    if owner == "QueryRoot" and field in COUNTS:
        returned = COUNTS[field]
    if owner not in {"QueryRoot", "InventoryItem", "InventoryLevel", "Taxonomy"}:
        return frozenset()  # whoever holds the object was let in at the root
    return NEEDED.get(returned.removesuffix("Connection"), frozenset())


def _kind(value: object, _info: GraphQLResolveInfo[Context], _type: GraphQLAbstractType) -> str:
    return kind_of(value)


def fill(graphql_type: GraphQLObjectType, table: Mapping[str, Resolver] | None) -> None:
    """Give every field of a type its resolver; without a table objects are read by field name."""
    if graphql_type.name.endswith("Connection"):
        for field, attribute in PAGE.items():
            if field in graphql_type.fields:
                graphql_type.fields[field].resolve = _attribute(attribute)
        return
    for field, definition in graphql_type.fields.items() if table is not None else ():
        definition.resolve = _resolver(
            graphql_type.name, field, definition, cast("Mapping[str, Resolver]", table)[field]
        )


def _attribute(name: str) -> Callable[..., object]:
    return lambda page, _info: getattr(page, name)


def _resolver(owner: str, field: str, definition: GraphQLField, resolver: Resolver) -> Callable[..., object]:
    needed = needed_for(owner, field, get_named_type(definition.type).name)
    by_node = owner == "QueryRoot" and field in {"node", "nodes"}

    def resolve(source: object, info: GraphQLResolveInfo[Context], **args: object) -> object:
        context = info.context
        if needed and not needed & context.scopes:
            raise denied(field, needed)
        value = resolver(source, context, args)
        if by_node:
            _check_nodes(field, value, context)
        return value

    return resolve


def _check_nodes(field: str, value: object, context: Context) -> None:
    for one in value if isinstance(value, list) else [value]:
        needed = NEEDED.get(kind_of(one), frozenset()) if one is not None else frozenset()
        if needed and not needed & context.scopes:
            raise denied(field, needed)
