"""The merchant's stall of the listing tests, with words for sweeps and links."""

import pytest

from tests.linking.shelf import Shelf
from tests.listing.conftest import deps, platforms, settings, stall, twins_would_show
from tests.listing.stall import Stall

__all__ = ["deps", "platforms", "settings", "shelf", "stall", "twins_would_show"]


@pytest.fixture
def shelf(stall: Stall) -> Shelf:
    return Shelf(stall)
