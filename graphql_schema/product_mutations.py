"""Reading products from the store."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.services import imports


@strawberry.input
class ProductsImportInput:
    """How to import."""

    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ProductsImportPayload:
    """Answer of `productsImport`."""

    task: Task | None = strawberry.field(description="The import to follow; null when none was started.")
    user_errors: list[UserError] = strawberry.field(description="Why none was started; empty when it was.")


@strawberry.type
class ProductMutation:
    """Reading products from the store."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def products_import(
        self,
        info: Info,
        input: Annotated[ProductsImportInput | None, strawberry.argument(description="How to import.")] = None,
    ) -> ProductsImportPayload | None:
        """Read the store's whole catalogue anew, in the background. Products that are gone there are gone here."""
        context, wanted = info.context, input or ProductsImportInput()

        async def work(session: Session) -> tables.Task:
            return await imports.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                started_by=context.who.started_by,
                idempotency_key=wanted.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return ProductsImportPayload(task=None if task is None else task_of(task), user_errors=errors)
