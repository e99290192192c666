"""Announcing and deleting sellers' own files. Shopify's `stagedUploadsCreate` is the model, with PUT as its method."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.files import File
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteFiles
from graphql_schema.user_errors import UserError
from server.deps import Session
from server.domain.files import FilePurpose, FileWish
from server.services import files
from server.services.files import MAX_ROWS, Outcome, Right


@strawberry.input
class StagedUploadInput:
    """A file that is about to be uploaded."""

    filename: str = strawberry.field(description="Its bare name with its ending, e.g. `sizes.png`; no folders.")
    mime_type: str = strawberry.field(description="Its type, e.g. `image/png`; the bytes must agree.")
    file_size: int = strawberry.field(description="Its exact number of bytes.")
    purpose: FilePurpose = strawberry.field(description="What it is for; says which types are taken.")


@strawberry.type
class StagedUploadParameter:
    """A header to send with the upload."""

    name: str = strawberry.field(description="The header's name.")
    value: str = strawberry.field(description="The header's value.")


@strawberry.type
class StagedUploadTarget:
    """Where to send a file: `PUT` its raw bytes to `url` with `parameters` as headers, once."""

    url: str = strawberry.field(description="Takes this one file, once, until `expiresAt`; needs no other proof.")
    http_method: str = strawberry.field(description="`PUT`.")
    parameters: list[StagedUploadParameter] = strawberry.field(description="Headers that must be sent.")
    resource_id: strawberry.ID = strawberry.field(description="The file's id: what templates and overrides name.")
    expires_at: datetime = strawberry.field(description="Until when the bytes may come.")


@strawberry.type
class StagedUploadResult:
    """What became of one row."""

    target: StagedUploadTarget | None = strawberry.field(description="Where to send it; null when it may not come.")
    user_errors: list[UserError] = strawberry.field(description="Why it may not come; empty when it may.")


@strawberry.type
class StagedUploadCreatePayload:
    """Answer of `stagedUploadCreate`."""

    results: list[StagedUploadResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(description="Why the whole was refused, apart from single rows.")


@strawberry.type
class FileDeletePayload:
    """Answer of `fileDelete`."""

    deleted_file_id: strawberry.ID | None = strawberry.field(description="The file that is gone; null if none is.")
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class FileMutation:
    """Sellers' own files."""

    @strawberry.mutation(permission_classes=[WriteFiles])
    async def staged_upload_create(
        self,
        info: Info,
        input: Annotated[
            list[StagedUploadInput], strawberry.argument(description=f"The files to come, 1 to {MAX_ROWS}.")
        ],
    ) -> StagedUploadCreatePayload | None:
        """Announce files. Each gets an address of its own to be uploaded to, and an id to be named by."""
        context, settings = info.context, info.context.deps.settings
        wishes = [FileWish(one.filename, one.mime_type, one.file_size, one.purpose) for one in input]

        async def work(session: Session) -> list[Outcome]:
            return await files.stage(
                session,
                shop_id=context.shop_id,
                wishes=wishes,
                most_bytes=settings.files_max_bytes,
                most_bytes_of_shop=settings.files_shop_max_bytes,
                by=context.who.started_by,
                now=context.now,
            )

        outcomes, errors = await attempt(info, work)
        return StagedUploadCreatePayload(results=[_result(info, one) for one in outcomes or ()], user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteFiles])
    async def file_delete(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The file's id.")]
    ) -> FileDeletePayload | None:
        """Delete a file. Listings made with it stay as they are; what names it must name another."""
        context = info.context

        async def work(session: Session) -> UUID:
            file_id = row_id("File", id, "id")
            await files.delete(session, shop_id=context.shop_id, file_id=file_id, now=context.now)
            return file_id

        gone, errors = await attempt(info, work)
        return FileDeletePayload(deleted_file_id=None if gone is None else id, user_errors=errors)


def _result(info: Info, outcome: Outcome) -> StagedUploadResult:
    row, deps = outcome.file, info.context.deps
    if row is None or row.expires_at is None:
        faults = [UserError.of(outcome.error)] if outcome.error is not None else []
        return StagedUploadResult(target=None, user_errors=faults)
    target = StagedUploadTarget(
        url=files.address_of(deps.links, deps.settings.public_url, row.id, Right.UPLOAD, row.expires_at),
        http_method=Right.UPLOAD,
        parameters=[StagedUploadParameter(name="content-type", value=row.mime_type)],
        resource_id=File.of(row).id,
        expires_at=row.expires_at,
    )
    return StagedUploadResult(target=target, user_errors=[])
