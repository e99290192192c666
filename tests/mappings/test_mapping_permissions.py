"""Whether a mapping may name a leaf goes by the same rule as whether a product may be listed there."""

import pytest
from sqlmodel import select

from server.domain.categories import CategoryRef
from server.domain.category_tree import FlatNode
from server.domain.markets import Market
from server.kit.errors import Invalid
from server.tables import CategoryMapping
from tests.mappings.conftest import MUGS, TREE, Bench, a_type


async def test_us_sellers_may_map_to_what_will_wait_for_a_permission(bench: Bench) -> None:
    """As listing has it: a local seller of the US may create there, others may not (TikTok fact sheet 3.7)."""
    await bench.keep(nodes=[*TREE, FlatNode("5", "1", "Torches", is_leaf=True, permissions=("INVITE_ONLY",))])
    torches = CategoryRef("5", MUGS.version)
    assert (await bench.set(a_type("torches"), torches)).category_id == "5"
    await bench.sells_in(Market.GB)
    with pytest.raises(Invalid, match="Apply for “Torches” in Seller Center's Qualification Center") as caught:
        await bench.set(a_type("lamps"), torches)
    assert caught.value.field == ("input", "category", "id")
    async with bench.deps.database.read() as session:
        assert [row.key for row in await session.exec(select(CategoryMapping))] == ["torches"]
