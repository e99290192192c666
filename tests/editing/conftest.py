"""The sandbox as both platforms, and a merchant's stall whose listings are edited."""

import pytest

from tests.editing.bench import Bench
from tests.listing.conftest import deps, platforms, settings, stall
from tests.listing.stall import Stall

__all__ = ["bench", "deps", "platforms", "settings", "stall"]


@pytest.fixture
async def bench(stall: Stall) -> Bench:
    return Bench(stall)
