"""What is not what it was said to be, too much, too late or somebody else's: told clearly, and nothing is kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.fetch import FetchedFile
from server.domain.drafts import PictureNeed, PictureUse
from server.domain.files import StoredFileRef
from server.domain.problems import Problem
from server.services import files, shops
from server.services.access import Scope
from server.tables import FileRemoval, Lease, LocalImage, StoredFile, TikTokFile, TikTokImage
from tests.files.seller import FILE, PDF, STAGE, Seller, codes, here, picture, row_of, said
from tests.graphql.conftest import Api, make_shop, make_token
from tests.shops.platforms import count

CHART, PAPER = PictureUse.SIZE_CHART_IMAGE, PictureUse.CERTIFICATION_FILE
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


def kept(seller: Seller) -> list[Path]:
    """Every file in the store's folder."""
    folder = Path(unquote(urlsplit(seller.stall.deps.settings.files_url).path))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (said(b"x", name="../../etc/passwd.png"), "filename"),
        (said(b"x", name="..\\sizes.png"), "filename"),
        (said(b"x", name="si\u202ezes.png"), "filename"),
        (said(b"x", name=".png"), "filename"),
        (said(b"x", name="sizes.html"), "filename"),
        (said(b"x", name="s" * 252 + ".png"), "filename"),
        (said(b"x", name="sizes.svg", kind="image/svg+xml"), "mimeType"),
        (said(b"x", name="page.html", kind="text/html"), "mimeType"),
        (said(b"x", name="proof.pdf", kind="application/pdf"), "mimeType"),
        (said(b"x", purpose="CERTIFICATION_FILE"), "mimeType"),
        (said(b""), "fileSize"),
        (said(b"x") | {"fileSize": -1}, "fileSize"),
        (said(b"x") | {"fileSize": 20_000_001}, "fileSize"),
    ],
)
async def test_a_row_that_may_not_come_keeps_no_other_from_coming(
    seller: Seller, row: dict[str, object], field: str
) -> None:
    results = await seller.stage(row, said(b"x"))
    assert codes(results) == [[("INVALID", ["input", "0", field])], []]
    assert [result["target"] is None for result in results] == [True, False]
    assert await count(seller.stall.deps, StoredFile) == [1]


async def test_too_many_rows_and_too_many_bytes_in_all(seller: Seller) -> None:
    answer = await seller.api.data(STAGE, input=[said(b"x")] * 51)
    assert answer["stagedUploadCreate"]["userErrors"][0]["field"] == ["input"]
    big = said(b"x") | {"fileSize": 20_000_000}
    for _ in range(2):
        assert codes(await seller.stage(*[big] * 50)) == [[]] * 50
    assert codes(await seller.stage(said(b"x"))) == [[("CONFLICT", ["input", "0", "fileSize"])]]


