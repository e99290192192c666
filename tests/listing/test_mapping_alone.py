"""A mapping is enough to be listed by hand: no template need take the product (capability R14)."""

from server.domain.listings import ListingStatus
from server.domain.mappings import Source, SourceKind
from server.services import mappings
from server.services.mappings import Wish
from server.services.templates.defaults import set_defaults
from tests.listing.stall import CANDLES, CONTENT, Stall, a_product, codes


async def test_a_mapped_product_needs_no_template(stall: Stall) -> None:
    mapped, lost = await stall.imported(
        a_product("Candle", product_type="Candles"), a_product("Oddment", product_type="Odds")
    )
    await stall.trees()
    async with stall.deps.database.write() as session:
        await set_defaults(
            session,
            shop_id=stall.shop.id,
            tiktok_shop_id=stall.tiktok_shop.id,
            content={"shipping": CONTENT["shipping"]},
        )
        await mappings.set_one(
            session,
            shop_id=stall.shop.id,
            tiktok_shop_id=stall.tiktok_shop.id,
            wish=Wish(Source(SourceKind.PRODUCT_TYPE, "Candles"), CANDLES),
            set_by="test",
            now=stall.deps.clock(),
        )
    await stall.played(await stall.started([mapped.id, lost.id]))
    first, second = await stall.listings()
    assert (first.status, first.template_id, first.category_id) == (ListingStatus.IN_REVIEW, None, CANDLES.id)
    assert (second.status, codes(second)) == (ListingStatus.SYNC_FAILED, ["NO_TEMPLATE"])
    assert list(stall.created().values()) == [1]
