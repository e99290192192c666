"""Files that sellers upload to us: what for, of which kinds, under which names (TikTok fact sheet 3.4, 3.5)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

PDF: Final = "application/pdf"
MOST_BYTES: Final = 20_000_000
"""TikTok takes documents up to 20 MB; larger pictures than it takes are shrunk, as those fetched over HTTP are."""

SCHEME: Final = "leafmark-file"
_BEFORE_ID: Final = f"{SCHEME}:"
_LONGEST_NAME: Final = 255
_LONGEST_STEM: Final = 100
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")


class FilePurpose(StrEnum):
    """What a file is for. The certifications of a leaf are what sellers know as attributes filled by a file."""

    PRODUCT_IMAGE = "PRODUCT_IMAGE"
    ATTRIBUTE_IMAGE = "ATTRIBUTE_IMAGE"
    CERTIFICATION_IMAGE = "CERTIFICATION_IMAGE"
    CERTIFICATION_FILE = "CERTIFICATION_FILE"
    SIZE_CHART_IMAGE = "SIZE_CHART_IMAGE"

    @property
    def is_document(self) -> bool:
        """Whether it takes a PDF; all others take pictures."""
        return self is FilePurpose.CERTIFICATION_FILE


class FileState(StrEnum):
    """Announced, or here."""

    AWAITING = "AWAITING"
    STORED = "STORED"


@dataclass(frozen=True, slots=True)
class StoredFileRef:
    """A seller's uploaded file, wherever a picture's ``uri`` or a document's id would stand."""

    file_id: UUID

    @property
    def address(self) -> str:
        """Its address inside Leafmark; ``PictureNeed.url`` and ``LocalImage.url`` hold it instead of a web address."""
        return f"{_BEFORE_ID}{self.file_id}"


def ref_of(address: str) -> StoredFileRef | None:
    """The stored file that an address names, or nothing when it is a web address."""
    if not address.startswith(_BEFORE_ID):
        return None
    try:
        return StoredFileRef(UUID(address.removeprefix(_BEFORE_ID)))
    except ValueError:
        return None


PICTURE_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "image/bmp": ("bmp",),
    "image/gif": ("gif",),
}
"""Kinds of pictures we take, with the endings of their names. What TikTok does not take is converted. No SVG: it can
hold scripts."""
_DOCUMENT_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {PDF: ("pdf",)}


@dataclass(frozen=True, slots=True)
class FileWish:
    """A file that a seller is about to upload, in the seller's words."""

    name: str
    mime_type: str
    size: int
    purpose: FilePurpose


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which field of a wish."""

    field: str
    message: str


def fault_of(wish: FileWish, most_bytes: int) -> Fault | None:
    """The first reason not to take the file; nothing when it may come."""
    kinds = _DOCUMENT_ENDINGS if wish.purpose.is_document else PICTURE_ENDINGS
    if wish.mime_type not in kinds:
        return Fault("mimeType", f"For this purpose a file is one of {', '.join(kinds)}.")
    if (fault := _fault_of_name(wish.name, kinds[wish.mime_type])) is not None:
        return fault
    if wish.size < 1:
        return Fault("fileSize", "Say how many bytes the file has; an empty file cannot be used.")
    if wish.size > most_bytes:
        return Fault("fileSize", f"A file has at most {most_bytes} bytes. Make it smaller, or split it.")
    return None


def _fault_of_name(name: str, endings: tuple[str, ...]) -> Fault | None:
    if not name.strip() or len(name) > _LONGEST_NAME:
        return Fault("filename", f"A file's name has 1 to {_LONGEST_NAME} characters.")
    if any(sign in name for sign in "/\\") or any(unicodedata.category(sign).startswith("C") for sign in name):
        return Fault("filename", "Give the file's bare name: no folders, no slashes, no control characters.")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem.strip(" .") or ending.casefold() not in endings:
        return Fault("filename", f"With this type the name must end in .{' or .'.join(endings)}.")
    return None


_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MAGIC: Final = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"BM", 0, "image/bmp"),
    (b"%PDF-", 0, PDF),
)


def mime_type_of(data: bytes) -> str | None:
    """What the first bytes say, whatever anybody called it; nothing for kinds that we do not take."""
    if data[4:8] == b"ftyp":
        return "image/heic" if data[8:12] in _HEIC else None
    return next((kind for magic, at, kind in _MAGIC if data[at : at + len(magic)] == magic), None)


def is_whole_pdf(data: bytes) -> bool:
    """Whether a PDF has its head and its end; one that broke off on the way has no end."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def document_name(name: str) -> str:
    """The name under which TikTok takes a PDF: one dot, no blank, a letter or digit first."""
    plain = unicodedata.normalize("NFKD", name.rpartition(".")[0]).encode("ascii", "ignore").decode()
    stem = _UNSAFE.sub("-", plain).strip("-_")[:_LONGEST_STEM]
    return f"{stem or 'document'}.pdf"
