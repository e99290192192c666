"""Reading sellers' files for the way to TikTok: by their inner address, beside pictures from the web (I2)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind
from server.clients.fetch import FetchedFile
from server.clients.verdicts import Verdict
from server.domain.files import FileState, ref_of
from server.files import FileStore
from server.kit.errors import NotFound, Unavailable
from server.services.files.reading import key_of
from server.store import files as store
from server.store.session import Database
from server.tables import StoredFile

_GONE = Verdict(UpstreamKind.MERCHANT_MUST_FIX, "FILE_GONE", ("files",))
_KIND = Verdict(UpstreamKind.MERCHANT_MUST_FIX, "FILE_OF_WRONG_KIND", ("files",))
_LATER = Verdict(UpstreamKind.RETRYABLE, "FILE_UNREACHABLE", ("files",))

Fetch = Callable[[str], Awaitable[FetchedFile]]


def source(database: Database, files: FileStore, web: Fetch, *, shop_id: UUID) -> Fetch:
    """Where a gallery gets its pictures from: sellers' own by their inner address, all others from the web."""

    async def fetch(url: str) -> FetchedFile:
        ref = ref_of(url)
        if ref is None:
            return await web(url)
        async with database.read() as session:
            row = (await store.by_ids(session, shop_id=shop_id, ids=[ref.file_id])).get(ref.file_id)
        data = await bytes_of(files, row, is_document=False)
        return FetchedFile(data, row.mime_type if row is not None else "", url)

    return fetch


async def bytes_of(files: FileStore, row: StoredFile | None, *, is_document: bool) -> bytes:
    """What a stored file holds. Raises ``Upstream``, as fetching from the web does."""
    if row is None or row.state is not FileState.STORED or row.content_hash is None:
        raise _refused(_GONE, "deleted, or never uploaded")
    if row.purpose.is_document is not is_document:
        raise _refused(_KIND, "a PDF is needed here" if is_document else "a picture is needed here")
    try:
        return await files.get(key_of(row.id, shop_id=row.shop_id, content_hash=row.content_hash))
    except NotFound:
        raise _refused(_GONE, "not in the store") from None
    except Unavailable as error:
        raise _refused(_LATER, "the file store does not answer") from error


def busy() -> Upstream:
    """Another worker has had the file for too long."""
    return _refused(_LATER, "another worker has been uploading it for too long")


def _refused(verdict: Verdict, why: str) -> Upstream:
    return Upstream(verdict, platform="The file store", operation="fetch", platform_message=why)
