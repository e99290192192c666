"""Paging, sorting and searching products (Shopify fact sheet 3.3 and 3.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.catalogue.products import built_in_products
from sandbox.shopify.objects import Product
from sandbox.shopify.search import parse_search
from tests.sandbox_shopify.conftest import Admin


@pytest.mark.parametrize("sort", ["ID", "TITLE", "UPDATED_AT", "VENDOR"])
@pytest.mark.parametrize("reverse", ["false", "true"])
async def test_pages_in_any_order_meet_without_a_gap(admin: Admin, sort: str, reverse: str) -> None:
    whole = await admin.data(f"{{ products(first: 200, sortKey: {sort}, reverse: {reverse}) {{ nodes {{ id }} }} }}")
    expected = [node["id"] for node in whole["products"]["nodes"]]
    found: list[str] = []
    after = "null"
    for _ in range(5):
        page = (
            await admin.data(
                f"{{ products(first: 40, sortKey: {sort}, reverse: {reverse}, after: {after})"
                " { nodes { id } pageInfo { endCursor } } }"
            )
        )["products"]
        found += [node["id"] for node in page["nodes"]]
        after = f'"{page["pageInfo"]["endCursor"]}"'
    assert found == expected


async def test_paging_goes_on_when_the_last_product_of_a_page_is_deleted(admin: Admin) -> None:
    page = (await admin.data("{ products(first: 10) { nodes { id } pageInfo { endCursor } } }"))["products"]
    await admin.control("delete-product", id=page["nodes"][-1]["id"])
    after = page["pageInfo"]["endCursor"]
    second = (await admin.data(f'{{ products(first: 1, after: "{after}") {{ nodes {{ handle }} }} }}'))["products"]
    assert second["nodes"] == [{"handle": "rosemary-mint-shampoo-bar"}]


async def test_only_a_single_product_gives_more_than_250_variants(admin: Admin) -> None:
    inner = "variants(first: 2000) { nodes { id } }"
    one = await admin.data(f'{{ productByIdentifier(identifier: {{handle: "over-every-limit"}}) {{ {inner} }} }}')
    assert len(one["productByIdentifier"]["variants"]["nodes"]) == 408
    answer = await admin.answer(f"{{ products(first: 2) {{ nodes {{ {inner} }} }} }}")
    assert answer["errors"][0]["message"] == "first must be less than or equal to 250. first: 2000"


@given(text=st.text(max_size=60))
def test_any_search_text_can_be_read(text: str) -> None:
    product = Product(0, 0, built_in_products()[0], 0.0, 0.0)
    test = parse_search(text, 0.0, {})
    assert test is None or test(product) in {True, False}


async def test_backwards(admin: Admin) -> None:
    last = (
        await admin.data(
            "{ products(last: 2) { edges { cursor node { handle } } pageInfo { hasPreviousPage hasNextPage } } }"
        )
    )["products"]
    assert [edge["node"]["handle"] for edge in last["edges"]] == ["many-variants", "over-every-limit"]
    assert last["pageInfo"] == {"hasPreviousPage": True, "hasNextPage": False}
    before = last["edges"][0]["cursor"]
    more = (await admin.data(f'{{ products(last: 1, before: "{before}") {{ nodes {{ handle }} }} }}'))["products"]
    assert more["nodes"] == [{"handle": "numeric-options"}]


@pytest.mark.parametrize(
    ("query", "handles"),
    [
        ("status:draft", ["draft-product"]),
        ("gift_card:true", ["gift-card"]),
        ("handle:no-images OR handle:no-sku", ["no-images", "no-sku"]),
        ("sku:NAPKIN", ["duplicate-sku-a", "duplicate-sku-b"]),
        ("title:'Enamel*' AND -vendor:Inkwell", ["blank-description"]),
        ("(tag:matcha tag:tea) NOT status:draft", ["ceremonial-matcha-30-g"]),
        ("collection_id:290100000000 product_type:Lipstick", ["velvet-matte-lipstick"]),
        ("price:>=9999", ["over-every-limit"]),
        ("moda", []),
    ],
)
async def test_search(admin: Admin, query: str, handles: list[str]) -> None:
    answer = await admin.data(
        "query($q: String) { products(first: 50, query: $q) { nodes { handle updatedAt } } }", q=query
    )
    assert [node["handle"] for node in answer["products"]["nodes"]] == handles


async def test_updated_at_finds_what_changed(admin: Admin) -> None:
    admin.world.clock.freeze()
    before = admin.world.clock.datetime().isoformat()
    admin.world.clock.advance(10)
    await admin.control("change-product", id="no-images", patch={"title": "Coat Hook"})
    query = "query($q: String) { products(first: 5, sortKey: UPDATED_AT, query: $q) { nodes { title } } }"
    assert (await admin.data(query, q=f"updated_at:>'{before}'"))["products"]["nodes"] == [{"title": "Coat Hook"}]
