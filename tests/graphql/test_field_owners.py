"""Who owns which field, over the API: saying nothing is refused."""

from typing import Any

import pytest
from sqlmodel import select

from server.domain.listings import ListingStatus
from server.kit.ids import new_id, to_gid
from server.tables import Listing, ListingChange, TikTokShop
from tests.graphql.conftest import Seller
from tests.graphql.test_story import ERRORS, only, refused

PLACES = {
    "Listing": f"mutation O($id: ID!, $fields: [FieldOwnerInput!]!) "
    f"{{ listingOwnershipSet(id: $id, fields: $fields) {{ listing {{ id }} {ERRORS} }} }}",
    "TikTokShop": f"mutation O($id: ID!, $fields: [FieldOwnerInput!]!) "
    f"{{ tiktokShopOwnershipSet(id: $id, fields: $fields) {{ tiktokShop {{ id }} {ERRORS} }} }}",
}


@pytest.fixture
async def listing(seller: Seller) -> Listing:
    [product_id] = await seller.add_products(1)
    row = Listing(
        id=new_id(),
        shop_id=seller.shop_id,
        tiktok_shop_id=seller.tiktok_shop_id,
        product_id=product_id,
        remote_id="1729",
        status=ListingStatus.LIVE,
        updated_at=seller.deps.clock(),
    )
    async with seller.deps.database.write() as session:
        session.add(row)
    return row


async def stands(seller: Seller) -> tuple[int, list[str], dict[str, Any], dict[str, Any]]:
    """How often the listing was marked, its lines, and both owners."""
    async with seller.deps.database.read() as session:
        row = (await session.exec(select(Listing))).one()
        shop = (await session.exec(select(TikTokShop))).one()
        lines = [str(line.kind) for line in await session.exec(select(ListingChange))]
    return row.edit_marks, lines, row.ownership, shop.ownership


@pytest.mark.parametrize("kind", sorted(PLACES))
async def test_to_name_no_field_is_refused(seller: Seller, listing: Listing, kind: str) -> None:
    place = to_gid(kind, listing.id if kind == "Listing" else listing.tiktok_shop_id)
    before = await stands(seller)
    payload = only(await seller.api.data(PLACES[kind], id=place, fields=[]))
    assert refused(payload) == [("INVALID", ["fields"])]
    assert payload["userErrors"][0]["message"] == "Name at least one group of fields."
    assert await stands(seller) == before == (0, [], {}, {})
    said = only(await seller.api.data(PLACES[kind], id=place, fields=[{"group": "TITLE", "owner": "TIKTOK"}]))
    assert (refused(said), (await stands(seller))[0]) == ([], 1)
