"""Names, kinds and links: rules without a store or a network."""

import re
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from server.domain.files import (
    FilePurpose,
    FileWish,
    StoredFileRef,
    document_name,
    fault_of,
    is_whole_pdf,
    mime_type_of,
    ref_of,
)
from server.kit.links import Links
from server.services.images.conversion import Unusable, check
from tests.files.seller import PDF, picture

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.text(max_size=300))
def test_a_name_that_is_taken_is_a_bare_file_name(name: str) -> None:
    wish = FileWish(name, "image/png", 1, FilePurpose.PRODUCT_IMAGE)
    if fault_of(wish, 10) is None:
        assert name == PurePosixPath(name).name == PureWindowsPath(name).name
        assert name.casefold().endswith(".png")


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_tiktok_takes(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][^.\s]*\.[A-Za-z0-9]+", document_name(name + ".pdf"))


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("CE certificate.pdf", "CE-certificate.pdf"),
        ("Prüfbericht v1.2 (final).PDF", "Prufbericht-v1-2-final.pdf"),
        ("証明書.pdf", "document.pdf"),
        ("--x.pdf", "x.pdf"),
    ],
)
def test_names_of_documents(name: str, sent: str) -> None:
    assert document_name(name) == sent


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_kinds_are_told_by_the_first_bytes(kind: str) -> None:
    assert mime_type_of(picture(8, 8, kind)) == f"image/{kind.lower()}"


def test_other_kinds_are_not_taken() -> None:
    assert mime_type_of(PDF) == "application/pdf"
    assert mime_type_of(b"\0\0\0\x18ftypheic" + b"\0" * 9) == "image/heic"
    for data in (b"", b"<svg/>", b"PK\3\4", b"\0\0\0\x18ftypmp42", b" %PDF-1.7", picture(8, 8, "TIFF")):
        assert mime_type_of(data) is None
    assert not is_whole_pdf(PDF[:20])


def test_an_address_names_its_file_and_nothing_else() -> None:
    ref = StoredFileRef(UUID(int=7))
    assert ref_of(ref.address) == ref
    for other in ("https://shop.example/a.png", "leafmark-file:7", "leafmark-file:", "", "leafmark-files:x"):
        assert ref_of(other) is None


def test_a_link_says_one_verb_one_thing_one_end() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    said = dict(part.split("=") for part in Links([old]).query("PUT", "a", NOON).split("&"))
    rotated = Links([new, old])
    assert rotated.end_of("PUT", "a", **said) == NOON
    assert rotated.end_of("GET", "a", **said) is None
    assert rotated.end_of("PUT", "b", **said) is None
    later = str(int((NOON + timedelta(1)).timestamp()))
    assert rotated.end_of("PUT", "a", later, said["signature"]) is None
    assert rotated.end_of("PUT", "a", "", "") is None
    assert rotated.end_of("PUT", "a", "x\ny", "\udcff\N{SNOWMAN}".encode(errors="replace").decode()) is None
    assert Links([new]).end_of("PUT", "a", **said) is None


def test_a_bomb_is_refused_by_its_head() -> None:
    """100,000 by 100,000 pixels, 10 GB unpacked, in less than 100 bytes."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    packed = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    with pytest.raises(Unusable) as refused:
        check(b"\x89PNG\r\n\x1a\n" + packed)
    assert refused.value.problem.code == "IMAGE_TOO_LARGE"
