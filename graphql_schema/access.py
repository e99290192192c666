"""API tokens: keys of third-party clients to the shop."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ManageShop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.services import access
from server.services.access import NewToken, Scope


@strawberry.type
class ApiToken(Node):
    """A third-party client's key to the shop. Its secret is shown once, when it is made."""

    name: str = strawberry.field(description="What it is for, in the merchant's words.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: Actor = strawberry.field(description="Who made it.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute.")
    revoked_at: datetime | None = strawberry.field(description="When it was ended, if it was.")

    @classmethod
    def of(cls, row: tables.ApiToken) -> "ApiToken":
        """A row as clients see it."""
        return cls(
            id=gid("ApiToken", row.id),
            name=row.name,
            scopes=[scope for scope in Scope if scope in row.scopes],
            created_at=row.created_at,
            created_by=Actor.of(row.created_by),
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )


@findable("ApiToken")
async def _find(info: Info, token_id: UUID) -> ApiToken | None:
    """Nothing for a caller who may not manage the shop: what one may not see does not exist for one."""
    if not info.context.who.may(Scope.MANAGE_SHOP):
        return None
    row = await info.context.loaders.api_tokens.load(token_id)
    return None if row is None else ApiToken.of(row)


@strawberry.type
class AccessQuery:
    """Who may call."""

    @strawberry.field(permission_classes=[ManageShop])
    async def api_tokens(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ApiToken]:
        """The shop's API tokens, revoked ones too, newest first."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await access.page(session, shop_id=info.context.shop_id, args=args)
        return connection_of(page, ApiToken.of)


@strawberry.input
class ApiTokenCreateInput:
    """A new API token."""

    name: str = strawberry.field(description="What it is for; 1 to 255 characters.")
    scopes: list[Scope] = strawberry.field(description="What it may do; no more than the caller may.")


@strawberry.type
class ApiTokenCreatePayload:
    """Answer of `apiTokenCreate`."""

    api_token: ApiToken | None = strawberry.field(description="The new token; null when none was made.")
    secret: str | None = strawberry.field(description="What to send as `Authorization: Bearer`. Shown this once.")
    user_errors: list[UserError] = strawberry.field(description="Why none was made; empty when it was.")


@strawberry.type
class ApiTokenRevokePayload:
    """Answer of `apiTokenRevoke`."""

    api_token: ApiToken | None = strawberry.field(description="The token, now revoked; null when there is none such.")
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class AccessMutation:
    """Managing API tokens."""

    @strawberry.mutation(permission_classes=[ManageShop])
    async def api_token_create(
        self,
        info: Info,
        input: Annotated[ApiTokenCreateInput, strawberry.argument(description="The token to make.")],
    ) -> ApiTokenCreatePayload | None:
        """Make an API token for a third-party client."""

        async def work(session: Session) -> NewToken:
            return await access.create_token(
                session, caller=info.context.who, name=input.name, scopes=input.scopes, now=info.context.now
            )

        made, errors = await attempt(info, work)
        return ApiTokenCreatePayload(
            api_token=None if made is None else ApiToken.of(made.row),
            secret=None if made is None else made.secret.reveal(),
            user_errors=errors,
        )

    @strawberry.mutation(permission_classes=[ManageShop])
    async def api_token_revoke(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The token's id.")]
    ) -> ApiTokenRevokePayload | None:
        """End an API token at once; open sockets of it end within seconds. Revoking it again changes nothing."""

        async def work(session: Session) -> tables.ApiToken:
            token_id = row_id("ApiToken", id, "id")
            return await access.revoke_token(
                session, shop_id=info.context.shop_id, token_id=token_id, now=info.context.now
            )

        row, errors = await attempt(info, work)
        return ApiTokenRevokePayload(api_token=None if row is None else ApiToken.of(row), user_errors=errors)
