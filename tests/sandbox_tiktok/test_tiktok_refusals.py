"""Create Product refuses, code by code (TikTok fact sheet 5.4), and then nothing has happened."""

from collections.abc import Callable

import pytest

from tests.sandbox_tiktok.conftest import Caller, Json, good_body

PRODUCTS = "/product/202309/products"
Change = Callable[[Json], object]


def put(name: str, value: object) -> Change:
    return lambda body: body.update({name: value})


def drop(name: str) -> Change:
    return lambda body: body.pop(name)


def sku(**values: object) -> Change:
    return lambda body: body["skus"][0].update(values)


def sku_drop(name: str) -> Change:
    return lambda body: body["skus"][0].pop(name)


def price(**values: object) -> Change:
    return lambda body: body["skus"][0]["price"].update(values)


def stock(**values: object) -> Change:
    return lambda body: body["skus"][0]["inventory"][0].update(values)


def axes(*variants: list[Json]) -> Change:
    return lambda body: body.update(skus=[body["skus"][0] | {"sales_attributes": axis} for axis in variants])


def attribute(**values: object) -> Change:
    return lambda body: body["product_attributes"].append(values)


def named(**pairs: str) -> list[Json]:
    return [{"name": name, "value_name": value} for name, value in pairs.items()]


def twice(name: str) -> Change:
    return lambda body: body[name].append(body[name][0])


def box(length: str, width: str, height: str, unit: str = "CENTIMETER") -> Change:
    return put("package_dimensions", {"length": length, "width": width, "height": height, "unit": unit})


REFUSALS: list[tuple[str, Change, int]] = [
    ("old tree in the US", put("category_version", "v1"), 12052217),
    ("version absent means v1", drop("category_version"), 12052217),
    ("version unknown", put("category_version", "v3"), 36009004),
    ("category missing", drop("category_id"), 12052025),
    ("category no number", put("category_id", "mugs"), 12052025),
    ("category unknown", put("category_id", "999999999"), 12052023),
    ("save mode unknown", put("save_mode", "NOW"), 36009004),
    ("title missing", drop("title"), 12052261),
    ("title blank", put("title", "  "), 12052261),
    ("title too long", put("title", "mug " * 64), 12052051),
    ("title with escapes", put("title", "Mug &amp; saucer"), 12052931),
    ("title with emoji", put("title", "Mug \U0001f600 for coffee"), 12052931),
    ("title with control characters", put("title", "Mug\x07 for coffee"), 12052931),
    ("title of symbols", put("title", "!!! ???"), 12052931),
    ("title repeats", put("title", "Mug aaaaaaaaaa"), 12052931),
    ("title in another script", put("title", "Кружка для кофе"), 12052262),
    ("description missing", drop("description"), 12052015),
    ("description too long", put("description", "x" * 10_001), 12052013),
    ("too many pictures", put("description", '<img src="a" width="1" height="1">' * 31), 12052056),
    ("picture without src", put("description", '<img width="1" height="1">'), 12052340),
    ("foreign picture", put("description", '<img src="https://a.example/x.png" width="1" height="1">'), 12052341),
    ("images missing", put("main_images", []), 12052028),
    ("image uri empty", put("main_images", [{"uri": ""}]), 12052300),
    ("image unknown", put("main_images", [{"uri": "tos-nobody/1"}]), 12052722),
    ("ten images", lambda body: body.update(main_images=body["main_images"] * 10), 12052306),
    ("brand unknown", put("brand_id", "1"), 12052026),
    ("weight missing", drop("package_weight"), 12052181),
    ("weight zero", put("package_weight", {"value": "0", "unit": "KILOGRAM"}), 12052006),
    ("weight no number", put("package_weight", {"value": "light", "unit": "KILOGRAM"}), 12019011),
    ("four decimals", put("package_weight", {"value": "0.1234", "unit": "KILOGRAM"}), 12019011),
    ("three decimals of a pound", put("package_weight", {"value": "0.123", "unit": "POUND"}), 12019011),
    ("grams in the US", put("package_weight", {"value": "400", "unit": "GRAM"}), 12019061),
    ("mixed systems", put("package_weight", {"value": "1", "unit": "POUND"}), 12052915),
    ("side missing", put("package_dimensions", {"length": "1", "width": "1", "unit": "CENTIMETER"}), 12019012),
    ("side zero", box("0", "1", "1", "CENTIMETER"), 12052003),
    ("side broken", box("1", "1.5", "1", "CENTIMETER"), 12052004),
    ("unit unknown", box("1", "1", "1", "METER"), 12052916),
    ("no SKUs", put("skus", []), 12052902),
    ("301 SKUs", axes(*[named(Size=str(number)) for number in range(301)]), 12052050),
    ("four axes", axes(named(A="1", B="1", C="1", D="1")), 12052525),
    ("two SKUs without axes", axes([], []), 12052550),
    ("an axis missing", axes(named(Size="S", Cut="A"), named(Size="M")), 12052550),
    ("same combination", axes(named(Size="S"), named(Size="S")), 12052560),
    ("unknown axis id", axes([{"id": "1", "value_name": "S"}]), 12052527),
    ("unknown value id", axes([{"name": "Cut", "value_id": "1"}]), 12052529),
    ("axis name too long", axes([{"name": "x" * 21, "value_name": "S"}]), 12052933),
    ("value name too long", axes([{"name": "Cut", "value_name": "x" * 51}]), 12052934),
    ("unknown variant image", axes([{"name": "Cut", "value_name": "A", "sku_img": {"uri": "x"}}]), 12052520),
    (
        "image for one value only",
        axes([{"name": "Cut", "value_name": "A", "sku_img": {"uri": "x"}}], named(Cut="B")),
        12052522,
    ),
    (
        "images on two axes",
        axes([{"name": name, "value_name": "A", "sku_img": {"uri": "x"}} for name in ("Cut", "Fit")]),
        12052528,
    ),
    ("seller SKU with a space", sku(seller_sku="MUG 1"), 12019059),
    ("seller SKU too long", sku(seller_sku="M" * 51), 12019059),
    ("external SKU id too long", sku(external_sku_id="1" * 1000), 12052369),
    ("external id too long", put("external_product_id", "1" * 1000), 12052369),
    ("price missing", sku_drop("price"), 12052571),
    ("currency wrong", price(currency="EUR"), 12052084),
    ("price no number", price(amount="cheap"), 12052073),
    ("price of three decimals", price(amount="1.234"), 12052073),
    ("price zero", price(amount="0"), 12052570),
    ("price too high", price(amount="7600.01"), 12052570),
    ("global price of a local seller", sku(price={"sale_price": "5", "currency": "USD"}), 12052073),
    ("list price too high", sku(list_price={"amount": "7600.01", "currency": "USD"}), 12052375),
    ("list price's currency", sku(list_price={"amount": "20", "currency": "EUR"}), 12052376),
    ("stock missing", sku_drop("inventory"), 12019022),
    ("stock empty", sku(inventory=[]), 12052486),
    ("quantity zero", stock(quantity=0), 12052055),
    ("quantity missing", stock(quantity=None), 12052055),
    ("quantity too high", stock(quantity=100_000), 12052055),
    ("warehouse unknown", stock(warehouse_id="1"), 12052097),
    ("warehouse twice", lambda body: body["skus"][0]["inventory"].append(body["skus"][0]["inventory"][0]), 12052555),
    ("COD in the US", put("is_cod_allowed", True), 12052222),
    ("a fee in the US", sku(fees=[{"type": "PFAND", "additional_attribute": "REUSABLE"}]), 12052497),
    ("pre-sale not allowed", sku(pre_sale={"type": "RENTAL"}), 12019095),
    ("video unknown", put("video", {"id": "v1"}), 12052910),
    ("shipping template unknown", put("shipping_template_id", "1"), 12052402),
    ("16 search terms", put("search_terms", ["a"] * 16), 12052910),
    ("long features", put("key_product_features", ["a" * 1501]), 12052910),
    ("minimum order 21", put("minimum_order_quantity", 21), 12052910),
    (
        "sale in seconds",
        put("scheduled_sale", {"is_enabled_scheduled_sale": True, "schedule_sale_time": 1_900_000_000}),
        12052910,
    ),
    ("certification unknown", put("certifications", [{"id": "1"}]), 12052655),
    ("attribute twice", twice("product_attributes"), 12052251),
    ("platform unknown", put("listing_platforms", ["BAZAAR"]), 12052910),
]


