"""Sellers' own files, as clients see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.files import FilePurpose, FileState
from server.services import files
from server.services.files import VIEWED_FOR, Right

publish(
    FilePurpose,
    "What a file is for.",
    {
        FilePurpose.PRODUCT_IMAGE: "A product's picture: JPEG, PNG, WebP, HEIC, BMP or GIF.",
        FilePurpose.ATTRIBUTE_IMAGE: "A variant's picture: the same kinds.",
        FilePurpose.CERTIFICATION_IMAGE: "A picture that proves a certification: the same kinds.",
        FilePurpose.CERTIFICATION_FILE: "A document that proves a certification: PDF.",
        FilePurpose.SIZE_CHART_IMAGE: "A size chart: the same kinds, 512 pixels or more on the shorter side.",
    },
)
publish(
    FileState,
    "Where a file stands.",
    {FileState.AWAITING: "Announced; its bytes have not come yet.", FileState.STORED: "Here, checked, ready for use."},
)


@strawberry.type
class FileCopy:
    """What a TikTok shop has of a file. A copy is made when a listing first needs it, and made once."""

    tiktok_shop_id: strawberry.Private[UUID]
    use_case: str = strawberry.field(description="TikTok's use case, e.g. `SIZE_CHART_IMAGE`.")
    remote_id: str = strawberry.field(description="What product calls name: a picture's uri, a document's id.")
    url: str = strawberry.field(description="Its address on TikTok's side; may be empty.")
    uploaded_at: datetime = strawberry.field(description="When it was uploaded.")

    @strawberry.field
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop."""
        return await load_tiktok_shop(info, self.tiktok_shop_id)


@strawberry.type
class File(Node):
    """A seller's own picture or document: a product's picture, a certification, a size chart."""

    row: strawberry.Private[tables.StoredFile]
    filename: str = strawberry.field(description="Its name, as it was announced.")
    mime_type: str = strawberry.field(description="Its type, as announced and found in its bytes.")
    file_size: int = strawberry.field(description="Its bytes.")
    purpose: FilePurpose = strawberry.field(description="What it is for.")
    state: FileState = strawberry.field(description="Whether its bytes are here.")
    width: int | None = strawberry.field(description="A picture's pixels across, turned upright; null if not known.")
    height: int | None = strawberry.field(description="A picture's pixels down; null if not known.")
    created_at: datetime = strawberry.field(description="When it was announced.")
    created_by: Actor = strawberry.field(description="Who announced it.")
    stored_at: datetime | None = strawberry.field(description="When its bytes came.")
    expires_at: datetime | None = strawberry.field(description="Until when its bytes may come; null once here.")

    @strawberry.field
    def url(self, info: Info) -> str | None:
        """An address that shows it, good for ten minutes, without signing in; null until its bytes are here."""
        if self.row.state is not FileState.STORED:
            return None
        deps, until = info.context.deps, info.context.now + VIEWED_FOR
        return files.address_of(deps.links, deps.settings.public_url, self.row.id, Right.VIEW, until)

    @strawberry.field
    async def tiktok_copies(self, info: Info) -> list[FileCopy]:
        """Where it was uploaded at TikTok so far."""
        if self.row.content_hash is None:
            return []
        pictures, documents = await info.context.loaders.file_copies.load(self.row.content_hash)
        return [
            *(_copy(one.tiktok_shop_id, one.use_case, one.uri, one.url, one.uploaded_at) for one in pictures),
            *(
                _copy(one.tiktok_shop_id, FilePurpose.CERTIFICATION_FILE, one.remote_id, one.url, one.uploaded_at)
                for one in documents
            ),
        ]

    @classmethod
    def of(cls, row: tables.StoredFile) -> "File":
        """A row as clients see it."""
        return cls(
            id=gid("File", row.id),
            row=row,
            filename=row.name,
            mime_type=row.mime_type,
            file_size=row.size,
            purpose=row.purpose,
            state=row.state,
            width=row.width,
            height=row.height,
            created_at=row.created_at,
            created_by=Actor.of(row.created_by),
            stored_at=row.stored_at,
            expires_at=row.expires_at,
        )


def _copy(tiktok_shop_id: UUID, use_case: str, remote_id: str, url: str, uploaded_at: datetime) -> FileCopy:
    return FileCopy(
        tiktok_shop_id=tiktok_shop_id, use_case=use_case, remote_id=remote_id, url=url, uploaded_at=uploaded_at
    )


@findable("File")
async def find_file(info: Info, file_id: UUID) -> File | None:
    """The caller's own only."""
    row = await info.context.loaders.files.load(file_id)
    return None if row is None else File.of(row)


@strawberry.type
class FileQuery:
    """Sellers' own files."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def file(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The file's id.")]
    ) -> File | None:
        """One file, announced or stored; null when there is none such."""
        return await find_file(info, row_id("File", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def files(
        self,
        info: Info,
        purposes: Annotated[
            list[FilePurpose] | None, strawberry.argument(description="Only files for these purposes.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[File]:
        """The store's files whose bytes are here, newest first."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await files.page(session, shop_id=info.context.shop_id, purposes=purposes, args=args)
        return connection_of(page, File.of)
