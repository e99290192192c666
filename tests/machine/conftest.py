"""A shop, and tasks whose subjects mean nothing: the machine is tested without any platform."""

import pytest

from server.deps import Deps
from server.tables import Shop
from tests.machine.machine import Machine


@pytest.fixture
async def machine(deps: Deps) -> Machine:
    shop = Shop(domain="one.myshopify.com", installed_at=deps.clock())
    async with deps.database.write() as session:
        session.add(shop)
    return Machine(deps, shop.id)
