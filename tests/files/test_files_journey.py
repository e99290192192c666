"""A seller's file from its announcement to TikTok, over real HTTP, and back again into the API."""

import asyncio

from server.domain.drafts import Picture, PictureNeed, PictureUse
from server.domain.files import StoredFileRef
from tests.files.seller import PDF, Seller, here, picture, row_of, said

CHART, MAIN = PictureUse.SIZE_CHART_IMAGE, PictureUse.MAIN_IMAGE


async def test_a_size_chart_goes_its_whole_way(seller: Seller) -> None:
    data = picture()
    target = await seller.target(said(data))
    assert target["httpMethod"] == "PUT"
    assert target["parameters"] == [{"name": "content-type", "value": "image/png"}]
    awaited = await seller.file(target["resourceId"])
    assert (awaited["state"], awaited["url"], awaited["storedAt"]) == ("AWAITING", None, None)
    answer = await seller.send(target, data)
    assert (answer.status_code, answer.json()) == (201, {"id": target["resourceId"], "state": "STORED"})

    stored = await seller.file(target["resourceId"])
    assert (stored["state"], stored["width"], stored["height"], stored["expiresAt"]) == ("STORED", 1200, 1100, None)
    assert stored["tiktokCopies"] == []
    seen = await seller.http.get(here(stored["url"]))
    assert (seen.status_code, seen.content == data, seen.headers["content-type"]) == (200, True, "image/png")
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["content-disposition"] == "inline; filename=\"sizes.png\"; filename*=UTF-8''sizes.png"

    address = StoredFileRef(row_of(target["resourceId"])).address
    need = PictureNeed(address, CHART)
    first = (await seller.uploads().shelve([need, PictureNeed(address, MAIN)]))[need]
    assert isinstance(first, Picture)
    assert (await seller.uploads().shelve([need]))[need] == first
    assert seller.stall.calls("Upload Product Image") == 2
    assert {image.use_case for image in seller.stall.world.tiktok.images.values()} == {"MAIN_IMAGE", "SIZE_CHART_IMAGE"}
    copies = (await seller.file(target["resourceId"]))["tiktokCopies"]
    assert {copy["useCase"]: copy["remoteId"] for copy in copies}["SIZE_CHART_IMAGE"] == first.uri


async def test_the_same_picture_announced_twice_is_uploaded_to_tiktok_once(seller: Seller) -> None:
    data = picture()
    ids = [await seller.stored(data, name=name) for name in ("a.png", "b.png")]
    assert ids[0] != ids[1]
    needs = [PictureNeed(StoredFileRef(row_of(one)).address, CHART) for one in ids]
    results = await seller.uploads().shelve(needs)
    assert results[needs[0]] == results[needs[1]]
    assert seller.stall.calls("Upload Product Image") == 1


async def test_a_certificate_is_uploaded_once_by_many_workers(seller: Seller) -> None:
    file_id = await seller.stored(
        PDF, name="CE Zeugnis (neu) 2.0.pdf", kind="application/pdf", purpose="CERTIFICATION_FILE"
    )
    need = PictureNeed(StoredFileRef(row_of(file_id)).address, PictureUse.CERTIFICATION_FILE)
    seller.stall.world.settings.latency_ms = 50
    results = await asyncio.gather(*(seller.uploads().shelve([need]) for _ in range(4)))
    (placed,) = {result[need] for result in results}
    assert isinstance(placed, Picture)
    (kept,) = seller.stall.world.tiktok.files.values()
    assert (placed.uri, kept.name, kept.format) == (kept.id, "CE-Zeugnis-neu-2-0.pdf", "PDF")
    assert seller.stall.calls("Upload Product File") == 1
    shown = await seller.file(file_id)
    assert [(copy["useCase"], copy["remoteId"]) for copy in shown["tiktokCopies"]] == [("CERTIFICATION_FILE", kept.id)]
    seen = await seller.http.get(here(shown["url"]))
    assert seen.headers["content-disposition"].startswith("attachment; ")
