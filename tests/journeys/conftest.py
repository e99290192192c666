"""The whole service as processes, on ports of its own: what the journeys are told against."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli.processes import Plan, Stack
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything running, with the built-in store and a connected TikTok shop; in a folder whose name has a space."""
    data: Path = tmp_path_factory.mktemp("a town") / "data"
    with Stack(Plan(data=data, workers=1, fast=True)) as stack, httpx.Client(timeout=30) as http:
        yield Town.settled(stack, http)
