"""Reading through the API: shop, products, tasks, nodes."""

from tests.graphql.conftest import Api


async def test_the_callers_own_shop(api: Api) -> None:
    data = await api.data("{ shop { id domain name currency productsCount tiktokShops { id } } }")
    assert data["shop"] == {
        "id": f"gid://leafmark/Shop/{api.shop_id}",
        "domain": "one.myshopify.com",
        "name": "One",
        "currency": "USD",
        "productsCount": 0,
        "tiktokShops": [],
    }
