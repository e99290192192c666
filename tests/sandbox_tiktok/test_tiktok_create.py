"""Create Product: the good road, idempotency, drafts, warnings, limits."""

from tests.sandbox_tiktok.conftest import Caller, good_body

PRODUCTS = "/product/202309/products"


async def test_a_product_goes_live(shop: Caller) -> None:
    body = await good_body(shop, external_product_id="gid-1")
    made = await shop.ok("POST", PRODUCTS, body=body)
    found = await shop.ok("GET", f"{PRODUCTS}/{made['product_id']}")
    assert (found["status"], found["audit"], found["product_status"]) == ("PENDING", {"status": "AUDITING"}, "INITIAL")
    assert made["warnings"] == []
    await shop.do("judge", product_id=made["product_id"])
    found = await shop.ok("GET", f"{PRODUCTS}/{made['product_id']}")
    assert (found["status"], found["audit"]) == ("ACTIVATE", {"status": "APPROVED"})
    assert [one["id"] for one in found["category_chains"]][-1] == body["category_id"]
    assert found["skus"][0]["price"] == {"sale_price": "12.50", "tax_exclusive_price": "12.50", "currency": "USD"}
    assert found["external_product_id"] == "gid-1"
