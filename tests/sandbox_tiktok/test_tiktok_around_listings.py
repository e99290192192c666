"""The calls around a listing: logistics, size charts, diagnoses, picture and property helpers."""

from tests.sandbox_tiktok.conftest import Caller, good_body, listed

PRODUCTS = "/product/202309/products"
WAREHOUSES = "/logistics/202309/warehouses"


async def test_delivery_options(shop: Caller) -> None:
    warehouse = (await shop.ok("GET", WAREHOUSES))["warehouses"][0]["id"]
    path = f"{WAREHOUSES}/{warehouse}/delivery_options"
    found = await shop.ok("GET", path, query={"scope": "PRODUCT"})
    assert [one["name"] for one in found["delivery_options"]] == ["Standard shipping", "Express shipping"]
    assert await shop.code("GET", path, query={"scope": "ELSEWHERE"}) == 36009004
    assert await shop.code("GET", f"{WAREHOUSES}/1/delivery_options") == 12052097


async def test_shipping_templates(shop: Caller) -> None:
    found = await shop.ok("GET", "/logistics/202510/seller_templates")
    template = found["templates"][0]["template"]["template_id"]
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, shipping_template_id=template)) == 0


async def test_size_charts(shop: Caller) -> None:
    leaf = next(one.id for one in shop.world.tiktok.trees.v2.leaves() if one.family == "womenswear")
    chart = (await shop.do("size-chart", name="Dresses"))["template_id"]
    found = await shop.ok(
        "POST",
        "/product/202407/sizecharts/search",
        query={"page_size": "10"},
        body={"keyword": "DRESS"},
        cipher=False,
    )
    assert [one["template_id"] for one in found["size_chart"]] == [chart]
    body = await good_body(shop, leaf)
    rules = await shop.ok("GET", f"/product/202309/categories/{leaf}/rules", query={"category_version": "v2"})
    assert rules["size_chart"]["is_supported"]
    body["size_chart"] = {"template": {"id": "1"}}
    assert await shop.code("POST", PRODUCTS, body=body) == 12052128
    body["size_chart"] = {"image": {"uri": body["main_images"][0]["uri"]}}
    assert await shop.code("POST", PRODUCTS, body=body) == 12052671
    body["size_chart"] = {"template": {"id": chart}, "image": {"uri": "ignored"}}
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert (await shop.ok("GET", f"{PRODUCTS}/{made['product_id']}"))["size_chart"] == {"template": {"id": chart}}


async def test_a_size_chart_is_dropped_where_unsupported(shop: Caller) -> None:
    body = await good_body(shop, "840136", size_chart={"template": {"id": "1"}})
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert made["warnings"] == []
    assert "size_chart" not in await shop.ok("GET", f"{PRODUCTS}/{made['product_id']}")


async def test_diagnoses(shop: Caller) -> None:
    product_id = await listed(shop, title="Ceramic mug")
    path = "/product/202405/products/diagnoses"
    found = await shop.ok("GET", path, query={"product_ids": f"{product_id},1"})
    assert [one["id"] for one in found["products"]] == [product_id]
    assert [one["field"] for one in found["products"][0]["diagnoses"]] == ["TITLE", "DESCRIPTION", "MAIN_IMAGE"]
    assert await shop.code("GET", path) == 12052910
    draft = await shop.ok("POST", "/product/202411/products/diagnose_optimize", body={"title": "x" * 50})
    assert [one["field"] for one in draft["diagnoses"]] == ["DESCRIPTION", "MAIN_IMAGE"]


async def test_pictures_and_properties(shop: Caller) -> None:
    uri = (await shop.upload(400, 300))["uri"]
    body = {"images": [{"uri": uri, "optimization_mode": ["WHITE_BACKGROUND"]}, {"uri": "x"}]}
    found = await shop.ok("POST", "/product/202404/images/optimize", body=body)
    assert [one["optimize_status"] for one in found["images"]] == ["SUCCESS", "FAILED"]
    wanted = {"category_id": "840136", "product_title": "Mug"}
    rows = await shop.ok("POST", "/product/202609/products/properties/recommend", body=wanted)
    attributes = await shop.ok("GET", "/product/202309/categories/840136/attributes", query={"category_version": "v2"})
    required = {one["id"] for one in attributes["attributes"] if one["is_requried"]}
    assert {one["id"] for one in rows["recommended_properties"]} == required


async def test_description_pictures_must_be_uploaded(shop: Caller) -> None:
    image = await shop.upload(500, 500, "DESCRIPTION_IMAGE")
    good = f'<p><img src="{image["url"]}" width="500" height="500"></p>'
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, description=good)) == 0
    for broken, code in ((good.replace(' width="500"', ""), 12052342), (good.replace('"500"', '"4000"'), 12052343)):
        assert await shop.code("POST", PRODUCTS, body=await good_body(shop, description=broken)) == code


async def test_main_images_of_another_use_are_measured(shop: Caller) -> None:
    for width, height, code in ((200, 200, 12052301), (5000, 5000, 12052302), (900, 400, 12052305)):
        image = await shop.upload(width, height, "DESCRIPTION_IMAGE")
        body = await good_body(shop, main_images=[{"uri": image["uri"]}])
        assert await shop.code("POST", PRODUCTS, body=body) == code
