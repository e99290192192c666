"""Files of overrides over the API: looked at, applied as a whole, and out again without a change."""

import csv
import io
import json
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
    text = edited(
        empty,
        mug,
        {"weight": "0.4", "weight_unit": "KILOGRAM", "variant_id": "gid://shopify/ProductVariant/1-0", "price": "9.90"},
    )
    assert counts(await imported(shop, text, dry=True)) == (False, 2, 0, 1)
    assert await exported(shop) == empty.splitlines()[0] + "\r\n"
    assert counts(await imported(shop, text)) == (True, 2, 0, 1)
    out = await exported(shop, everything=True)
    assert counts(await imported(shop, out)) == (True, 0, 0, 3)
    assert await exported(shop, everything=True) == out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert (rows[0]["title"], rows[0]["attribute:100"], rows[1]["price"]) == ("'=Mug", "Red | #17", "9.9")
    assert counts(await imported(shop, empty)) == (True, 1, 1, 1)
    (left,) = csv.DictReader(io.StringIO(await exported(shop), newline=""))
    assert {name: cell for name, cell in left.items() if cell} == {
        "product_id": rows[0]["product_id"],
        "store_title": "Mug 0",
        "attribute:100": "Red | #17",
    }
    nothing = edited(empty, {"attribute:100": ""})
    assert counts(await imported(shop, nothing)) == (True, 0, 1, 2)
    assert await exported(shop) == empty.splitlines()[0] + "\r\n"


async def test_all_parts_have_the_columns_of_the_first(shop: Seller) -> None:
    """An attribute that a product gets between two parts stands in the column of the rest, and comes back from it."""
    whole = edited(await exported(shop, everything=True), {"title": "One", "attribute:100": "Red"}, {"title": "Two"})
    assert counts(await imported(shop, whole)) == (True, 2, 0, 1)
    asked = {"shop": shop.tiktok_gid, "first": 1, "all": False}
    first = (await shop.api.data(EXPORT, **asked, after=None))["productOverridesExport"]
    [_, second] = csv.DictReader(io.StringIO(await exported(shop), newline=""))
    assert counts(await imported(shop, f"product_id,attribute:200\n{second['product_id']},Blue\n"))[:2] == (True, 1)
    rest = (await shop.api.data(EXPORT, **asked, after=first["endCursor"]))["productOverridesExport"]
    rows = list(csv.DictReader(io.StringIO(first["csv"] + rest["csv"], newline="")))
    assert [(row["title"], row["attribute:100"], None in row) for row in rows] == [
        ("One", "Red", False), ("Two", "", False),
    ]  # fmt: skip
    assert json.loads(rows[1]["more"])["attributes"][0]["id"] == "200"
    assert counts(await imported(shop, first["csv"] + rest["csv"])) == (True, 0, 0, 2)


@pytest.mark.parametrize("after", ["", "!", "W10", "W251bGxd", "WyJ4Il0", "gid://leafmark/Product/1"])
async def test_a_cursor_that_ends_no_part_is_told(shop: Seller, after: str) -> None:
    answer = await shop.api.run(EXPORT, shop=shop.tiktok_gid, first=1, after=after, all=True)
    assert (answer.codes, answer.body["errors"][0]["extensions"]["field"]) == (["BAD_USER_INPUT"], ["after"])


async def test_a_file_cut_down_to_titles_touches_nothing_else(shop: Seller) -> None:
    full = edited(
        await exported(shop, everything=True),
        {"title": "One", "category_id": "2", "category_version": "v2", "brand_id": "77", "attribute:100": "Red"},
        {"title": "Two", "weight": "0.4", "weight_unit": "POUND", "sku": "S", "price": "9", "quantity": "5"},
    )
    await imported(shop, full)
    rows = list(csv.DictReader(io.StringIO(await exported(shop), newline="")))
    narrow = f"product_id,title\n{rows[0]['product_id']},Uno\n{rows[1]['product_id']},\n"
    assert counts(await imported(shop, narrow)) == (True, 2, 0, 0)
    now = list(csv.DictReader(io.StringIO(await exported(shop), newline="")))
    assert now == [rows[0] | {"title": "Uno"}, rows[1] | {"title": ""}]


async def test_a_line_that_was_cut_off_keeps_the_whole_file_out(shop: Seller) -> None:
    full = edited(await exported(shop, everything=True), {"title": "One", "brand_id": "77"}, {"title": "Two"})
    await imported(shop, full)
    before = await exported(shop)
    header, first, second, *_ = before.splitlines()
    report = await imported(shop, f"{header}\n{first.replace('One', 'Uno')}\n{second.rstrip(',')}\n")
    assert [(fault["row"], fault["column"]) for fault in report["faults"]] == [(3, "")]
    assert (report["applied"], await exported(shop)) == (False, before)


async def test_one_product_in_two_spellings_is_told(shop: Seller) -> None:
    rows = list(csv.DictReader(io.StringIO(await exported(shop, everything=True), newline="")))
    kind, _, number = rows[0]["product_id"].rpartition("/")
    report = await imported(shop, f"product_id,title\n{kind}/{number},A\n{kind}/{number.upper()},B\n")
    assert [(fault["row"], fault["column"]) for fault in report["faults"]] == [(3, "product_id")]
    assert len((await exported(shop)).splitlines()) == 1


async def test_one_fault_keeps_the_whole_file_out(shop: Seller) -> None:
    text = edited(
        await exported(shop, everything=True),
        {"title": "A good title"},
        {"weight": "heavy", "weight_unit": "POUND", "category_id": "1", "category_version": "v2"},
        {"product_id": to_gid("Product", shop.shop_id), "title": "Nobody's"},
    )
    report = await imported(shop, text)
    assert (report["applied"], report["productsCount"]) == (False, 3)
    told = [(fault["row"], fault["column"]) for fault in report["faults"]]
    assert told == [(3, "category_id"), (3, "weight"), (4, "product_id")]
    assert len((await exported(shop)).splitlines()) == 1
    heavy = {"weight": "heavy", "weight_unit": "POUND", "title": ""}
    again = await imported(shop, edited(await exported(shop, everything=True), heavy))
    assert [(fault["row"], fault["column"]) for fault in again["faults"]] == [(2, "weight")]


async def test_what_is_no_file_is_told(shop: Seller) -> None:
    report = await imported(shop, "not,a,file\n1,2,3\n")
    assert [fault["column"] for fault in report["faults"]] == ["not", "a", "file", "product_id"]
    answer = await shop.api.run(EXPORT, shop=shop.tiktok_gid, first=5000, after=None, all=True)
    assert answer.codes == ["BAD_USER_INPUT"]