@pytest.mark.parametrize(("_case", "change", "code"), REFUSALS, ids=[case for case, _, _ in REFUSALS])
async def test_refusals(shop: Caller, _case: str, change: Change, code: int) -> None:
    body = await good_body(shop, "840136")
    change(body)
    response = await shop.raw("POST", PRODUCTS, body=body)
    answer = response.json()
    assert answer["code"] == code, answer
    assert response.status_code == (400 if code == 36009004 else 200)
    assert not shop.world.tiktok.products
    assert not shop.world.outbox.kept
    assert not shop.world.tiktok.listings_today


def ring(*values: Json) -> Change:
    return lambda body: body.update(
        skus=[body["skus"][0] | {"seller_sku": f"R-{at}", "sales_attributes": [one]} for at, one in enumerate(values)]
    )


@pytest.mark.parametrize(
    ("_case", "change", "code"),
    [
        ("listed values", ring({"id": "100090", "value_id": "1005707"}, {"id": "100090", "value_name": "7"}), 0),
        ("a value of one's own", ring({"id": "100090", "value_name": "6 1/2"}), 12052529),
        ("the same by the axis's name", ring({"name": "Ring Size", "value_name": "6 1/2"}), 12052529),
        ("an axis of one's own", ring({"name": "US Ring Size", "value_name": "6 1/2"}), 0),
        (
            "the axis once by id, once by another name",
            ring({"id": "100090", "value_id": "1005707"}, {"name": "Ring", "value_name": "6 1/2"}),
            12052550,
        ),
    ],
)
async def test_an_axis_that_takes_listed_values_only(shop: Caller, _case: str, change: Change, code: int) -> None:
    leaf = next(one.id for one in shop.world.tiktok.trees.v2.leaves() if one.family == "jewellery")
    body = await good_body(shop, leaf)
    change(body)
    answer = (await shop.raw("POST", PRODUCTS, body=body)).json()
    assert answer["code"] == code, answer
    assert len(shop.world.tiktok.products) == (0 if code else 1)


async def test_text_is_taken_where_nothing_is_listed(shop: Caller) -> None:
    leaf = next(one.id for one in shop.world.tiktok.trees.v2.leaves() if one.family == "books")
    listed = await shop.ok("GET", f"/product/202309/categories/{leaf}/attributes", query={"category_version": "v2"})
    publisher = next(one for one in listed["attributes"] if one["id"] == "100314")
    assert (publisher["is_customizable"], publisher.get("values")) == (False, None)
    body = await good_body(shop, leaf)
    attribute(id="100314", values=[{"name": "Oak & Reed"}])(body)
    assert (await shop.raw("POST", PRODUCTS, body=body)).json()["code"] == 0
