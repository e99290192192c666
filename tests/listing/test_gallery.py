"""Pictures are fetched, mended and uploaded once; a broken one is its own problem."""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html import escape

import anyio
import pytest
from PIL import Image
from sqlmodel import select

from sandbox.shopify.changes import change_product
from server.clients.errors import Upstream, UpstreamKind
from server.clients.fetch import FetchedFile
from server.clients.verdicts import Verdict
from server.domain.drafts import Picture, PictureNeed, PictureUse
from server.domain.problems import Problem
from server.kit.errors import Unavailable
from server.services import images, tiktok_shops
from server.services.images import Gallery
from server.services.images import gallery as gallery_module
from server.services.images.conversion import Unusable, check, converted, fits
from server.tables import TikTokImage
from tests.listing.stall import Stall, a_product, codes

MAIN, VARIANT = PictureUse.MAIN_IMAGE, PictureUse.ATTRIBUTE_IMAGE
GONE = Upstream(Verdict(UpstreamKind.MERCHANT_MUST_FIX, "IMAGE_UNREACHABLE", ("images",)), operation="fetch")
SLOW = Upstream(Verdict(UpstreamKind.RETRYABLE, "IMAGE_UNREACHABLE", ("images",)), operation="fetch")


def picture(
    width: int = 600,
    height: int = 600,
    kind: str = "JPEG",
    color: str | tuple[int, int, int] = "red",
    mode: str = "RGB",
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), color).save(file, kind)
    return file.getvalue()


def truncated_exif() -> bytes:
    """A JPEG whose turning is told in a block that breaks off: Pillow then raises ``struct.error``."""
    data, head = picture(), b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x05\x01"
    return data[:2] + b"\xff\xe1" + (len(head) + 2).to_bytes(2, "big") + head + data[2:]


def gallery(stall: Stall, files: Mapping[str, bytes | Upstream]) -> Gallery:
    deps = stall.deps

    async def fetch(url: str) -> FetchedFile:
        found = files[url]
        if isinstance(found, Upstream):
            raise found
        return FetchedFile(found, "image/jpeg", url)

    access = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **stall.where, clock=deps.clock)
    return Gallery(deps.database, deps.tiktok, access, fetch, **stall.where, clock=deps.clock, slots=anyio.Semaphore(8))


async def test_one_content_is_uploaded_once_for_each_use(stall: Stall) -> None:
    files = {"http://a/1": picture(), "http://a/2": picture(), "http://a/3": picture(color="blue")}
    needs = [PictureNeed(url, MAIN) for url in files] + [PictureNeed("http://a/1", VARIANT)]
    first = await gallery(stall, files).shelve(needs)
    assert stall.calls("Upload Product Image") == 3
    assert first[needs[0]] == first[needs[1]]
    assert first[needs[0]] != first[needs[2]]
    assert first[needs[0]] != first[needs[3]]
    again = await gallery(stall, {}).shelve(needs)
    assert again == first
    assert stall.calls("Upload Product Image") == 3


async def test_two_workers_upload_a_picture_once(stall: Stall) -> None:
    stall.world.settings.latency_ms = 50
    files: dict[str, bytes | Upstream] = {
        f"http://a/{at}": picture(color="red" if at % 2 else "blue") for at in range(10)
    }
    needs = [PictureNeed(url, MAIN) for url in files]
    results = await asyncio.gather(*(gallery(stall, files).shelve(needs) for _ in range(4)))
    assert stall.calls("Upload Product Image") == 2
    assert results[1:] == results[:-1]
    assert all(isinstance(result, Picture) for result in results[0].values())


