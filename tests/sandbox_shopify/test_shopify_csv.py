"""The product CSV in both header generations; bad rows are named, good ones load (Shopify fact sheet 8)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.app import create_app
from sandbox.catalogue.csv_reader import CsvError, UnreadableFile, read_products
from sandbox.catalogue.products import ImageData, VariantData
from sandbox.config import SandboxConfig

OLD_HEADER = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"
    "Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,"
    "Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Image,Variant Weight Unit,Status"
)
NEW_HEADER = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Price,Compare-at price,Charge tax,"
    "Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),"
    "Weight unit for display,Requires shipping,Product image URL,Image position,Image alt text,Variant image URL,"
    "Gift card,SEO title,SEO description"
)
OLD, NEW = OLD_HEADER.split(","), NEW_HEADER.split(",")
PICTURE = "https://cdn.example.com/a.jpg?v=1"
SECOND = "https://cdn.example.com/b.png"

# The same two products in the words of neither generation.
ROWS: list[dict[str, str]] = [
    {
        "handle": "tee",
        "title": 'Tee "Basic"',
        "html": "<p>Soft,\nwarm.</p>",
        "vendor": "Halden",
        "category": "Apparel & Accessories > Clothing > Dresses",
        "type": "T-Shirts",
        "tags": "one, two,one",
        "published": "TRUE",
        "status": "active",
        "option1": "Size",
        "value1": "S",
        "sku": "TEE-S",
        "grams": "453.59237",
        "unit": "lb",
        "tracker": "shopify",
        "quantity": "5",
        "policy": "deny",
        "price": "1,019.50",
        "compare": "1200",
        "barcode": "'0123456789012",
        "image": PICTURE,
        "alt": "Front",
    },
    {"handle": "tee", "value1": "M", "price": "20", "quantity": "-2", "policy": "CONTINUE", "variant_image": SECOND},
    {"handle": "tee", "image": SECOND, "position": "2"},
    {"handle": "mug", "title": "Mug", "price": "9", "status": "draft", "published": "FALSE", "value1": "Default Title"},
]
OLD_NAMES = {
    "handle": "Handle",
    "title": "Title",
    "html": "Body (HTML)",
    "vendor": "Vendor",
    "category": "Product Category",
    "type": "Type",
    "tags": "Tags",
    "published": "Published",
    "status": "Status",
    "option1": "Option1 Name",
    "value1": "Option1 Value",
    "sku": "Variant SKU",
    "grams": "Variant Grams",
    "unit": "Variant Weight Unit",
    "tracker": "Variant Inventory Tracker",
    "quantity": "Variant Inventory Qty",
    "policy": "Variant Inventory Policy",
    "price": "Variant Price",
    "compare": "Variant Compare At Price",
    "barcode": "Variant Barcode",
    "image": "Image Src",
    "position": "Image Position",
    "alt": "Image Alt Text",
    "variant_image": "Variant Image",
}
NEW_NAMES = {
    **OLD_NAMES,
    "handle": "URL handle",
    "html": "Description",
    "category": "Product category",
    "published": "Published on online store",
    "option1": "Option1 name",
    "value1": "Option1 value",
    "sku": "SKU",
    "grams": "Weight value (grams)",
    "unit": "Weight unit for display",
    "tracker": "Inventory tracker",
    "quantity": "Inventory quantity",
    "policy": "Continue selling when out of stock",
    "price": "Price",
    "compare": "Compare-at price",
    "barcode": "Barcode",
    "image": "Product image URL",
    "position": "Image position",
    "alt": "Image alt text",
    "variant_image": "Variant image URL",
}


def write(path: Path, header: list[str], names: dict[str, str], rows: list[dict[str, str]], bom: bool = False) -> Path:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows({names[key]: value for key, value in row.items()} for row in rows)
    return path


@pytest.mark.parametrize(("header", "names"), [(OLD, OLD_NAMES), (NEW, NEW_NAMES)], ids=["old", "new"])
@pytest.mark.parametrize("bom", [False, True], ids=["plain", "bom"])
def test_both_generations_give_the_same_products(
    tmp_path: Path, header: list[str], names: dict[str, str], bom: bool
) -> None:
    result = read_products(write(tmp_path / "products.csv", header, names, ROWS, bom))
    assert result.errors == ()
    tee, mug = result.products
    assert (tee.handle, tee.title, tee.html, tee.tags) == ("tee", 'Tee "Basic"', "<p>Soft,\nwarm.</p>", ("one", "two"))
    assert tee.options == ("Size",)
    assert tee.images == (
        ImageData(1, "jpg", 1000, 1000, "Front", source=PICTURE),
        ImageData(2, "png", 1000, 1000, source=SECOND),
    )
    assert tee.variants == (
        VariantData(
            slot=1,
            options=("S",),
            price="1019.50",
            sku="TEE-S",
            barcode="0123456789012",
            compare_at="1200.00",
            quantity=5,
            weight=1.0,
            weight_unit="POUNDS",
        ),
        VariantData(slot=2, options=("M",), price="20.00", quantity=-2, continue_selling=True, image_slot=2),
    )
    assert (mug.status, mug.published, mug.has_only_default_variant) == ("DRAFT", False, True)


def test_bad_rows_are_named_and_good_ones_load(tmp_path: Path) -> None:
    rows = [
        {"handle": "a", "title": "A", "html": "one\ntwo", "price": "cheap"},
        {"handle": "b", "title": "B", "option1": "Size", "value1": "S", "price": "5"},
        {"handle": "b", "value1": "M", "price": "5", "quantity": "1.5"},
        {"handle": "b", "value1": "S", "price": "6"},
        {"handle": "c", "title": "", "price": "1"},
        {"handle": "d", "title": "D", "price": "1", "image": "ftp://x/y.jpg"},
        {"handle": "e", "title": "E", "price": "-1"},
        {"handle": "f", "title": "F", "price": "3", "status": "sold"},
        {"handle": "g", "title": "G", "price": "3", "grams": "heavy"},
        {"handle": "h", "title": "H", "price": "3", "published": "perhaps"},
        {"handle": "z", "title": "Z", "price": "3"},
    ]
    result = read_products(write(tmp_path / "bad.csv", OLD, OLD_NAMES, rows))
    assert [product.handle for product in result.products] == ["b", "z"]
    assert [(error.line, error.column) for error in result.errors] == [
        (2, "Variant Price"),
        (2, ""),
        (5, "Variant Inventory Qty"),
        (6, "Option1 Value"),
        (7, "Title"),
        (8, "Image Src"),
        (8, ""),
        (9, "Variant Price"),
        (9, ""),
        (10, "Status"),
        (11, "Variant Grams"),
        (11, ""),
        (12, "Published"),
    ]
    assert str(result.errors[0]) == (
        "line 2, column Variant Price: 'cheap' is not a price; write a number such as 19.99."
    )
    assert result.errors[1] == CsvError(2, "", "the product 'a' is left out, since none of its rows can be used.")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "has no Title column"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"Title,Price\n\x00\x00", "holds zero bytes"),
        (b"name;price\nx;1\n", "has no Title column"),
        (b'{"not": "csv"}', "has no Title column"),
    ],
)
def test_a_file_that_is_no_product_csv(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match=said):
        read_products(path)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(rows=st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(NEW_NAMES, CELL)), max_size=6))
def test_whatever_stands_in_the_cells_is_loaded_or_named(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = write(tmp_path_factory.mktemp("any") / "any.csv", NEW, NEW_NAMES, rows)
    result = read_products(path)
    assert all(error.line >= 2 and error.message for error in result.errors)
    assert all(product.variants and product.title for product in result.products)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"Cannot open .*: No such file"):
        read_products(tmp_path / "nothing.csv")


def test_titles_alone_make_products(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("Title\nBlue Cup\nRed Cup\n")
    assert [(one.handle, one.title) for one in read_products(path).products] == [
        ("blue-cup", "Blue Cup"),
        ("red-cup", "Red Cup"),
    ]


def test_the_store_is_filled_from_the_file_and_the_errors_are_kept(tmp_path: Path) -> None:
    rows = [*ROWS, {"handle": "x", "title": "X", "price": "?"}]
    path = write(tmp_path / "products.csv", NEW, NEW_NAMES, rows)
    world = create_app(SandboxConfig(products=path)).state.world
    shop = next(iter(world.shopify.shops.values()))
    assert [product.handle for product in shop.store] == ["tee", "mug"]
    assert [(error.line, error.column) for error in world.shopify.errors] == [(7, "Price"), (7, "")]
