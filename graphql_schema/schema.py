"""The one schema of a process: all nouns joined, limits and error handling around every operation."""

import inspect
from collections.abc import AsyncIterator, Iterator

import strawberry
from graphql import GraphQLError, GraphQLInterfaceType, GraphQLObjectType
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from graphql_schema.access import AccessMutation, AccessQuery
from graphql_schema.categories import CategoryQuery
from graphql_schema.category_mutations import CategoryMutation
from graphql_schema.context import Context, is_executing
from graphql_schema.errors import presentable
from graphql_schema.limits import MAX_TOKENS, RULES, CostLimit, SafeParserCache
from graphql_schema.nodes import NodeQuery
from graphql_schema.permissions import Needs
from graphql_schema.product_mutations import ProductMutation
from graphql_schema.products import ProductQuery
from graphql_schema.progress import TaskSubscription
from graphql_schema.scalars import SCALARS
from graphql_schema.task_mutations import TaskMutation
from graphql_schema.tasks import CategoriesSyncTask, ImportTask, ListingTask, TaskQuery

CACHED_OPERATIONS = 256
"""Texts whose parsing and validation are kept: together 1.6 ms instead of 16.9 on a wide query (stack notes 7)."""

Query = merge_types("Query", (NodeQuery, ProductQuery, CategoryQuery, TaskQuery, AccessQuery))
Mutation = merge_types("Mutation", (ProductMutation, CategoryMutation, TaskMutation, AccessMutation))
Subscription = merge_types("Subscription", (TaskSubscription,))


class PerOperation(SchemaExtension):
    """Gives each operation its own reading, also on a socket that carries many."""

    async def on_operation(self) -> AsyncIterator[None]:
        """Around everything, a subscription's whole life too."""
        context: Context = self.execution_context.context
        async with context.operation():
            yield

    def on_execute(self) -> Iterator[None]:
        """From here on a wrong value is the caller's, not the document's."""
        context: Context = self.execution_context.context
        context.reading.executing = True
        yield


class LeafmarkSchema(strawberry.Schema):
    """Strawberry's schema with our own way of telling errors."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Every road to a client passes here: code the errors, mask and log what we did not expect."""
        errors[:] = [presentable(error, executing=is_executing()) for error in errors]


def _describe(schema: strawberry.Schema) -> None:
    """Docstrings are the descriptions: one text for readers of the code and of the API."""
    for kind in schema._schema.type_map.values():
        definition = kind.extensions.get("strawberry-definition")
        origin = getattr(definition, "origin", None)
        if kind.description is None and origin is not None and not kind.name.startswith("__"):
            kind.description = inspect.getdoc(origin)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            _describe_fields(kind)


def _describe_fields(kind: GraphQLObjectType | GraphQLInterfaceType) -> None:
    for field in kind.fields.values():
        definition = field.extensions.get("strawberry-definition")
        resolver = getattr(definition, "base_resolver", None)
        if field.description is None and resolver is not None:
            field.description = inspect.getdoc(resolver.wrapped_func)
        scopes = [rule.scope for rule in getattr(definition, "permission_classes", ()) if issubclass(rule, Needs)]
        for scope in filter(None, scopes):
            field.description = f"{field.description}\n\nNeeds the scope `{scope}`."


schema = LeafmarkSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[ImportTask, CategoriesSyncTask, ListingTask],
    config=StrawberryConfig(scalar_map=dict(SCALARS)),
    extensions=[
        PerOperation,
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        lambda: SafeParserCache(maxsize=CACHED_OPERATIONS),
        lambda: AddValidationRules(list(RULES)),
        lambda: ValidationCache(maxsize=CACHED_OPERATIONS),
        CostLimit,
    ],
)
_describe(schema)
