"""Mending one failed item and trying it again."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput
from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt, beside_input
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteListings, WriteTemplates
from graphql_schema.product_overrides import PARTS, VariantOverrideInput
from graphql_schema.tasks import Task, task_of
from graphql_schema.template_inputs import UNSET, ContentInput, content_of
from graphql_schema.template_part_inputs import TemplateAttributeInput, TemplateSizeChartInput
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.remedies import FixLayer
from server.services.fixing import Fix, fix_and_retry
from server.services.retrying import Bench
from server.services.templates import KEEP


@strawberry.input
class FixPatch(ContentInput):
    """What shall be otherwise. What is left out stays; null forgets a part.

    Attributes and certifications are changed one by one, by their ids; variants by what names them; weight and size
    each by itself. Every other part is replaced whole.
    """

    category: CategoryRefInput | None = strawberry.field(
        default=UNSET, description="The leaf; not in the layer SHOP_DEFAULTS."
    )
    title: str | None = strawberry.field(default=UNSET, description="The title; only in the layer PRODUCT.")
    description_html: str | None = strawberry.field(
        default=UNSET, description="The description; only in the layer PRODUCT."
    )
    pictures: list[str] | None = strawberry.field(
        default=UNSET, description="Addresses of the pictures, in order; only in the layer PRODUCT."
    )
    variants: list[VariantOverrideInput] | None = strawberry.field(
        default=UNSET, description="Figures of single variants; only in the layer PRODUCT."
    )
    attributes: list[TemplateAttributeInput] | None = strawberry.field(
        default=UNSET, description="Values of the category's attributes; not in the layer SHOP_DEFAULTS."
    )
    size_chart: TemplateSizeChartInput | None = strawberry.field(
        default=UNSET, description="The size chart; not in the layer SHOP_DEFAULTS."
    )


@strawberry.type
class TaskItemFixAndRetryPayload:
    """Answer of `taskItemFixAndRetry`."""

    task: Task | None = strawberry.field(description="The new task with just this item; null when nothing was done.")
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class TaskFixMutation:
    """Mending one failed item and trying it again."""

    @strawberry.mutation(permission_classes=[WriteListings, WriteTemplates])
    async def task_item_fix_and_retry(
        self,
        info: Info,
        item_id: Annotated[strawberry.ID, strawberry.argument(description="The failed item.")],
        patch: Annotated[FixPatch, strawberry.argument(description="What shall be otherwise.")],
        layer: Annotated[FixLayer, strawberry.argument(description="Where the patch is kept.")] = FixLayer.PRODUCT,
        idempotency_key: Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)] = None,
    ) -> TaskItemFixAndRetryPayload | None:
        """Check a patch against the rules of now, lay it over what its layer says, and try only this item again.

        A patch that breaks a rule, or mends nothing of what is wrong, is refused and changes nothing.
        """
        context = info.context

        async def work(session: Session) -> tables.Task:
            bench = Bench(
                session,
                context.deps.queue,
                context.deps.feed,
                context.shop_id,
                context.who.started_by,
                context.now,
            )
            return await fix_and_retry(
                bench,
                item_id=row_id("TaskItem", item_id, "itemId"),
                fix=_fix(patch, layer),
                idempotency_key=idempotency_key,
            )

        task, errors = await attempt(info, work)
        return TaskItemFixAndRetryPayload(
            task=None if task is None else task_of(task), user_errors=_named(beside_input(errors))
        )


def _fix(patch: FixPatch, layer: FixLayer) -> Fix:
    content = content_of(patch, PARTS)
    if "description_html" in content:
        content["description"] = content.pop("description_html")
    opened = None if patch.category is None else KEEP
    category = patch.category.read("patch", "category") if patch.category else opened
    return Fix(layer, category, content)


def _named(errors: list[UserError]) -> list[UserError]:
    """The description's argument tells that it is HTML; in layers it does not."""
    for error in errors:
        if error.field and error.field[:2] == ["patch", "description"]:
            error.field[1] = "descriptionHtml"
    return errors
