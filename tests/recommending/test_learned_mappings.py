"""What approvals teach beyond the product itself: a source category on which they agree is mapped (P1, P4)."""

from sqlmodel import select

from server.tables import CategoryMapping
from tests.listing.stall import a_product
from tests.recommending.conftest import Advisor


async def mappings(advisor: Advisor) -> list[tuple[str, str, str, str]]:
    async with advisor.deps.database.read() as session:
        rows = list(await session.exec(select(CategoryMapping)))
    return [(row.kind, row.key, row.origin, row.category_id) for row in rows]


async def test_three_approvals_that_agree_map_their_product_type(advisor: Advisor) -> None:
    await advisor.stall.trees()
    colours = ("Ivory", "Rose", "Olive")
    await advisor.stall.imported(
        *(a_product(f"Scented Candle in {colour}", product_type="Candles") for colour in colours)
    )
    rows = await advisor.refreshed()
    leaves = {row.proposed_id for row in rows}
    assert len(leaves) == 1
    for row in rows[:2]:
        await advisor.approved(row)
    assert await mappings(advisor) == []
    await advisor.approved(rows[2])
    assert await mappings(advisor) == [("PRODUCT_TYPE", "candles", "LEARNED", leaves.pop())]
