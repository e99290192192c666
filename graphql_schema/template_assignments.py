"""Products given to templates by hand, and the order of templates."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteTemplates
from graphql_schema.products import Product, load_product
from graphql_schema.templates import CategoryTemplate, load_template
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.services.templates import assigning, reorder
from server.services.templates.assigning import AssignOutcome
from server.services.templates.ordering import MAX_NAMED

_WHOLE = "Why the whole was refused, apart from single rows."


@strawberry.input
class CategoryTemplateProductsInput:
    """Products, and the template they are given to or taken from."""

    template_id: strawberry.ID = strawberry.field(description="The template.")
    product_ids: list[strawberry.ID] = strawberry.field(description=f"The products, 1 to {assigning.MAX_PRODUCTS:,}.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.REJECT_FAILED_ROWS, description="What to do when some rows are faulty."
    )


@strawberry.type
class TemplateAssignmentResult:
    """What became of one row."""

    outcome: strawberry.Private[AssignOutcome]
    done: bool = strawberry.field(description="Whether it was done; false too when another row kept all from it.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")

    @classmethod
    def of(cls, outcome: AssignOutcome) -> "TemplateAssignmentResult":
        """A row's answer."""
        errors = [] if outcome.error is None else [UserError.of(outcome.error)]
        return cls(outcome=outcome, done=outcome.done, user_errors=errors)

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product; null when the shop has none such."""
        return await load_product(info, self.outcome.product_id)

    @strawberry.field
    async def before(self, info: Info) -> CategoryTemplate | None:
        """The template that it was given to until now, if to any."""
        return None if self.outcome.before is None else await load_template(info, self.outcome.before)


@strawberry.type
class CategoryTemplateAssignProductsPayload:
    """Answer of `categoryTemplateAssignProducts`."""

    results: list[TemplateAssignmentResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(description=_WHOLE)


@strawberry.type
class CategoryTemplateUnassignProductsPayload:
    """Answer of `categoryTemplateUnassignProducts`."""

    results: list[TemplateAssignmentResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(description=_WHOLE)


@strawberry.input
class CategoryTemplateReorderInput:
    """Templates in the order in which they shall be asked."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    template_ids: list[strawberry.ID] = strawberry.field(
        description=f"1 to {MAX_NAMED:,} templates: they take each other's places in this order, others keep theirs. "
        "The default is always last and is left out."
    )


@strawberry.type
class CategoryTemplateReorderPayload:
    """Answer of `categoryTemplateReorder`."""

    category_templates: list[CategoryTemplate] = strawberry.field(
        description="The named templates, in their order; empty when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class TemplateAssignmentMutation:
    """Products given by hand, and order."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_assign_products(
        self,
        info: Info,
        input: Annotated[CategoryTemplateProductsInput, strawberry.argument(description="What, and to which.")],
    ) -> CategoryTemplateAssignProductsPayload | None:
        """Give products to a template whatever the rules say, in place of any other; answered row by row."""
        context = info.context

        async def work(session: Session) -> list[AssignOutcome]:
            return await assigning.assign(
                session,
                shop_id=context.shop_id,
                template_id=row_id("CategoryTemplate", input.template_id, "input", "templateId"),
                product_ids=row_ids("Product", input.product_ids, "input", "productIds"),
                policy=input.error_policy,
                actor=context.who.started_by,
                now=context.now,
            )

        outcomes, errors = await attempt(info, work)
        results = [TemplateAssignmentResult.of(one) for one in outcomes or ()]
        return CategoryTemplateAssignProductsPayload(results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_unassign_products(
        self,
        info: Info,
        input: Annotated[CategoryTemplateProductsInput, strawberry.argument(description="What, and from which.")],
    ) -> CategoryTemplateUnassignProductsPayload | None:
        """Let the rules decide again about products that were given to a template; answered row by row."""
        context = info.context

        async def work(session: Session) -> list[AssignOutcome]:
            return await assigning.unassign(
                session,
                shop_id=context.shop_id,
                template_id=row_id("CategoryTemplate", input.template_id, "input", "templateId"),
                product_ids=row_ids("Product", input.product_ids, "input", "productIds"),
                policy=input.error_policy,
                actor=context.who.started_by,
                now=context.now,
            )

        outcomes, errors = await attempt(info, work)
        results = [TemplateAssignmentResult.of(one) for one in outcomes or ()]
        return CategoryTemplateUnassignProductsPayload(results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_reorder(
        self,
        info: Info,
        input: Annotated[CategoryTemplateReorderInput, strawberry.argument(description="The order.")],
    ) -> CategoryTemplateReorderPayload | None:
        """Say which templates go before which when several would take a product."""
        context = info.context

        async def work(session: Session) -> list[tables.CategoryTemplate]:
            named = row_ids("CategoryTemplate", input.template_ids, "input", "templateIds")
            rows = await reorder(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                template_ids=named,
                actor=context.who.started_by,
                now=context.now,
            )
            wanted = set(named)
            return [row for row in rows if row.id in wanted]

        rows, errors = await attempt(info, work)
        shown = [CategoryTemplate.of_row(row) for row in rows or ()]
        return CategoryTemplateReorderPayload(category_templates=shown, user_errors=errors)
