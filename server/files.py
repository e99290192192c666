"""Where sellers' files are kept: a folder or an S3-compatible bucket, by setting, behind one small face."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from server.kit.errors import NotFound, Unavailable
from server.kit.secrets import Secret

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ClientConfig, RetryConfig, S3Config

_PROBE: Final = ".leafmark-probe"
_CHUNK: Final = 1_000_000
_FAILURES = (BaseError, OSError, ValueError)
_CLIENT: "ClientConfig" = {
    "allow_http": True,
    "connect_timeout": timedelta(seconds=5),
    "timeout": timedelta(seconds=60),
    "user_agent": "Leafmark",
}
"""Plain HTTP is for a bucket's server on the same network; an address says which it is."""
_RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class StoreUnusable(Exception):
    """The setting leads to no place that can be written; the text says why, without a secret."""


@dataclass(frozen=True, slots=True)
class S3Access:
    """How to reach a bucket. Without keys the machine's own role is used, without an endpoint AWS."""

    endpoint: str | None
    region: str
    key_id: str | None
    secret: Secret | None


class FileStore:
    """Bytes by key. Writing is atomic; keys are ours, made of ids and hashes, never of names that people give."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key. ``Unavailable`` when the store does not take them."""
        with _told():
            await obstore.put_async(self._store, key, data, use_multipart=False)

    async def get(self, key: str) -> bytes:
        """All bytes of a key. ``NotFound`` when there is none, ``Unavailable`` when the store does not answer."""
        with _told():
            return bytes(await (await obstore.get_async(self._store, key)).bytes_async())

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The same piece by piece; raised is what stands in the way of the first."""
        with _told():
            found = await obstore.get_async(self._store, key)
        return _pieces(found)

    async def delete_below(self, prefix: str) -> None:
        """Remove every key under a folder of ours; nothing there is fine."""
        with _told():
            listed = await obstore.list(self._store, prefix=prefix).collect_async()
            for one in listed:
                await self.delete(one["path"])

    async def delete(self, key: str) -> None:
        """Remove one key, if it is there."""
        try:
            with _told():
                await obstore.delete_async(self._store, key)
        except NotFound:
            return

    async def probe(self) -> None:
        """Write, read and remove a small object. Raises ``StoreUnusable``."""
        try:
            if self._folder is not None:
                with tempfile.TemporaryFile(dir=self._folder):
                    return
            await self.put(_PROBE, b"leafmark")
            if await self.get(_PROBE) != b"leafmark":
                raise StoreUnusable("it does not give back what was written")
            await self.delete(_PROBE)
        except (Unavailable, NotFound) as error:
            raise StoreUnusable(_first_line(error.__cause__ or error)) from None
        except OSError as error:
            raise StoreUnusable(f"{self._folder} cannot be written ({error.strerror})") from None


def open_store(url: str, s3: S3Access) -> FileStore:
    """The store behind ``file:///folder`` or ``s3://bucket/prefix``. Raises ``StoreUnusable``."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return FileStore(_bucket(parts.netloc, parts.path.strip("/"), s3))
    folder = Path(unquote(parts.path))
    if not folder.is_dir():
        raise StoreUnusable(f"there is no folder {folder}; make it first")
    return FileStore(LocalStore(folder, automatic_cleanup=True), folder)


def _bucket(name: str, prefix: str, s3: S3Access) -> S3Store:
    config: S3Config = {"region": s3.region, "virtual_hosted_style_request": s3.endpoint is None}
    if s3.endpoint is not None:
        config["endpoint"] = s3.endpoint
    if s3.key_id is not None and s3.secret is not None:
        config["access_key_id"], config["secret_access_key"] = s3.key_id, s3.secret.reveal()
    return S3Store(name, prefix=prefix or None, config=config, client_options=_CLIENT, retry_config=_RETRIES)


async def _pieces(found: "GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=_CHUNK):
        yield bytes(piece)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound("The file's bytes are not in the store.") from None
    except _FAILURES as error:
        raise Unavailable("The file store does not answer; try again in a minute.") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0].rstrip(".")[:300] or type(error).__name__
