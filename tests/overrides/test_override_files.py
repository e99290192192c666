"""Files of overrides over the API: looked at, applied as a whole, and out again without a change."""

import csv
import io
from typing import Any

import pytest

from server.kit.ids import to_gid
from tests.graphql.conftest import Seller, api, app, http, seller, shop_id

__all__ = ["api", "app", "http", "seller", "shop_id"]

EXPORT = """query E($shop: ID!, $first: Int!, $after: String, $all: Boolean!) {
    productOverridesExport(tiktokShopId: $shop, first: $first, after: $after, allProducts: $all) {
        csv productsCount endCursor } }"""
IMPORT = """mutation I($input: ProductOverridesImportInput!) { productOverridesImport(input: $input) {
    report { applied productsCount changedCount clearedCount unchangedCount faults { row column message } }
    userErrors { code field message } } }"""


async def exported(seller: Seller, *, everything: bool = False, first: int = 2) -> str:
    parts, after = [], None
    while True:
        data = await seller.api.data(EXPORT, shop=seller.tiktok_gid, first=first, after=after, all=everything)
        page = data["productOverridesExport"]
        parts.append(page["csv"])
        after = page["endCursor"]
        if after is None:
            return "".join(parts)


async def imported(seller: Seller, text: str, *, dry: bool = False) -> dict[str, Any]:
    asked = {"tiktokShopId": seller.tiktok_gid, "csv": text, "dryRun": dry}
    payload = (await seller.api.data(IMPORT, input=asked))["productOverridesImport"]
    assert payload["userErrors"] == []
    report: dict[str, Any] = payload["report"]
    return report


def counts(report: dict[str, Any]) -> tuple[bool, int, int, int]:
    return report["applied"], report["changedCount"], report["clearedCount"], report["unchangedCount"]


def edited(text: str, *changes: dict[str, str]) -> str:
    """The file with cells of its first lines changed; new columns are added."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row, change in zip(rows, changes, strict=False):
        row |= change
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
async def shop(seller: Seller) -> Seller:
    await seller.add_products(3)
    return seller


async def test_what_is_edited_in_a_spreadsheet_is_applied_and_comes_out_again(shop: Seller) -> None:
    empty = await exported(shop, everything=True)
    assert len(empty.splitlines()) == 4
    assert await exported(shop) == empty.splitlines()[0] + "\r\n"
    mug = {"title": "=Mug", "category_id": "2", "category_version": "v2", "attribute:100": "Red | #17"}
    text = edited(empty, mug, {"weight": "0.4", "variant_id": "gid://shopify/ProductVariant/1-0", "price": "9.90"})
    assert counts(await imported(shop, text, dry=True)) == (False, 2, 0, 1)
    assert await exported(shop) == empty.splitlines()[0] + "\r\n"
    assert counts(await imported(shop, text)) == (True, 2, 0, 1)
    out = await exported(shop, everything=True)
    assert counts(await imported(shop, out)) == (True, 0, 0, 3)
    assert await exported(shop, everything=True) == out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert (rows[0]["title"], rows[0]["attribute:100"], rows[1]["price"]) == ("'=Mug", "Red | #17", "9.9")
    assert counts(await imported(shop, empty)) == (True, 0, 2, 1)
    assert await exported(shop) == empty.splitlines()[0] + "\r\n"


async def test_one_fault_keeps_the_whole_file_out(shop: Seller) -> None:
    text = edited(
        await exported(shop, everything=True),
        {"title": "A good title"},
        {"weight": "heavy", "category_id": "1", "category_version": "v2"},
        {"product_id": to_gid("Product", shop.shop_id), "title": "Nobody's"},
    )
    report = await imported(shop, text)
    assert (report["applied"], report["productsCount"]) == (False, 3)
    assert [(fault["row"], fault["column"]) for fault in report["faults"]] == [(3, "category_id"), (4, "product_id")]
    assert len((await exported(shop)).splitlines()) == 1
    again = await imported(shop, edited(await exported(shop, everything=True), {"weight": "heavy", "title": ""}))
    assert [(fault["row"], fault["column"]) for fault in again["faults"]] == [(2, "weight")]


async def test_what_is_no_file_is_told(shop: Seller) -> None:
    report = await imported(shop, "not,a,file\n1,2,3\n")
    assert [fault["column"] for fault in report["faults"]] == ["not", "a", "file", "product_id"]
    answer = await shop.api.run(EXPORT, shop=shop.tiktok_gid, first=5000, after=None, all=True)
    assert answer.codes == ["BAD_USER_INPUT"]
