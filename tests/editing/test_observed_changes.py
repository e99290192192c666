"""Whose change it is: variants by name, and values that the platform cleared against values of another hand."""

from typing import Any

import pytest

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.ownership import FieldGroup
from server.domain.snapshots import Snapshot
from server.services.listings.editing.observing import compare, names_of

SENT = Snapshot(
    {
        "title": "Candle",
        "product_attributes": [{"id": "1", "values": [{"id": "11"}]}, {"id": "2", "values": [{"name": "Wax"}]}],
    },
    warned=True,
)


def read(*attributes: tuple[str, str], **more: Any) -> TikTokProduct:
    """A product with these attributes, each of one value by its name."""
    values = [{"id": one, "values": [{"id": "", "name": name}]} for one, name in attributes]
    return TikTokProduct.model_validate({"id": "9", "title": "Candle", "product_attributes": values} | more)


@pytest.mark.parametrize(
    ("there", "changed"),
    [
        ((), False),
        ((("1", "11"),), False),
        ((("1", "11"), ("2", "Wax")), False),
        ((("2", "Soy"),), True),
        ((("1", "11"), ("2", "Soy")), True),
        ((("1", "11"), ("3", "Theirs")), False),
    ],
)
def test_what_the_platform_cleared_is_no_change_and_another_value_is(
    there: tuple[tuple[str, str], ...], changed: bool
) -> None:
    assert (FieldGroup.ATTRIBUTES in compare(read(*there), [SENT], {}).groups) is changed


def test_another_hands_marks_name_no_variant_of_ours() -> None:
    wanted = Snapshot({}, {"v1": {"seller_sku": "WAX-1"}, "v2": {}})
    skus = [
        {"id": "1", "seller_sku": "WAX-1", "external_sku_id": "of another connector"},
        {"id": "2", "external_sku_id": "v2"},
        {"id": "3", "external_sku_id": "unknown"},
        {"id": "4"},
    ]
    found = names_of(read(skus=skus), [], wanted)
    assert found == {"1": "v1", "2": "v2", "3": "unknown"}


def test_a_variant_that_another_hand_added_has_no_price_of_ours() -> None:
    """It is known to be there, and nothing was told of it: no price and no code of it is a change."""
    sku = {"id": "1", "seller_sku": "GIFT", "external_sku_id": "theirs", "price": {"sale_price": "9.00"}}
    product = read(skus=[sku])
    assert compare(product, [Snapshot({"title": "Candle"}, {"theirs": {}})], {"1": "theirs"}).groups == set()
    told = Snapshot({"title": "Candle"}, {"theirs": {"price": "8", "seller_sku": "GIFT"}})
    assert compare(product, [told], {"1": "theirs"}).groups == {FieldGroup.PRICE}
