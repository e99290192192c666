"""Writing category templates, and switching them on and off."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteListings, WriteTemplates
from graphql_schema.tasks import Task, task_of
from graphql_schema.template_inputs import CategoryTemplateCreateInput, CategoryTemplateInput
from graphql_schema.template_writing import draft_of, patch_of
from graphql_schema.templates import CategoryTemplate
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.kit.errors import Forbidden
from server.services import templates
from server.services.access import Scope
from server.services.templates import applying

_ERRORS = "Why nothing was done; empty when it was."
_TEMPLATE = "The template as it stands now; null when nothing was done."
TemplateId = Annotated[strawberry.ID, strawberry.argument(description="The template's id.")]
TemplateInput = Annotated[CategoryTemplateInput, strawberry.argument(description="What the template says.")]


@strawberry.type
class CategoryTemplateCreatePayload:
    """Answer of `categoryTemplateCreate`."""

    category_template: CategoryTemplate | None = strawberry.field(description=_TEMPLATE)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class CategoryTemplateUpdatePayload:
    """Answer of `categoryTemplateUpdate`."""

    category_template: CategoryTemplate | None = strawberry.field(
        description=f"{_TEMPLATE} Its `affectedListings` are those that `categoryTemplateApply` would edit."
    )
    task: Task | None = strawberry.field(
        description="The edit of the affected listings; null unless `applyToListings` was given and there are any."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class CategoryTemplateApplyPayload:
    """Answer of `categoryTemplateApply`."""

    category_template: CategoryTemplate | None = strawberry.field(description=_TEMPLATE)
    task: Task | None = strawberry.field(
        description="The edit to follow; null when there are no listings to edit, or nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class CategoryTemplateDeletePayload:
    """Answer of `categoryTemplateDelete`."""

    deleted_category_template_id: strawberry.ID | None = strawberry.field(
        description="The id of the template that is gone; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class CategoryTemplateActivatePayload:
    """Answer of `categoryTemplateActivate`."""

    category_template: CategoryTemplate | None = strawberry.field(description=_TEMPLATE)
    task: Task | None = strawberry.field(description="The listing of what it takes now, to follow.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class CategoryTemplateDeactivatePayload:
    """Answer of `categoryTemplateDeactivate`."""

    category_template: CategoryTemplate | None = strawberry.field(description=_TEMPLATE)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TemplateMutation:
    """Category templates."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_create(
        self,
        info: Info,
        input: Annotated[CategoryTemplateCreateInput, strawberry.argument(description="The template to make.")],
    ) -> CategoryTemplateCreatePayload | None:
        """Make a template. It lists nothing before it is activated; a new default replaces the one before."""
        context = info.context

        async def work(session: Session) -> tables.CategoryTemplate:
            shop = row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId")
            return await templates.create(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=shop,
                draft=draft_of(input),
                actor=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return CategoryTemplateCreatePayload(category_template=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_update(
        self,
        info: Info,
        id: TemplateId,
        input: TemplateInput,
        apply_to_listings: Annotated[
            bool,
            strawberry.argument(description="Edit the affected listings too; needs the scope WRITE_LISTINGS."),
        ] = False,
        idempotency_key: Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)] = None,
    ) -> CategoryTemplateUpdatePayload | None:
        """Change a template. Each part that is given replaces that part whole; what is listed stays unless asked for.

        Of two changes at once neither undoes the other.
        """
        context = info.context

        async def work(session: Session) -> tuple[tables.CategoryTemplate, tables.Task | None]:
            template_id = row_id("CategoryTemplate", id, "id")
            if apply_to_listings and not context.who.may(Scope.WRITE_LISTINGS):
                message = f"Editing listings needs the scope {Scope.WRITE_LISTINGS.name}; change the template alone."
                raise Forbidden(message, field=("applyToListings",))
            row = await templates.update(
                session,
                shop_id=context.shop_id,
                template_id=template_id,
                patch=patch_of(input),
                actor=context.who.started_by,
                now=context.now,
            )
            return await _apply(info, session, template_id, idempotency_key) if apply_to_listings else (row, None)

        done, errors = await attempt(info, work)
        row, task = done or (None, None)
        return CategoryTemplateUpdatePayload(
            category_template=_shown(row), task=None if task is None else task_of(task), user_errors=errors
        )

    @strawberry.mutation(permission_classes=[WriteTemplates, WriteListings])
    async def category_template_apply(
        self,
        info: Info,
        id: TemplateId,
        idempotency_key: Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)] = None,
    ) -> CategoryTemplateApplyPayload | None:
        """Edit the listings that a template concerns so that they say what it says now, and no others."""

        async def work(session: Session) -> tuple[tables.CategoryTemplate, tables.Task | None]:
            return await _apply(info, session, row_id("CategoryTemplate", id, "id"), idempotency_key)

        done, errors = await attempt(info, work)
        row, task = done or (None, None)
        return CategoryTemplateApplyPayload(
            category_template=_shown(row), task=None if task is None else task_of(task), user_errors=errors
        )

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_delete(self, info: Info, id: TemplateId) -> CategoryTemplateDeletePayload | None:
        """Remove a template. Listings made with it stay."""
        context = info.context

        async def work(session: Session) -> UUID:
            template_id = row_id("CategoryTemplate", id, "id")
            await templates.delete(
                session,
                shop_id=context.shop_id,
                template_id=template_id,
                actor=context.who.started_by,
                now=context.now,
            )
            return template_id

        gone, errors = await attempt(info, work)
        return CategoryTemplateDeletePayload(
            deleted_category_template_id=None if gone is None else id, user_errors=errors
        )

    @strawberry.mutation(permission_classes=[WriteTemplates, WriteListings])
    async def category_template_activate(
        self,
        info: Info,
        id: TemplateId,
        idempotency_key: Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)] = None,
    ) -> CategoryTemplateActivatePayload | None:
        """List what the template takes: at once what is not synced, and from now on whatever comes."""
        context = info.context

        async def work(session: Session) -> tuple[tables.CategoryTemplate, tables.Task]:
            return await templates.activate(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                template_id=row_id("CategoryTemplate", id, "id"),
                started_by=context.who.started_by,
                idempotency_key=idempotency_key,
                now=context.now,
            )

        done, errors = await attempt(info, work)
        row, task = done or (None, None)
        return CategoryTemplateActivatePayload(
            category_template=_shown(row), task=None if task is None else task_of(task), user_errors=errors
        )

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_template_deactivate(
        self, info: Info, id: TemplateId
    ) -> CategoryTemplateDeactivatePayload | None:
        """List nothing more by itself. Listings and tasks under way are left alone."""
        context = info.context

        async def work(session: Session) -> tables.CategoryTemplate:
            template_id = row_id("CategoryTemplate", id, "id")
            return await templates.deactivate(
                session, shop_id=context.shop_id, template_id=template_id, now=context.now
            )

        row, errors = await attempt(info, work)
        return CategoryTemplateDeactivatePayload(category_template=_shown(row), user_errors=errors)


async def _apply(
    info: Info, session: Session, template_id: UUID, idempotency_key: str | None
) -> tuple[tables.CategoryTemplate, tables.Task | None]:
    context = info.context
    return await applying.apply(
        session,
        context.deps.queue,
        context.deps.feed,
        shop_id=context.shop_id,
        template_id=template_id,
        started_by=context.who.started_by,
        idempotency_key=idempotency_key,
        now=context.now,
    )


def _shown(row: tables.CategoryTemplate | None) -> CategoryTemplate | None:
    return None if row is None else CategoryTemplate.of_row(row)
