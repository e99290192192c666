"""Uploads: images and files (TikTok fact sheet 3.4, 3.5)."""

import pytest

from tests.sandbox_tiktok.conftest import Caller, form, picture

IMAGES = "/product/202309/images/upload"
FILES = "/product/202309/files/upload"


def _heic(width: int, height: int) -> bytes:
    ispe = b"\x00\x00\x00\x14ispe\x00\x00\x00\x00" + width.to_bytes(4) + height.to_bytes(4)
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + ispe


SIZES = [
    ("square", picture(300, 300), "MAIN_IMAGE", (300, 300)),
    ("3:4 stays", picture(600, 800), "MAIN_IMAGE", (600, 800)),
    ("wide becomes square", picture(900, 600), "MAIN_IMAGE", (900, 900)),
    ("wide variant too", picture(400, 200, "JPEG"), "ATTRIBUTE_IMAGE", (400, 400)),
    ("wide description stays", picture(900, 100, "WEBP"), "DESCRIPTION_IMAGE", (900, 100)),
    ("chart", picture(1024, 2048, "BMP"), "SIZE_CHART_IMAGE", (1024, 2048)),
    ("HEIC", _heic(640, 480), "MAIN_IMAGE", (640, 480)),
    ("20,000 px", picture(20_000, 100), "CERTIFICATION_IMAGE", (20_000, 100)),
]


@pytest.mark.parametrize(("_case", "raw", "use_case", "size"), SIZES, ids=[one[0] for one in SIZES])
async def test_images(shop: Caller, _case: str, raw: bytes, use_case: str, size: tuple[int, int]) -> None:
    data = await shop.ok("POST", IMAGES, **form(raw, use_case))
    assert ((data["width"], data["height"]), data["use_case"]) == (size, use_case)
    assert data["uri"] in shop.world.tiktok.images
    assert data["uri"] in data["url"]


REFUSED = [
    ("empty", b"", "MAIN_IMAGE", 12038002),
    ("no image", b"hello", "MAIN_IMAGE", 12038004),
    ("GIF", picture(400, 400, "GIF"), "MAIN_IMAGE", 12038004),
    ("cut off", picture(400, 400)[:20], "MAIN_IMAGE", 12038015),
    ("tiny", picture(99, 400), "DESCRIPTION_IMAGE", 12038014),
    ("too long", picture(20_001, 100), "DESCRIPTION_IMAGE", 12038014),
    ("main too small", picture(299, 400), "MAIN_IMAGE", 12019116),
    ("main too large", picture(4001, 400), "MAIN_IMAGE", 12019116),
    ("chart too small", picture(1023, 2000), "SIZE_CHART_IMAGE", 12019116),
    ("too big", picture(400, 400) + b"\0" * 10 * 1024 * 1024, "MAIN_IMAGE", 12038005),
    ("use case unknown", picture(400, 400), "SELFIE", 11050001),
]


@pytest.mark.parametrize(("_case", "raw", "use_case", "code"), REFUSED, ids=[one[0] for one in REFUSED])
async def test_refused_images(shop: Caller, _case: str, raw: bytes, use_case: str, code: int) -> None:
    assert await shop.code("POST", IMAGES, **form(raw, use_case)) == code
    assert not shop.world.tiktok.images


async def test_use_case_may_be_left_out_and_the_file_not(shop: Caller) -> None:
    assert (await shop.ok("POST", IMAGES, **form(picture(400, 400), None)))["use_case"] == "MAIN_IMAGE"
    no_file = form(b"") | {"content": b'--bnd\r\ncontent-disposition: form-data; name="data"\r\n\r\nx\r\n--bnd--\r\n'}
    assert await shop.code("POST", IMAGES, **no_file) == 11050001
    assert await shop.code("POST", IMAGES, **(form(b"") | {"content": b"nonsense"})) in (11050001, 36009022)


NAMES = [
    ("proof.pdf", b"%PDF-1.7", 0),
    ("clip.mp4", b"video", 0),
    ("proof.pdf", b"hello", 12038004),
    ("two.dots.pdf", b"%PDF-", 12019105),
    ("with space.pdf", b"%PDF-", 12019105),
    ("_symbol.pdf", b"%PDF-", 12019105),
    ("table.xlsx", b"x", 12019105),
    ("", b"%PDF-", 12019104),
    ("proof.pdf", b"", 12019103),
]


@pytest.mark.parametrize(("name", "raw", "code"), NAMES)
async def test_files(shop: Caller, name: str, raw: bytes, code: int) -> None:
    body = form(raw, None)
    field = b'--bnd\r\ncontent-disposition: form-data; name="name"\r\n\r\n' + name.encode() + b"\r\n"
    answer = await shop.call("POST", FILES, **(body | {"content": field + body["content"]}))
    assert answer["code"] == code
    assert len(shop.world.tiktok.files) == (code == 0)
    if code == 0:
        assert answer["data"]["format"] == name.partition(".")[2].upper()
