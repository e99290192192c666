"""A bulk export on disk: lines in, whole products out, whatever their order, in bounded memory.

A child always comes after its parent but not always right after it (Shopify fact sheet 3.6). While the file arrives we
see whether it happens to be grouped. If so, one pass reads it; if not, the lines are first dealt by parent into bucket
files small enough to group in memory, so a file of any size and order needs one bucket's worth of it.
"""

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

import orjson

from server.clients.shopify_shapes import Node, ShopifyProduct, Unreadable, readable

_PARENT = b'"__parentId":"'
_ROOT = b'{"id":"'
_NEVER = b"\n"
_BUCKET_BYTES = 8_000_000
_MOST_BUCKETS = 256


class ExportFile:
    """Write chunks, ``finish``, then iterate ``products``; the file vanishes with ``close``."""

    def __init__(self, bucket_bytes: int = _BUCKET_BYTES) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile(prefix="leafmark-export-")  # noqa: SIM115 - until close(), not for a block
        self._bucket_bytes = bucket_bytes
        self._rest = b""
        self._root = b""
        self._tail = _NEVER
        self.grouped = True
        self.size = 0
        self.lines = 0

    def write(self, chunk: bytes) -> None:
        """The next bytes of the download, cut anywhere."""
        self._file.write(chunk)
        self.size += len(chunk)
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            # Nearly every line ends with the key of the parent just seen: one comparison, no search.
            if line.endswith(self._tail):
                self.lines += 1
            else:
                self._see(line)

    def finish(self) -> None:
        """The download is complete; a torn last line is a ``ValueError``."""
        self._see(self._rest)
        self._rest = b""
        self._file.flush()

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def __enter__(self) -> "ExportFile":
        return self

    def __exit__(self, *_exit: object) -> None:
        self.close()

    def products(self) -> Iterator[ShopifyProduct | Unreadable]:
        """Every product with its children, in the same order each time; broken JSON is a ``ValueError``."""
        self._file.seek(0)
        if self.grouped:
            yield from _grouped(self._file)
        else:
            yield from self._dealt()

    def _see(self, line: bytes) -> None:
        if not line:
            return
        self.lines += 1
        if not self.grouped:
            return
        parent = parent_of(line)
        if parent is None:
            self._root = _id_of(line)
            self._tail = _PARENT + self._root + b'"}'
        elif parent != self._root:
            self.grouped = False

    def _dealt(self) -> Iterator[ShopifyProduct | Unreadable]:
        count = min(_MOST_BUCKETS, self.size // self._bucket_bytes + 1)
        with ExitStack() as stack:
            buckets: list[BinaryIO] = [
                stack.enter_context(tempfile.TemporaryFile(prefix="leafmark-bucket-")) for _ in range(count)
            ]
            for line in self._file:
                if line.strip():
                    root = parent_of(line) or _id_of(line)
                    buckets[zlib.crc32(root) % count].write(line if line.endswith(b"\n") else line + b"\n")
            for bucket in buckets:
                yield from _gathered(bucket)
                bucket.close()


def parent_of(line: bytes) -> bytes | None:
    """The parent's id, or nothing for a root. Inside a JSON text the quotes would be escaped, so the bytes suffice."""
    at = line.rfind(_PARENT)
    if at >= 0:
        start = at + len(_PARENT)
        return line[start : line.index(b'"', start)]
    if b"__parentId" not in line:
        return None
    parent = orjson.loads(line).get("__parentId")
    return parent.encode() if isinstance(parent, str) else None


def _id_of(line: bytes) -> bytes:
    if line.startswith(_ROOT):
        return line[len(_ROOT) : line.index(b'"', len(_ROOT))]
    identity: str = orjson.loads(line)["id"]
    return identity.encode()


def _grouped(lines: BinaryIO) -> Iterator[ShopifyProduct | Unreadable]:
    root: Node | None = None
    children: list[Node] = []
    for line in lines:
        if line == b"\n":
            continue
        node = orjson.loads(line)
        if "__parentId" in node:
            children.append(node)
            continue
        if root is not None:
            yield _assembled(root, children)
        root, children = node, []
    if root is not None:
        yield _assembled(root, children)


def _gathered(bucket: BinaryIO) -> Iterator[ShopifyProduct | Unreadable]:
    bucket.seek(0)
    roots: dict[bytes, bytes] = {}
    children: dict[bytes, list[bytes]] = {}
    for line in bucket:
        parent = parent_of(line)
        if parent is None:
            roots[_id_of(line)] = line
        else:
            children.setdefault(parent, []).append(line)
    for identity, root in roots.items():
        yield _assembled(orjson.loads(root), [orjson.loads(child) for child in children.pop(identity, ())])


def _assembled(root: Node, children: list[Node]) -> ShopifyProduct | Unreadable:
    variants: list[Node] = []
    media: list[Node] = []
    collections: list[Node] = []
    metafields: list[Node] = []
    for child in children:
        # gid://shopify/ProductVariant/1: the first letter after the fixed part tells the kinds apart quickly.
        kind = child["id"][14:18]
        if kind == "Prod":
            variants.append(child)
        elif kind == "Coll":
            collections.append(child)
        elif kind == "Meta":
            metafields.append(child)
        else:
            media.append(child)
    return readable(root, variants, media, collections, metafields)