@pytest.mark.parametrize(
    ("row", "data", "status", "words"),
    [
        (said(picture()), SVG.ljust(len(picture())), 422, "of no kind that can be used"),
        (said(picture()), HTML.ljust(len(picture())), 422, "of no kind that can be used"),
        (said(picture(kind="JPEG")), picture(kind="JPEG"), 422, "announced as image/png and holds image/jpeg"),
        (said(picture()), picture()[: len(picture()) // 2].ljust(len(picture())), 422, "cannot be read to its end"),
        (said(picture()), picture()[:-1], 422, "bytes, but"),
        (said(b"\0\0\0\x18ftypisom" + b"\0" * 99), b"\0\0\0\x18ftypisom" + b"\0" * 99, 422, "of no kind"),
        (said(PDF, "a.pdf", "application/pdf", "CERTIFICATION_FILE"), PDF[:-7].ljust(len(PDF)), 422, "has no end"),
        (said(PDF, "a.pdf", "application/pdf", "CERTIFICATION_FILE"), b"PK".ljust(len(PDF)), 422, "of no kind"),
        (said(picture(20_000, 5_000, "PNG", "white")), picture(20_000, 5_000, "PNG", "white"), 422, "more than can be"),
        (said(b"x"), b"x" * 2, 413, "was announced with 1 bytes"),
    ],
)
async def test_bytes_that_are_not_what_was_announced(
    seller: Seller, row: dict[str, object], data: bytes, status: int, words: str
) -> None:
    target = await seller.target(row)
    answer = await seller.send(target, data)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await seller.file(target["resourceId"]))["state"] == "AWAITING"
    assert kept(seller) == []


async def test_too_much_is_refused_while_it_streams(seller: Seller) -> None:
    target = await seller.target(said(b"x" * 1000))
    headers = {"content-type": "image/png"}
    answer = await seller.http.put(here(target["url"]), content=_stream(5_000_000), headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "INVALID")
    answer = await seller.send(target, b"x" * 5_000_000)
    assert (answer.status_code, "was announced with 1000 bytes" in answer.text) == (413, True)
    assert kept(seller) == []


async def test_whoever_never_stops_sending_is_left(seller: Seller) -> None:
    target, sent = await seller.target(said(b"x" * 1000)), [0]
    headers = {"content-type": "image/png"}
    with pytest.raises(httpx.TransportError):
        await seller.http.put(here(target["url"]), content=_stream(500_000_000, sent), headers=headers)
    assert sent[0] < 100_000_000
    assert kept(seller) == []


async def _stream(size: int, sent: list[int] | None = None) -> AsyncIterator[bytes]:
    for _ in range(size // 50_000):
        if sent is not None:
            sent[0] += 50_000
        yield b"x" * 50_000


async def test_another_content_type_is_refused_before_a_byte_is_read(seller: Seller) -> None:
    target = await seller.target(said(picture()))
    answer = await seller.send(target, picture(), **{"content-type": "text/html"})
    assert (answer.status_code, "content-type: image/png" in answer.text) == (415, True)
    assert kept(seller) == []


async def test_an_address_takes_one_file_once(seller: Seller) -> None:
    data = picture()
    target = await seller.target(said(data))
    answers = await asyncio.gather(*(seller.send(target, data) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    again = await seller.send(target, data)
    assert (again.status_code, "was used" in again.text) == (409, True)
    assert len(kept(seller)) == 1
    assert (await seller.http.get(here((await seller.file(target["resourceId"]))["url"]))).content == data


async def test_of_two_different_files_at_one_address_one_stays(seller: Seller) -> None:
    one, other = picture(color="red", kind="BMP"), picture(color="blue", kind="BMP")
    target = await seller.target(said(one, "sizes.bmp", "image/bmp"))
    answers = await asyncio.gather(seller.send(target, one), seller.send(target, other))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (left,) = kept(seller)
    assert left.read_bytes() == (one if answers[0].status_code == 201 else other)


async def test_an_address_ends_and_cannot_be_stretched(seller: Seller) -> None:
    data = picture()
    target = await seller.target(said(data))
    later = target["url"].replace("expires=", "expires=9")
    changed = [
        later,
        target["url"][:-1] + ("0" if target["url"][-1] != "0" else "1"),
        target["url"].partition("?")[0],
        target["url"].replace(str(row_of(target["resourceId"])), "00000000-0000-0000-0000-000000000001"),
    ]
    for url in changed:
        answer = await seller.send(target | {"url": url}, data)
        assert (answer.status_code, "not made by us" in answer.text) == (403, True)
    viewing = await seller.http.get(here(target["url"]))
    assert viewing.status_code == 403
    seller.stall.world.clock.advance(timedelta(minutes=15).total_seconds())
    answer = await seller.send(target, data)
    assert (answer.status_code, "has expired" in answer.text) == (410, True)
    assert kept(seller) == []


async def test_a_view_ends_and_uploads_nothing(seller: Seller) -> None:
    data = picture()
    file_id = await seller.stored(data)
    url = (await seller.file(file_id))["url"]
    assert (await seller.http.put(here(url), content=data, headers={"content-type": "image/png"})).status_code == 403
    seller.stall.world.clock.advance(timedelta(minutes=10).total_seconds())
    assert (await seller.http.get(here(url))).status_code == 410
    assert (await seller.http.get(here((await seller.file(file_id))["url"]))).status_code == 200


async def test_files_of_another_shop_are_not_there(seller: Seller) -> None:
    deps = seller.stall.deps
    file_id = await seller.stored(picture())
    token, caller = await make_token(deps, await make_shop(deps, "two.myshopify.com"))
    stranger = Api(seller.http, caller.shop_id, token, caller)
    assert (await stranger.data(FILE, id=file_id))["file"] is None
    assert (await stranger.data("query Q($id: ID!) { node(id: $id) { id } }", id=file_id))["node"] is None
    page = (await stranger.data("{ files(first: 5) { nodes { id } totalCount } }"))["files"]
    assert page == {"nodes": [], "totalCount": 0}
    document = "mutation M($id: ID!) { fileDelete(id: $id) { deletedFileId userErrors { code field } } }"
    gone = (await stranger.data(document, id=file_id))["fileDelete"]
    assert gone == {"deletedFileId": None, "userErrors": [{"code": "NOT_FOUND", "field": ["id"]}]}
    address = StoredFileRef(row_of(file_id)).address
    fetch = files.source(deps.database, deps.files, _no_web, shop_id=caller.shop_id)
    with pytest.raises(Upstream) as refused:
        await fetch(address)
    assert refused.value.code == "FILE_GONE"
    assert (await seller.file(file_id))["state"] == "STORED"


async def _no_web(url: str) -> FetchedFile:
    raise AssertionError(url)


async def test_files_need_a_scope(seller: Seller) -> None:
    deps, shop = seller.stall.deps, seller.stall.shop
    for scope, fine in ((Scope.WRITE_TEMPLATES, True), (Scope.WRITE_LISTINGS, True), (Scope.READ_PRODUCTS, False)):
        token, caller = await make_token(deps, shop.id, scope)
        answer = await Api(seller.http, shop.id, token, caller).run(STAGE, input=[said(b"x")])
        assert answer.codes == ([] if fine else ["FORBIDDEN"])
    assert await count(deps, StoredFile) == [2]


async def test_unusable_files_are_problems_and_a_silent_store_is_an_obstacle(seller: Seller) -> None:
    announced = (await seller.target(said(picture())))["resourceId"]
    chart = await seller.stored(picture())
    paper = await seller.stored(PDF, name="a.pdf", kind="application/pdf", purpose="CERTIFICATION_FILE")
    nowhere = "leafmark-file:00000000-0000-0000-0000-000000000001"
    needs = {
        "announced only": PictureNeed(StoredFileRef(row_of(announced)).address, CHART),
        "deleted": PictureNeed(nowhere, CHART),
        "a document as a chart": PictureNeed(StoredFileRef(row_of(paper)).address, CHART),
        "a chart as a document": PictureNeed(StoredFileRef(row_of(chart)).address, PAPER),
        "no document": PictureNeed(nowhere, PAPER),
        "too small": PictureNeed(StoredFileRef(row_of(await seller.stored(picture(400, 400)))).address, CHART),
    }
    results = await seller.uploads().shelve(needs.values())
    told = {name: one.code for name, need in needs.items() if isinstance(one := results[need], Problem)}
    assert told == {
        "announced only": "FILE_GONE",
        "deleted": "FILE_GONE",
        "a document as a chart": "FILE_OF_WRONG_KIND",
        "a chart as a document": "FILE_OF_WRONG_KIND",
        "no document": "FILE_GONE",
        "too small": "IMAGE_TOO_SMALL",
    }
    assert await count(seller.stall.deps, TikTokImage, TikTokFile) == [0, 0]
    (folder,) = {path.parents[2] for path in kept(seller)}
    folder.rename(folder.with_name("away"))
    lost = await seller.uploads().shelve([PictureNeed(StoredFileRef(row_of(chart)).address, CHART)])
    assert [one.code for one in lost.values() if isinstance(one, Problem)] == ["FILE_GONE"]


async def test_a_throttled_document_is_an_obstacle(seller: Seller) -> None:
    paper = await seller.stored(PDF, name="a.pdf", kind="application/pdf", purpose="CERTIFICATION_FILE")
    need = PictureNeed(StoredFileRef(row_of(paper)).address, PAPER)
    seller.stall.fault(kind="tiktok", operation="Upload Product File", code=36009002, retry_after="30", first=1)
    result = (await seller.uploads().shelve([need]))[need]
    assert isinstance(result, Upstream)
    assert result.kind is UpstreamKind.RETRYABLE
    assert seller.stall.world.tiktok.files == {}
    assert await count(seller.stall.deps, TikTokFile, Lease) == [0, 0]


async def test_what_never_came_and_what_was_deleted_is_cleaned_away(seller: Seller) -> None:
    deps = seller.stall.deps
    await seller.target(said(picture()))
    file_id = await seller.stored(picture())
    document = "mutation M($id: ID!) { fileDelete(id: $id) { deletedFileId userErrors { code } } }"
    assert (await seller.api.data(document, id=file_id))["fileDelete"] == {"deletedFileId": file_id, "userErrors": []}
    assert await seller.api.data(FILE, id=file_id) == {"file": None}
    assert await count(deps, StoredFile, LocalImage, FileRemoval) == [1, 0, 1]
    assert len(kept(seller)) == 1
    assert await files.clean(deps.database, deps.files, deps.clock) == 1
    assert kept(seller) == []
    seller.stall.world.clock.advance(timedelta(minutes=75, seconds=1).total_seconds())
    await files.clean(deps.database, deps.files, deps.clock)
    assert await count(deps, StoredFile, FileRemoval) == [0, 0]


async def test_a_forgotten_shop_leaves_no_bytes(seller: Seller) -> None:
    deps, shop = seller.stall.deps, seller.stall.shop
    await seller.stored(picture())
    async with deps.database.write() as session:
        row = await session.get(type(shop), shop.id)
        assert row is not None
        row.uninstalled_at = deps.clock()
    async with deps.database.write() as session:
        assert await shops.forget(session, shop_id=shop.id, at=deps.clock())
    assert await count(deps, StoredFile) == [0]
    await files.clean(deps.database, deps.files, deps.clock)
    assert kept(seller) == []


async def test_browsers_of_our_own_pages_may_upload_and_others_may_not(seller: Seller) -> None:
    target = await seller.target(said(picture()))
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "content-type"}
    for origin, allowed in (("https://front.example", True), ("https://evil.example", False)):
        answer = await seller.http.options(here(target["url"]), headers=asked | {"origin": origin})
        assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (
            204,
            origin if allowed else None,
        )
    answer = await seller.send(target, picture(), origin="https://front.example")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (201, "https://front.example")
