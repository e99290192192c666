"""How fast templates are listed, looked at before a save, saved, and explained, when a shop has very many of them.

Run it by itself: ``python -m benchmarks.template_services [--products N] [--templates N]``. It starts a PostgreSQL of
its own and prints one ``name value`` per line; the first line is the load of the machine.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from benchmarks.categories import a_shop
from benchmarks.ground import Ground, ground, servers
from benchmarks.rule_mix import templates as rule_mix
from benchmarks.templates import fill
from server.domain.paging import PageArgs
from server.domain.template_json import content_to_json
from server.services import templates
from server.services.templates import TemplateDraft, TemplatePatch, conflicts, explaining, previewing, taking
from server.store.session import Session
from server.tables import CategoryTemplate, Product

ROUNDS = 5
Look = Callable[[Session], Awaitable[object]]


async def write(place: Ground, tiktok_shop_id: UUID, amount: int) -> float:
    """Make the templates, each in a save of its own with its checks and its history; milliseconds of one save."""
    began = time.perf_counter()
    for number, one in enumerate(rule_mix(amount)):
        draft = TemplateDraft(f"Template {number}", None, content_to_json(one.content), rank=one.rank)
        async with place.deps.database.write() as session:
            await templates.create(
                session,
                shop_id=place.shop_id,
                tiktok_shop_id=tiktok_shop_id,
                draft=replace(draft, is_default=one.is_default),
                now=place.deps.clock(),
            )
    return (time.perf_counter() - began) * 1e3 / amount


async def taken_ms(place: Ground, look: Look) -> float:
    """Milliseconds of the middle round."""
    took = []
    for _ in range(ROUNDS):
        async with place.deps.database.read() as session:
            await session.connection()
            began = time.perf_counter()
            await look(session)
            took.append((time.perf_counter() - began) * 1e3)
    return median(took)


async def measure(environment: Mapping[str, str], products: int, amount: int) -> None:
    """A page of templates, a look before a save, a page of what is taken, explanations, conflicts."""
    async with ground(environment) as place:
        shop = await a_shop(place)
        await fill(place, products)
        print(f"save_ms {await write(place, shop.id, amount):.2f}")
        for name, look in (await looks(place, shop.id)).items():
            print(f"{name}_ms {await taken_ms(place, look):.1f}", flush=True)


async def looks(place: Ground, tiktok_shop_id: UUID) -> dict[str, Look]:
    """What merchants ask."""
    where: dict[str, Any] = {"shop_id": place.shop_id, "tiktok_shop_id": tiktok_shop_id}
    now = place.deps.clock()
    async with place.deps.database.read() as session:
        mine = select(CategoryTemplate.id).where(CategoryTemplate.shop_id == place.shop_id)
        special = mine.where(~col(CategoryTemplate.is_default)).order_by(col(CategoryTemplate.rank))
        chosen = (await session.exec(special.limit(1))).one()
        products = select(Product.id).where(Product.shop_id == place.shop_id).order_by(col(Product.id))
        named = list(await session.exec(products.limit(50)))
    rules = {"rules": {"conditions": [{"field": "VENDOR", "operator": "CONTAINS", "value": "a"}]}}
    draft = TemplateDraft("New", None, rules, rank=1)
    patch = TemplatePatch(content=rules)

    async def sent(session: Session) -> object:
        look = await previewing.preview_new(session, **where, draft=draft, first=10, now=now)
        return await previewing.preview_sent(session, shop_id=place.shop_id, preview=look, now=now)

    return {
        "page_of_50": lambda session: templates.page(
            session, shop_id=place.shop_id, tiktok_shop_id=tiktok_shop_id, args=PageArgs(first=50)
        ),
        "preview_new": lambda session: previewing.preview_new(session, **where, draft=draft, first=10, now=now),
        "preview_change": lambda session: previewing.preview_change(
            session, shop_id=place.shop_id, template_id=chosen, patch=patch, first=10
        ),
        "preview_with_10_products_as_sent": sent,
        "what_one_takes_page_of_50": lambda session: taking.page(
            session, **where, template_id=chosen, args=PageArgs(first=50)
        ),
        "explain_50_products": lambda session: explaining.explain(session, **where, product_ids=named),
        "conflicts": lambda session: conflicts.of_shop(session, **where),
    }


def main() -> None:
    """Measure with so many products and templates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=20_000, help="how large the catalogue is (20,000)")
    parser.add_argument("--templates", type=int, default=1_000, help="how many templates there are (1,000)")
    asked = parser.parse_args()
    print(f"load_1min {os.getloadavg()[0]:.2f}")
    print(f"products {asked.products}\ntemplates {asked.templates}")
    with servers() as running:
        asyncio.run(measure(running.environment, asked.products, asked.templates))


if __name__ == "__main__":
    main()
