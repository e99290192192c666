"""The whole service as processes, on ports of its own: what the journeys are told against."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from cli.processes import Plan, Stack
from tests.journeys.footprint import footprint
from tests.journeys.merchants import Merchant
from tests.journeys.played import Played
from tests.journeys.secrets_of import leaks
from tests.journeys.town import Town


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything running, with the built-in store and a connected TikTok shop; in a folder whose name has a space."""
    data: Path = tmp_path_factory.mktemp("a town") / "data"
    with Stack(Plan(data=data, workers=1, fast=True)) as stack, httpx.Client(timeout=30) as http:
        settled = Town.settled(stack, http)
        yield settled
        assert leaks(settled) == [], "a secret was said in one of the journeys"


@pytest.fixture(scope="package")
def played(town: Town) -> Played:
    """The main job, played once to its end by the town's first merchant."""
    return Played.through(town)


@pytest.fixture
def settle(town: Town) -> Callable[[int], Merchant]:
    """Brings another merchant with so many products to town."""
    return lambda products: Merchant.settled(town, products)


@pytest.fixture
def unchanged(town: Town, played: Played) -> Iterator[None]:
    """Nothing happened: the shop's counts and the platforms' calls are after the test what they were before."""
    before = footprint(town)
    yield
    assert footprint(town) == before
