"""Keyset pages against real rows: every walk visits each row once, in order, whatever is inserted meanwhile."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from server.deps import Deps
from server.domain.paging import MAX_PAGE, Page, PageArgs
from server.kit.errors import Invalid
from server.store.paging import paginate
from server.tables import Product
from tests.graphql.conftest import make_shop

AMOUNT = 23


@pytest.fixture
async def shop(deps: Deps) -> UUID:
    shop_id = await make_shop(deps)
    now = deps.clock()
    async with deps.database.write() as session:
        session.add_all(
            Product(
                shop_id=shop_id,
                remote_id=f"gid://shopify/Product/{n}",
                title=f"T{n % 5}",
                status="ACTIVE",
                source_updated_at=now + timedelta(microseconds=n % 7),
                imported_at=now,
            )
            for n in range(AMOUNT)
        )
    return shop_id


async def turn(deps: Deps, shop: UUID, args: PageArgs, *, descending: bool = False) -> Page[Product]:
    statement = select(Product).where(col(Product.shop_id) == shop)
    keys = (col(Product.source_updated_at), col(Product.title), col(Product.id))
    async with deps.database.read() as session:
        return await paginate(session, statement, keys=keys, args=args, descending=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 4, 22, 23, 24])
async def test_a_walk_forward_sees_each_row_once_in_order(deps: Deps, shop: UUID, size: int, descending: bool) -> None:
    whole = await turn(deps, shop, PageArgs(first=MAX_PAGE), descending=descending)
    seen: list[UUID] = []
    after, previous, more = None, False, True
    while more:
        page = await turn(deps, shop, PageArgs(first=size, after=after), descending=descending)
        assert page.has_previous is previous
        seen += [row.id for row in page.nodes]
        after, previous, more = page.cursors[-1], True, page.has_next
    assert seen == [row.id for row in whole.nodes]
    assert len(set(seen)) == AMOUNT


@pytest.mark.parametrize("descending", [False, True])
async def test_a_walk_backward_mirrors_it(deps: Deps, shop: UUID, descending: bool) -> None:
    whole = await turn(deps, shop, PageArgs(first=MAX_PAGE), descending=descending)
    seen: list[UUID] = []
    before, more = None, True
    while more:
        page = await turn(deps, shop, PageArgs(last=5, before=before), descending=descending)
        assert page.has_next is (before is not None)
        seen = [row.id for row in page.nodes] + seen
        before, more = page.cursors[0], page.has_previous
    assert seen == [row.id for row in whole.nodes]


async def test_inserts_do_not_shift_a_page(deps: Deps, shop: UUID) -> None:
    first = await turn(deps, shop, PageArgs(first=5))
    second = await turn(deps, shop, PageArgs(first=5, after=first.cursors[-1]))
    early = first.nodes[0].source_updated_at - timedelta(days=1)
    async with deps.database.write() as session:
        session.add(
            Product(
                shop_id=shop, remote_id="new", title="A", status="ACTIVE", source_updated_at=early, imported_at=early
            )
        )
    again = await turn(deps, shop, PageArgs(first=5, after=first.cursors[-1]))
    assert [row.id for row in again.nodes] == [row.id for row in second.nodes]


async def test_both_ends_bound_a_page(deps: Deps, shop: UUID) -> None:
    whole = await turn(deps, shop, PageArgs(first=MAX_PAGE))
    page = await turn(deps, shop, PageArgs(first=50, after=whole.cursors[3], before=whole.cursors[9]))
    assert [row.id for row in page.nodes] == [row.id for row in whole.nodes[4:9]]
    assert (page.has_previous, page.has_next) == (True, True)


async def test_a_total_is_counted_only_when_asked_for(deps: Deps, shop: UUID) -> None:
    assert (await turn(deps, shop, PageArgs(first=2))).total is None
    assert (await turn(deps, shop, PageArgs(first=2, total=True))).total == AMOUNT


async def test_an_empty_list_has_no_neighbours(deps: Deps, shop: UUID) -> None:
    page = await turn(deps, UUID(int=0), PageArgs(first=2, total=True))
    assert page == Page([], [], has_next=False, has_previous=False, total=0)


async def test_a_cursor_of_another_order_is_refused(deps: Deps, shop: UUID) -> None:
    page = await turn(deps, shop, PageArgs(first=2))
    with pytest.raises(Invalid) as refused:
        await turn(deps, shop, PageArgs(first=2, after=page.cursors[0]), descending=True)
    assert (refused.value.code, refused.value.field) == ("BAD_USER_INPUT", ("after",))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
async def test_no_cursor_breaks_the_server(deps: Deps, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        await turn(deps, UUID(int=0), PageArgs(last=2, before=cursor))
    assert (refused.value.code, refused.value.field) == ("BAD_USER_INPUT", ("before",))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "first"),
        ({"first": 0}, "first"),
        ({"first": 251}, "first"),
        ({"first": -1}, "first"),
        ({"last": 0}, "last"),
        ({"last": 251}, "last"),
        ({"first": 1, "last": 1}, "last"),
    ],
)
def test_sizes_out_of_range_are_refused(given: dict[str, int], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        PageArgs(**given)  # type: ignore[arg-type]  # a dict of whichever arguments the case names
    assert (refused.value.code, refused.value.field) == ("BAD_USER_INPUT", (field,))
