"""Reading an export: the same products whatever the order of lines, the cut of chunks, the size of buckets."""

import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.clients.shopify_export import ExportFile, parent_of
from server.clients.shopify_shapes import ShopifyCollection, ShopifyMetafield, ShopifyProduct, Unreadable, parted
from tests.clients.shopify_lines import child_lines, grouped, product_line, ungrouped


def _read(
    lines: Sequence[bytes], chunk: int = 1000, bucket_bytes: int = 8_000_000
) -> tuple[bool, list[ShopifyProduct]]:
    data = b"\n".join(lines) + b"\n"
    with ExportFile(bucket_bytes) as export:
        for at in range(0, len(data), chunk):
            export.write(data[at : at + chunk])
        export.finish()
        assert export.lines == len(lines)
        assert export.size == len(data)
        products, unreadable = parted(export.products())
        assert unreadable == []
        return export.grouped, products


@pytest.mark.parametrize("spread", [False, True])
def test_a_product_that_makes_no_sense_is_named_and_the_others_come(spread: bool) -> None:
    lines = list(ungrouped(3) if spread else grouped(3))
    broken = orjson.loads(lines[1 if spread else 8])
    assert broken.pop("title") == "Enamel Mug No. 1"
    lines[1 if spread else 8] = orjson.dumps(broken)
    with ExportFile() as export:
        export.write(b"\n".join(lines))
        export.finish()
        products, unreadable = parted(export.products())
    assert [product.id[-1] for product in products] == ["0", "2"]
    assert unreadable == [Unreadable("gid://shopify/Product/1", "KeyError: 'title'")]


def test_a_product_with_its_children() -> None:
    is_grouped, products = _read(list(grouped(2)))
    assert is_grouped
    assert [product.id for product in products] == ["gid://shopify/Product/0", "gid://shopify/Product/1"]
    product = products[1]
    assert (product.title, product.vendor, product.tags) == (
        "Enamel Mug No. 1",
        "Northwind",
        ("kitchen", "camping", "enamel"),
    )
    assert product.updated_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert product.category is not None
    assert product.category.is_leaf
    assert [(option.name, option.values) for option in product.options] == [("Color", ("Red", "Green", "Blue"))]
    assert [image.url for image in product.images] == [
        "https://cdn.shopify.com/1-0.jpg",
        "https://cdn.shopify.com/1-1.jpg",
    ]
    assert product.collections == (ShopifyCollection("gid://shopify/Collection/77", "Mugs"),)
    assert product.metafields == (ShopifyMetafield("custom", "material", "single_line_text_field", "Steel"),)
    assert product.created_at == datetime(2025, 12, 1, tzinfo=UTC)
    assert len(product.variants) == 3
    variant = product.variants[2]
    assert (variant.sku, variant.price, variant.inventory_quantity) == ("MUG-1-2", "12.90", 7)
    assert (variant.weight, variant.weight_unit) == (Decimal("0.25"), "KILOGRAMS")
    assert (variant.options, variant.image_url) == ((("Color", "Red"),), "https://cdn.shopify.com/1-2.jpg")


@pytest.mark.parametrize("bucket_bytes", [500, 10_000, 8_000_000])
def test_scattered_children_find_their_parents(bucket_bytes: int) -> None:
    is_grouped, products = _read(list(ungrouped(40)), bucket_bytes=bucket_bytes)
    assert not is_grouped
    _, expected = _read(list(grouped(40)))
    assert sorted(products) == sorted(expected)


@given(order=st.permutations(range(9)), chunk=st.integers(1, 4000))
def test_any_order_and_any_cut(order: list[int], chunk: int) -> None:
    groups = [[product_line(number), *child_lines(number, 2)] for number in range(3)]
    expected = _read([line for group in groups for line in group])[1]
    pools = [iter(group) for group in groups]
    mixed = [next(pools[number % 3]) for number in order]
    mixed += [line for pool in pools for line in pool]
    assert sorted(_read(mixed, chunk)[1]) == sorted(expected)


def test_odd_texts_do_not_mislead() -> None:
    root = orjson.loads(product_line(1)) | {"title": 'a "__parentId":"gid://shopify/Product/9" b\nnew line'}
    reordered = orjson.dumps({"title": root.pop("title"), **root})
    spaced = b'{"id": "gid://shopify/Collection/5", "title": "", "__parentId": "gid://shopify/Product/1"}'
    assert parent_of(reordered) is None
    assert parent_of(spaced) == b"gid://shopify/Product/1"
    is_grouped, [product] = _read(
        [reordered, spaced, b'{"id":"gid://shopify/Video/1","__parentId":"gid://shopify/Product/1"}']
    )
    assert is_grouped
    assert product.title == 'a "__parentId":"gid://shopify/Product/9" b\nnew line'
    assert ([one.id for one in product.collections], product.images) == (["gid://shopify/Collection/5"], ())
    assert product.variants == ()


def test_a_torn_line_is_an_error_not_a_shorter_catalogue() -> None:
    data = b"\n".join(grouped(2))
    with ExportFile() as export:
        export.write(data[:-5])
        with pytest.raises(ValueError, match="not found"):
            export.finish()


def test_memory_does_not_grow_with_the_file() -> None:
    """Scattered children are the worst case: one bucket's worth is held, whatever the catalogue's size."""

    def peak(count: int) -> int:
        with ExportFile(bucket_bytes=200_000) as export:
            for line in ungrouped(count):
                export.write(line + b"\n")
            export.finish()
            tracemalloc.start()
            assert sum(1 for _ in export.products()) == count
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return found

    small, large = peak(300), peak(3000)
    assert large < 2 * small, (small, large)
