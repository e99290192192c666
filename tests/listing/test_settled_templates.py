"""A task lists with the template that was settled when it began, whatever another task does with the same product."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from server.domain.tasks import ItemState, TaskState
from server.services import tasks, templates
from server.services.listings.creating.choosing import Filter, Wanted
from server.services.retrying import Name
from server.tables import CategoryTemplate, Product, Task
from tests.listing.stall import Stall, a_product, codes
from tests.listing.test_replayed_listings import PRICE_REFUSED
from tests.listing.test_retrying import again

CREATE = "Create Product"
PLAIN, DEAR = "19.90", "39.80"
"""The price in the store, as the one template leaves it, and what the other makes of it."""


@dataclass(frozen=True, slots=True)
class Two:
    """A product that waits in two tasks, each with a template of its own; ``first`` queued it."""

    stall: Stall
    product: Product
    plain: CategoryTemplate
    dear: CategoryTemplate
    first: Task
    second: Task

    async def templates(self) -> list[UUID | None]:
        """What the listing says that it is made with, and what the items say."""
        listed = [one.template_id for one in await self.stall.listings()]
        return listed + [one.template_id for task in (self.first, self.second) for one in await self.stall.items(task)]

    def prices(self) -> list[str]:
        """What buyers pay for what stands on TikTok Shop."""
        products = self.stall.world.tiktok.products.values()
        return [price.value for one in products for price in one.prices.values()]

    async def cancelled_first(self) -> None:
        deps = self.stall.deps
        async with deps.database.write() as session:
            where = {"shop_id": self.stall.shop.id, "task_id": self.first.id}
            await tasks.cancel(session, deps.queue, deps.feed, **where, now=deps.clock())
        assert (await self.stall.played(self.first)).state is TaskState.CANCELLED


@pytest.fixture
async def two(stall: Stall) -> Two:
    (product,) = await stall.imported(a_product())
    plain = await stall.template(is_default=False)
    dear = await stall.template(is_default=False, content={"price": {"percent": 100}})
    first = await stall.wanted(Wanted(filter=Filter(), template_id=plain.id))
    second = await stall.started([product.id], template_id=dear.id)
    return Two(stall, product, plain, dear, first, second)


async def test_the_second_task_has_its_turn_first(two: Two) -> None:
    stall = two.stall
    assert await two.templates() == [two.plain.id, two.plain.id, two.dear.id]
    assert (await stall.played(two.second)).succeeded == 1
    assert (two.prices(), await two.templates()) == ([DEAR], [two.dear.id, two.plain.id, two.dear.id])
    await stall.played(two.first)
    assert [codes(item) for item in await stall.items(two.first)] == [["ALREADY_LISTED"]]
    assert (two.prices(), await two.templates()) == ([DEAR], [two.dear.id, two.plain.id, two.dear.id])


async def test_the_first_task_is_cancelled(two: Two) -> None:
    await two.cancelled_first()
    assert (await two.stall.played(two.second)).succeeded == 1
    assert (two.prices(), await two.templates()) == ([DEAR], [two.dear.id, two.plain.id, two.dear.id])


async def test_what_is_said_when_the_second_fails_does_not_stay(two: Two) -> None:
    """The second one is refused with its price; the first goes on with its own."""
    stall = two.stall
    stall.fault(kind="tiktok", operation=CREATE, code=PRICE_REFUSED, message="price out of range", first=1)
    assert (await stall.played(two.second)).failed == 1
    assert await two.templates() == [two.dear.id, two.plain.id, two.dear.id]
    assert (await stall.played(two.first)).succeeded == 1
    assert (two.prices(), await two.templates()) == ([PLAIN], [two.plain.id, two.plain.id, two.dear.id])


async def test_another_try_asks_for_the_named_template_again(two: Two) -> None:
    stall = two.stall
    stall.fault(kind="tiktok", operation=CREATE, code=PRICE_REFUSED, message="price out of range", first=1)
    await stall.played(two.second)
    (retried,) = await again(stall, [Name(True, two.second.id)])
    assert [one.template_id for one in await stall.items(retried)] == [two.dear.id]
    assert (await stall.played(retried)).succeeded == 1
    assert (two.prices(), (await two.templates())[0]) == ([DEAR], two.dear.id)


@pytest.mark.usefixtures("twins_would_show")
async def test_a_creation_that_was_begun_goes_on_with_its_template(two: Two) -> None:
    """The first one's answer is lost, and so is what the second finds of it: the same key is sent with the same."""
    stall = two.stall
    stall.fault(kind="reset", operation=CREATE, first=1)
    await stall.once(two.first)
    await two.cancelled_first()
    assert (await stall.played(two.second)).succeeded == 1
    assert (two.prices(), await two.templates()) == ([PLAIN], [two.plain.id, two.plain.id, two.dear.id])
    assert await stall.open_intents() == []


async def test_a_template_that_is_gone_takes_nothing_and_gives_the_product_to_no_other(two: Two) -> None:
    stall = two.stall
    async with stall.deps.database.write() as session:
        await templates.delete(session, shop_id=stall.shop.id, template_id=two.dear.id, now=stall.deps.clock())
    await stall.played(two.second)
    assert [(item.state, codes(item)) for item in await stall.items(two.second)] == [
        (ItemState.FAILED, ["NO_TEMPLATE"])
    ]
    assert (stall.calls(CREATE), await two.templates()) == (0, [None, two.plain.id, two.dear.id])
    assert (await stall.played(two.first)).succeeded == 1
    assert (two.prices(), (await two.templates())[0]) == ([PLAIN], two.plain.id)


async def migrated(database_url: str) -> None:
    """Down to the revision before, and up again."""

    def run(connection: Connection) -> None:
        command.downgrade(migrations.config(connection), "0021")
        command.upgrade(migrations.config(connection), "head")

    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


async def test_items_that_wait_while_we_are_updated_go_on_as_they_would_have(two: Two, database_url: str) -> None:
    """With what the listing says; items that have ended are nobody's business any more."""
    await two.cancelled_first()
    await migrated(database_url)
    assert await two.templates() == [two.plain.id, None, two.plain.id]
    assert (await two.stall.played(two.second)).succeeded == 1
    assert two.prices() == [PLAIN]
