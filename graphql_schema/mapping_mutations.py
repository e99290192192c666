"""Mapping source categories to leaves, one or many at once, and forgetting mappings."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput
from graphql_schema.context import Info
from graphql_schema.mappings import CategoryMapping, MappingSourceInput
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteTemplates
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.kit.errors import AppError
from server.services import mappings
from server.services.mappings import Outcome, Wish

_ERRORS = "Why nothing was done; empty when it was."


@strawberry.input
class CategoryMappingSetInput:
    """A source category and its leaf."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to map in.")
    source: MappingSourceInput = strawberry.field(description="Which products.")
    category: CategoryRefInput = strawberry.field(description="The leaf that they shall go to.")


@strawberry.type
class CategoryMappingSetPayload:
    """Answer of `categoryMappingSet`."""

    category_mapping: CategoryMapping | None = strawberry.field(description="The mapping; null when nothing was done.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.input
class CategoryMappingRowInput:
    """One row of `categoryMappingsSet`."""

    source: MappingSourceInput = strawberry.field(description="Which products.")
    category: CategoryRefInput = strawberry.field(description="The leaf that they shall go to.")


@strawberry.input
class CategoryMappingsSetInput:
    """Many source categories and their leaves."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to map in.")
    mappings: list[CategoryMappingRowInput] = strawberry.field(description=f"The rows, 1 to {mappings.MAX_ROWS}.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.REJECT_FAILED_ROWS, description="What to do when some rows are faulty."
    )


@strawberry.type
class CategoryMappingRowResult:
    """What became of one row."""

    category_mapping: CategoryMapping | None = strawberry.field(description="The mapping; null when it was not set.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")


@strawberry.type
class CategoryMappingsSetPayload:
    """Answer of `categoryMappingsSet`."""

    results: list[CategoryMappingRowResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(description="Why the whole was refused, apart from single rows.")


@strawberry.type
class CategoryMappingDeletePayload:
    """Answer of `categoryMappingDelete`."""

    deleted_category_mapping_id: strawberry.ID | None = strawberry.field(
        description="The id of the mapping that is gone; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class MappingMutation:
    """Mappings of source categories."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_mapping_set(
        self, info: Info, input: Annotated[CategoryMappingSetInput, strawberry.argument(description="The mapping.")]
    ) -> CategoryMappingSetPayload | None:
        """Map a source category to a leaf, in place of any mapping before. The same again changes nothing."""
        context = info.context

        async def work(session: Session) -> tables.CategoryMapping:
            return await mappings.set_one(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                wish=Wish(input.source.read(), input.category.read("input", "category")),
                set_by=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return CategoryMappingSetPayload(category_mapping=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_mappings_set(
        self, info: Info, input: Annotated[CategoryMappingsSetInput, strawberry.argument(description="The mappings.")]
    ) -> CategoryMappingsSetPayload | None:
        """Map many source categories at once; answered row by row."""
        context = info.context

        async def work(session: Session) -> list[Outcome]:
            return await mappings.set_many(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                wishes=[
                    Wish(row.source.read(), row.category.read("input", "mappings", str(at), "category"))
                    for at, row in enumerate(input.mappings)
                ],
                policy=input.error_policy,
                set_by=context.who.started_by,
                now=context.now,
            )

        outcomes, errors = await attempt(info, work)
        results = [
            _result(outcome.mapping, outcome.error, ("input", "mappings", str(at)))
            for at, outcome in enumerate(outcomes or ())
        ]
        return CategoryMappingsSetPayload(results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_mapping_delete(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The mapping's id.")]
    ) -> CategoryMappingDeletePayload | None:
        """Forget a mapping. Listings made with it stay."""
        context = info.context

        async def work(session: Session) -> str:
            mapping_id = row_id("CategoryMapping", id, "id")
            await mappings.delete(session, shop_id=context.shop_id, mapping_id=mapping_id, now=context.now)
            return id

        gone, errors = await attempt(info, work)
        return CategoryMappingDeletePayload(
            deleted_category_mapping_id=None if gone is None else id, user_errors=errors
        )


def _shown(row: tables.CategoryMapping | None) -> CategoryMapping | None:
    return None if row is None else CategoryMapping.of_row(row)


def _result(
    row: tables.CategoryMapping | None, error: AppError | None, at: tuple[str, ...]
) -> CategoryMappingRowResult:
    """A row's answer; paths of its errors lead to the row in the input."""
    if error is None:
        return CategoryMappingRowResult(category_mapping=_shown(row), user_errors=[])
    placed = type(error)(error.message, code=error.code, field=(*at, *error.field[1:]))
    return CategoryMappingRowResult(category_mapping=None, user_errors=[UserError.of(placed)])
