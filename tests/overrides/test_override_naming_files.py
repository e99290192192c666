"""Products' own settings and a shop's defaults name only files that the shop has, of the right kind."""

from typing import Any
from uuid import UUID

import pytest

from server.deps import Deps
from server.domain.files import FilePurpose, FileState
from server.kit.ids import new_id
from server.services.templates import defaults
from server.services.templates.drafts import TemplateInvalid
from server.store import files
from server.tables import StoredFile, TikTokShop
from tests.graphql.conftest import Seller, app, http, make_shop, seller

__all__ = ["app", "http", "seller"]

SET = """mutation S($input: ProductOverrideSetInput!) { productOverrideSet(input: $input) {
    results { done userErrors { code field message } } userErrors { code field message } } }"""
NO_FILE = "There is no such file in this shop: upload it first, with stagedUploadCreate."


async def stored(deps: Deps, shop_id: UUID, purpose: FilePurpose, name: str) -> UUID:
    """A file that is here; its bytes are nobody's business."""
    row = StoredFile(
        shop_id=shop_id,
        purpose=purpose,
        name=name,
        mime_type="application/pdf" if purpose.is_document else "image/png",
        size=1,
        state=FileState.STORED,
        created_at=deps.clock(),
        created_by="user:42",
    )
    async with deps.database.write() as session:
        session.add(row)
    return row.id


async def forgotten(deps: Deps, shop_id: UUID, file_id: UUID) -> None:
    async with deps.database.write() as session:
        await session.delete((await files.by_ids(session, shop_id=shop_id, ids=[file_id]))[file_id])


async def told(seller: Seller, *rows: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """Each row's faults, as path and sentence; none means that it was done."""
    payload = await seller.api.data(SET, input={"tiktokShopId": seller.tiktok_gid, "overrides": list(rows)})
    results = payload["productOverrideSet"]["results"]
    found = [[(".".join(one["field"][3:]), one["message"]) for one in row["userErrors"]] for row in results]
    assert [row["done"] for row in results] == [not faults for faults in found]
    return found


async def test_an_override_names_only_files_of_its_shop_and_of_the_right_kind(seller: Seller) -> None:
    good, bad, strange = (f"gid://leafmark/Product/{one}" for one in await seller.add_products(3))
    picture = await stored(seller.deps, seller.shop_id, FilePurpose.PRODUCT_IMAGE, "a.png")
    paper = await stored(seller.deps, seller.shop_id, FilePurpose.CERTIFICATION_FILE, "cpc.pdf")
    other = await make_shop(seller.deps, "two.myshopify.com")
    strangers = await stored(seller.deps, other, FilePurpose.PRODUCT_IMAGE, "b.png")
    rows = [
        {"productId": good, "pictures": ["https://a/1.png", f"leafmark-file:{picture}"]},
        {"productId": bad, "pictures": [f"leafmark-file:{picture}", f"leafmark-file:{paper}"]},
        {"productId": strange, "pictures": [f"leafmark-file:{strangers}"]},
    ]
    assert await told(seller, *rows) == [
        [],
        [("pictures.1", "“cpc.pdf” is no picture; name one.")],
        [("pictures.0", NO_FILE)],
    ]
    await forgotten(seller.deps, seller.shop_id, picture)
    assert await told(seller, {"productId": good, "title": "What it named before may stay"}) == [[]]
    assert await told(seller, {"productId": bad, "pictures": [f"leafmark-file:{picture}"]}) == [
        [("pictures.0", NO_FILE)]
    ]


async def test_a_shops_defaults_name_only_its_files(seller: Seller) -> None:
    where = {"shop_id": seller.shop_id, "tiktok_shop_id": seller.tiktok_shop_id}
    paper = await stored(seller.deps, seller.shop_id, FilePurpose.CERTIFICATION_FILE, "cpc.pdf")

    async def named(file_id: UUID) -> dict[str, Any]:
        content = {"certifications": [{"id": "1", "files": [{"name": "a.pdf", "file_id": str(file_id)}]}]}
        async with seller.deps.database.write() as session:
            return (await defaults.set_defaults(session, **where, content=content)).defaults

    with pytest.raises(TemplateInvalid) as refused:
        await named(new_id())
    assert [(fault.field[2:], fault.message) for fault in refused.value.faults] == [
        (("certifications", "0", "files", "0", "file_id"), NO_FILE)
    ]
    async with seller.deps.database.read() as session:
        row = await session.get(TikTokShop, seller.tiktok_shop_id)
        assert row is not None
        assert row.defaults == {}
    assert (await named(paper))["certifications"][0]["files"][0]["file_id"] == str(paper)