async def test_a_shared_picture_goes_up_once_however_long_its_upload_waits(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight chunks need the same pictures; uploads wait for slots far longer than a claim lives without renewal."""
    monkeypatch.setattr(gallery_module, "_STALE", timedelta(seconds=2.5))
    monkeypatch.setattr(gallery_module, "_RENEW_EVERY", 0.1)
    stall.world.settings.latency_ms = 800
    files = {f"http://a/{at}": picture(color=(50 * at, 0, 0)) for at in range(5)}
    needs, slots = [PictureNeed(url, MAIN) for url in files], anyio.Semaphore(1)
    chunks = [replace(gallery(stall, files), slots=slots).shelve(needs) for _ in range(8)]
    results = await asyncio.gather(*chunks, return_exceptions=True)
    assert [one for one in results if isinstance(one, BaseException)] == []
    assert stall.calls("Upload Product Image") == len(files)
    assert results[1:] == results[:-1]
    assert isinstance(results[0], dict)
    assert {type(one) for one in results[0].values()} == {Picture}


async def test_an_upload_that_another_worker_gave_up_is_done_by_those_who_wait(stall: Stall) -> None:
    """Its holder met an obstacle; the one who waits does not fail for it, and does not wait to the end."""
    stall.world.settings.latency_ms = 100
    data, need = picture(), PictureNeed("http://a/1", MAIN)
    stall.fault(kind="http", operation="Upload Product Image", status=500, first=4)
    results = await asyncio.gather(*(gallery(stall, {need.url: data}).shelve([need]) for _ in range(3)))
    assert sorted(type(one[need]).__name__ for one in results) == ["Picture", "Picture", "Upstream"]
    assert stall.calls("Upload Product Image") == 5


@pytest.mark.parametrize("gone", [61.0, 0.0])
async def test_what_a_dead_worker_began_is_done_by_the_next(
    stall: Stall, gone: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once when it fell silent long ago; else as soon as that shows."""
    monkeypatch.setattr(gallery_module, "_STALE", timedelta(seconds=1))
    data, need = picture(), PictureNeed("http://a/1", MAIN)
    claim = TikTokImage(
        shop_id=stall.shop.id,
        tiktok_shop_id=stall.tiktok_shop.id,
        use_case=MAIN,
        content_hash=hashlib.sha256(data).hexdigest(),
        uri="",
        uploaded_at=stall.deps.clock(),
    )
    async with stall.deps.database.write() as session:
        session.add(claim)
    stall.world.clock.advance(gone)
    assert isinstance((await gallery(stall, {need.url: data}).shelve([need]))[need], Picture)


async def test_broken_pictures_and_obstacles_are_told_apart(stall: Stall) -> None:
    files: dict[str, bytes | Upstream] = {
        "http://a/gone": GONE,
        "http://a/slow": SLOW,
        "http://a/torn": picture()[:200],
        "http://a/tiny": picture(120, 120),
        "http://a/turned": truncated_exif(),
        "http://a/fine": picture(),
    }
    results = await gallery(stall, files).shelve(PictureNeed(url, MAIN) for url in files)
    told = {need.url[9:]: result for need, result in results.items()}
    assert isinstance(told["fine"], Picture)
    assert told["slow"] is SLOW
    found = {name: one.code for name, one in told.items() if isinstance(one, Problem)}
    assert found == {
        "gone": "IMAGE_UNREACHABLE",
        "torn": "IMAGE_DAMAGED",
        "tiny": "IMAGE_TOO_SMALL",
        "turned": "IMAGE_DAMAGED",
    }


async def test_a_refused_picture_is_converted_and_sent_again(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Upload Product Image", code=12038015, first=1)
    need = PictureNeed("http://a/1", MAIN)
    results = await gallery(stall, {"http://a/1": picture(kind="PNG")}).shelve([need])
    assert isinstance(results[need], Picture)
    assert stall.calls("Upload Product Image") == 2


async def test_a_throttled_upload_is_an_obstacle_and_leaves_no_claim(stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Upload Product Image", code=36009002, retry_after="30")
    need = PictureNeed("http://a/1", MAIN)
    shelf = gallery(stall, {"http://a/1": picture()})
    result = (await shelf.shelve([need]))[need]
    assert isinstance(result, Upstream)
    assert result.kind is UpstreamKind.RETRYABLE
    async with stall.deps.database.read() as session:
        assert (await session.exec(select(TikTokImage))).all() == []


async def test_a_picture_that_cannot_be_sent_for_want_of_a_token_waits(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that is being renewed for too long is an obstacle of each picture, not the end of the slice."""

    async def nobody(*_args: object, **_named: object) -> None:
        raise Unavailable("The connection is being renewed and this takes too long; try again in a minute.")

    need = PictureNeed("http://a/1", MAIN)
    shelf = gallery(stall, {need.url: picture()})
    monkeypatch.setattr(type(shelf.access), "current", nobody)
    result = (await shelf.shelve([need]))[need]
    assert isinstance(result, Upstream)
    assert (result.kind, result.code, result.outcome_unknown) == (UpstreamKind.RETRYABLE, "PLATFORM_BUSY", False)
    assert stall.calls("Upload Product Image") == 0
    async with stall.deps.database.read() as session:
        assert (await session.exec(select(TikTokImage))).all() == []


async def test_a_products_broken_picture_is_a_warning_while_another_is_fine(stall: Stall) -> None:
    fine = {"slot": 2, "kind": "png", "width": 600, "height": 600}
    missing = {"slot": 1, "kind": "jpg", "width": 600, "height": 600, "flaw": "missing"}
    text = {"slot": 3, "kind": "jpg", "width": 600, "height": 600, "flaw": "text"}
    half = a_product("Candle with a broken picture", images=[missing, fine, text])
    lost = a_product("Candle with broken pictures", images=[missing])
    task = await stall.listed(half, lost)
    good, bad = await stall.items(task)
    assert (good.state, codes(good)) == ("SUCCEEDED", ["IMAGE_UNREACHABLE", "IMAGE_UNREADABLE"])
    assert [problem["path"] for problem in good.problems] == [["images", "0"], ["images", "2"]]
    assert (bad.state, codes(bad)) == ("FAILED", ["IMAGE_UNREACHABLE", "IMAGES_ALL_BROKEN"])
    products = await stall.products()
    async with stall.deps.database.read() as session:
        shown = await images.of_products(
            session,
            shop_id=stall.shop.id,
            product_ids=[one.id for one in products],
            tiktok_shop_id=stall.tiktok_shop.id,
        )
    assert [[one.uploaded is not None for one in shown[product.id]] for product in products] == [
        [False, True, False],
        [False],
    ]


async def test_pictures_in_the_description_move_to_tiktok(stall: Stall) -> None:
    (product,) = await stall.imported(a_product())
    async with stall.deps.database.read() as session:
        shown = await images.of_products(session, shop_id=stall.shop.id, product_ids=[product.id])
    url = shown[product.id][0].local.url
    text = f'<p>Look</p><img src="{escape(url)}" width="9"><img src="{escape(url)}"><img src="http://127.0.0.1:9/gone.png">'
    change_product(stall.world, product.remote_id, {"html": text})
    await stall.imported()
    task = await stall.played(await stall.activated(await stall.template()))
    (item,) = await stall.items(task)
    assert (item.state, codes(item)) == ("SUCCEEDED", ["DESCRIPTION_IMAGE_LEFT_OUT"])
    (made,) = stall.world.tiktok.products.values()
    assert made.base.description.count("<img ") == 2
    assert url not in made.base.description
    assert 'width="600" height="600"' in made.base.description


@pytest.mark.parametrize(
    ("data", "use", "size"),
    [
        (picture(600, 600), MAIN, None),
        (picture(200, 400), MAIN, (300, 600)),
        (picture(200, 400), VARIANT, None),
        (picture(5000, 1000), MAIN, (4000, 800)),
        (picture(4000, 900), PictureUse.DESCRIPTION_IMAGE, (3999, 900)),
        (picture(400, 400, "GIF"), MAIN, (400, 400)),
        (picture(400, 400, "TIFF"), MAIN, (400, 400)),
        (picture(400, 400, "PNG", mode="RGBA"), MAIN, None),
    ],
)
def test_pictures_are_made_to_fit(data: bytes, use: PictureUse, size: tuple[int, int] | None) -> None:
    checked = check(data)
    assert fits(checked, use) is (size is None)
    if size is not None:
        mended = check(converted(checked, use))
        assert (mended.kind, mended.width, mended.height) == ("JPEG", *size)
        assert fits(mended, use)


def test_turned_pictures_and_bombs() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 200)).save(file, "JPEG", exif=exif)
    turned = check(file.getvalue())
    assert (turned.width, turned.height) == (200, 600)
    assert check(converted(turned, MAIN)).height == 900
    with pytest.raises(Unusable) as caught:
        check(picture(20_000, 5_000, "PNG", mode="1", color="white"))
    assert caught.value.problem.code == "IMAGE_TOO_LARGE"
    with pytest.raises(Unusable):
        check(b"not a picture at all")
    heic = check(b"\0\0\0\x18ftypheic" + b"\0" * 100)
    assert fits(heic, MAIN)
    with pytest.raises(Unusable):
        converted(replace(heic, data=b"x"), MAIN)
