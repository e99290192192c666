"""Listing by filter: what fits is listed, together with templates, once for a key; what cannot be said is refused."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from server.domain.listings import ListingStatus
from server.kit.errors import AppError
from server.services.listings import Filter, Wanted
from server.store.products import ListedAs
from server.tables import Task
from tests.listing.stall import Stall, a_product
from tests.shops.platforms import count

STRANGER = UUID("00000000-0000-0000-0000-000000000001")


async def subjects(stall: Stall, task: Task) -> Sequence[str]:
    titles = {product.id: product.title for product in await stall.products()}
    return [titles[item.subject_id] for item in await stall.items(task)]


async def test_a_filter_alone_and_with_one_template(stall: Stall) -> None:
    await stall.imported(*(a_product(title) for title in ("Soy Candle", "Wax Candle", "Steel Mug")))
    default = await stall.template()
    candles = Filter(search="candle")
    task = await stall.played(await stall.wanted(Wanted(filter=candles), key="once"))
    assert (await subjects(stall, task), task.succeeded) == (["Soy Candle", "Wax Candle"], 2)
    assert (await stall.wanted(Wanted(filter=candles), key="once")).id == task.id
    here = ListedAs(stall.tiktok_shop.id, [ListingStatus.NOT_SYNCED])
    rest = await stall.wanted(Wanted(filter=Filter(listed=here), template_id=default.id))
    assert await subjects(stall, rest) == ["Steel Mug"]
    assert rest.input == {"template_id": str(default.id), "products": 1}
    again = await stall.wanted(Wanted(filter=Filter(), template_ids=[default.id]))
    assert await subjects(stall, again) == []  # two are synced, one is queued


async def test_several_templates_list_only_what_fits_the_filter(stall: Stall) -> None:
    await stall.imported(*(a_product(title) for title in ("Soy Candle", "Wax Candle", "Steel Mug")))
    default = await stall.template()
    task = await stall.wanted(Wanted(filter=Filter(search="steel"), template_ids=[default.id]))
    assert await subjects(stall, task) == ["Steel Mug"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(), "productIds"),
        (Wanted(product_ids=[STRANGER], filter=Filter()), "filter"),
        (Wanted(product_ids=[STRANGER], template_ids=[STRANGER]), "templateIds"),
        (Wanted(filter=Filter(), template_id=STRANGER, template_ids=[STRANGER]), "templateIds"),
        (Wanted(filter=Filter(), template_id=STRANGER), "templateId"),
        (Wanted(filter=Filter(listed=ListedAs(STRANGER))), "filter.tiktokShopId"),
        (Wanted(filter=Filter(listed=ListedAs(template_id=STRANGER))), "filter.templateId"),
    ],
)
async def test_what_cannot_be_said_starts_nothing(stall: Stall, wanted: Wanted, field: str) -> None:
    await stall.template()
    before = await count(stall.deps, Task)
    with pytest.raises(AppError) as refused:
        await stall.wanted(wanted)
    assert refused.value.field == ("input", *field.split("."))
    assert await count(stall.deps, Task) == before
