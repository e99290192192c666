"""How many statements a query makes: as many as it has levels, however many rows it shows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from server.kit.ids import to_gid
from tests.graphql.conftest import Seller
from tests.graphql.test_story import make_template

WIDE = """
query Wide($n: Int!, $shop: ID!) {
  products(first: $n) {
    totalCount
    nodes {
      title
      variants(first: 3) { nodes { title price { amount } } }
      listing(tiktokShopId: $shop) {
        status
        template { name }
        category { name }
        tiktokShop { name status }
        product { title }
      }
    }
  }
}
"""
TASK = """
query T($id: ID!, $n: Int!) {
  task(id: $id) {
    items(first: $n) { nodes { product { title variants(first: 1) { nodes { title } } } listing { status } } }
    events(first: $n) { nodes { item { position } } }
  }
}
"""


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent while the block runs, without those around transactions."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def amount(seller: Seller, document: str, **variables: object) -> int:
    await seller.api.data(document, **variables)
    with counted() as statements:
        await seller.api.data(document, **variables)
    return len([one for one in statements if "api_token" not in one])


@pytest.fixture
async def listed(seller: Seller) -> tuple[Seller, str]:
    """Twelve products queued for listing, and the task."""
    await seller.add_products(12, variants=4)
    template = await make_template(seller)
    document = "mutation A($id: ID!) { categoryTemplateActivate(id: $id) { task { id } } }"
    data = await seller.api.data(document, id=template)
    task: str = data["categoryTemplateActivate"]["task"]["id"]
    return seller, task


async def test_a_wide_page_makes_a_statement_a_level(listed: tuple[Seller, str]) -> None:
    seller, _ = listed
    few = await amount(seller, WIDE, n=2, shop=seller.tiktok_gid)
    many = await amount(seller, WIDE, n=12, shop=seller.tiktok_gid)
    assert few - many == 1  # a page that is the whole list needs no count
    # page, variants, shop, listings, templates, TikTok shops, grants, products of the listings
    assert many == 8


async def test_a_task_with_items_makes_a_statement_a_level(listed: tuple[Seller, str]) -> None:
    seller, task = listed
    few = await amount(seller, TASK, id=task, n=2)
    many = await amount(seller, TASK, id=task, n=12)
    assert few == many


async def test_a_total_that_nobody_asks_for_is_not_counted(seller: Seller) -> None:
    await seller.add_products(3)
    plain = await amount(seller, "{ products(first: 2) { nodes { id } } }")
    hidden = await amount(seller, "{ products(first: 2) { ...P } } fragment P on ProductConnection { totalCount }")
    assert (plain, hidden) == (1, 2)


async def test_one_operation_holds_one_connection(seller: Seller) -> None:
    """Twenty fields side by side queue up on one session instead of emptying the pool."""
    products = await seller.add_products(20)
    fields = " ".join(f'p{n}: product(id: "{to_gid("Product", row)}") {{ title }}' for n, row in enumerate(products))
    data = await seller.api.data(f"{{ {fields} }}")
    assert [data[f"p{n}"]["title"] for n in range(20)] == [f"Mug {n}" for n in range(20)]
    assert await amount(seller, f"{{ {fields} }}") == 1
