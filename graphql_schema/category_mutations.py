"""Fetching TikTok's category trees."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.categories import CategoryVersion
from server.services import categories


@strawberry.input
class CategoriesSyncInput:
    """Which trees to fetch."""

    tiktok_shop_id: strawberry.ID = strawberry.field(description="The TikTok shop whose view of the trees.")
    versions: list[CategoryVersion] | None = strawberry.field(
        default=None, description="Which trees; both if not said."
    )
    locales: list[str] | None = strawberry.field(
        default=None, description="In which languages, e.g. `de-DE`; the shop's own if not said."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class CategoriesSyncPayload:
    """Answer of `categoriesSync`."""

    task: Task | None = strawberry.field(description="The sync to follow; null when none was started.")
    user_errors: list[UserError] = strawberry.field(description="Why none was started; empty when it was.")


@strawberry.type
class CategoryMutation:
    """Fetching TikTok's category trees."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def categories_sync(
        self,
        info: Info,
        input: Annotated[CategoriesSyncInput, strawberry.argument(description="Which trees of which shop.")],
    ) -> CategoriesSyncPayload | None:
        """Fetch a TikTok shop's category trees anew, in the background."""
        context = info.context

        async def work(session: Session) -> tables.Task:
            return await categories.start_sync(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                versions=input.versions or categories.BOTH,
                locales=input.locales or (),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return CategoriesSyncPayload(task=None if task is None else task_of(task), user_errors=errors)
