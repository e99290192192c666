"""The one schema of a process: all nouns joined, limits and error handling around every operation."""

from collections.abc import AsyncIterator, Iterator

import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from graphql_schema.access import AccessMutation, AccessQuery
from graphql_schema.backups import BackupQuery
from graphql_schema.categories import CategoryQuery
from graphql_schema.category_mutations import CategoryMutation
from graphql_schema.context import Context, is_executing
from graphql_schema.errors import ErrorCode, presentable, refusal
from graphql_schema.file_mutations import FileMutation
from graphql_schema.files import FileQuery
from graphql_schema.finish import finish
from graphql_schema.limits import MAX_TOKENS, RULES, CostLimit, SafeParserCache
from graphql_schema.linking import LinkingQuery
from graphql_schema.linking_mutations import LinkingMutation
from graphql_schema.listing_edit_mutations import ListingEditMutation
from graphql_schema.listing_mutations import ListingMutation
from graphql_schema.listing_status_mutations import ListingStatusMutation
from graphql_schema.listings import ListingQuery
from graphql_schema.mapping_mutations import MappingMutation
from graphql_schema.mapping_packs import MappingPackMutation, MappingPackQuery
from graphql_schema.mappings import MappingQuery
from graphql_schema.nodes import NodeQuery
from graphql_schema.operations import OneOperation
from graphql_schema.override_files import OverrideFileMutation, OverrideFileQuery
from graphql_schema.policy import PolicyQuery
from graphql_schema.problem_tallies import ProblemMutation, ProblemQuery
from graphql_schema.product_mutations import ProductMutation
from graphql_schema.product_override_mutations import ProductOverrideMutation
from graphql_schema.products import ProductQuery
from graphql_schema.progress import TaskSubscription
from graphql_schema.recommendation_mutations import RecommendationMutation
from graphql_schema.recommendations import RecommendationQuery
from graphql_schema.requirements import RequirementsQuery
from graphql_schema.scalars import SCALARS
from graphql_schema.service_status import ServiceQuery
from graphql_schema.shops import ShopQuery
from graphql_schema.task_fix import TaskFixMutation
from graphql_schema.task_mutations import TaskMutation
from graphql_schema.task_query import TaskQuery
from graphql_schema.task_retry import TaskRetryMutation
from graphql_schema.tasks import (
    CategoriesSyncTask,
    CheckTask,
    EditTask,
    ImportTask,
    ListingTask,
    RecommendationTask,
    StatusTask,
    SweepTask,
)
from graphql_schema.template_assignments import TemplateAssignmentMutation
from graphql_schema.template_block_mutations import TemplateBlockMutation
from graphql_schema.template_blocks import TemplateBlockQuery
from graphql_schema.template_conflicts import TemplateConflictQuery
from graphql_schema.template_mutations import TemplateMutation
from graphql_schema.template_previews import TemplatePreviewQuery
from graphql_schema.templates import TemplateQuery
from graphql_schema.texts import TextCheck
from graphql_schema.tiktok_shops import TikTokShopMutation, TikTokShopQuery
from graphql_schema.value_matching import ValueMatchingQuery

CACHED_OPERATIONS = 256
"""Texts whose parsing and validation are kept: together 1.6 ms instead of 16.9 on a wide query."""

QUERIES = (
    NodeQuery,
    ShopQuery,
    TikTokShopQuery,
    ProductQuery,
    CategoryQuery,
    PolicyQuery,
    TemplateQuery,
    TemplateBlockQuery,
    TemplatePreviewQuery,
    TemplateConflictQuery,
    MappingQuery,
    MappingPackQuery,
    ValueMatchingQuery,
    RequirementsQuery,
    BackupQuery,
    RecommendationQuery,
    ListingQuery,
    OverrideFileQuery,
    LinkingQuery,
    FileQuery,
    ProblemQuery,
    TaskQuery,
    AccessQuery,
    ServiceQuery,
)
MUTATIONS = (
    TikTokShopMutation,
    ProductMutation,
    CategoryMutation,
    TemplateMutation,
    TemplateAssignmentMutation,
    TemplateBlockMutation,
    ProductOverrideMutation,
    MappingMutation,
    MappingPackMutation,
    RecommendationMutation,
    ListingMutation,
    OverrideFileMutation,
    ListingEditMutation,
    ListingStatusMutation,
    LinkingMutation,
    FileMutation,
    ProblemMutation,
    TaskMutation,
    TaskRetryMutation,
    TaskFixMutation,
    AccessMutation,
)

Query = merge_types("Query", QUERIES)
Mutation = merge_types("Mutation", MUTATIONS)
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


class StillWelcome(SchemaExtension):
    """A socket was opened long ago, perhaps: its caller is looked up again before each operation."""

    async def on_validate(self) -> AsyncIterator[None]:
        """Runs behind the validation cache, which would overwrite the refusal."""
        context: Context = self.execution_context.context
        if context.opened_at is not None and not await context.still_welcome():
            message = "Your token has ended. Open a new socket with a fresh one."
            self.execution_context.pre_execution_errors = [refusal(ErrorCode.UNAUTHENTICATED, message)]
        yield


class LeafmarkSchema(strawberry.Schema):
    """Strawberry's schema with our own way of telling errors."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Every road to a client passes here: code the errors, mask and log what we did not expect."""
        errors[:] = [presentable(error, executing=is_executing()) for error in errors]


schema = LeafmarkSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[ImportTask, CategoriesSyncTask, ListingTask, CheckTask, EditTask, RecommendationTask, StatusTask, SweepTask],
    config=StrawberryConfig(scalar_map=dict(SCALARS)),
    extensions=[
        PerOperation,
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        lambda: SafeParserCache(maxsize=CACHED_OPERATIONS),
        lambda: AddValidationRules(list(RULES)),
        lambda: ValidationCache(maxsize=CACHED_OPERATIONS),
        StillWelcome,
        TextCheck,
        OneOperation,
        CostLimit,
    ],
)
finish(schema._schema)
