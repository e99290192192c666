"""The guides can be followed: every shell block of docs/guides runs, in order, against one running stack."""

import shutil
from pathlib import Path

import pytest

from cli.client import Json
from tests.journeys.guided import GUIDES, READING, Reading, blocks
from tests.journeys.merchants import Merchant, plain_products
from tests.journeys.town import Town

TITLE = "A title written by hand for TikTok Shop"


def test_every_guide_with_a_shell_block_is_run() -> None:
    assert {path.stem for path in GUIDES.glob("*.md") if blocks(path.stem)} == {guide for guide, _ in READING}
    parts = [section for guide, sections in READING if guide == "main-job" for section in sections or ()]
    assert blocks("main-job", range(1, max(parts) + 1)) == blocks("main-job")
    assert parts == list(range(1, max(parts) + 1))


def mugs(amount: int) -> list[Json]:
    """What the template for candles does not take."""
    return [
        {**one, "handle": f"mug-{number}", "title": f"Stoneware Mug Number {number}", "product_type": "Mugs"}
        | {"variants": [{"price": "18.00", "sku": f"MUG-{number}", "quantity": 5, "weight": 400}]}
        for number, one in enumerate(plain_products(amount))
    ]


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("jq"), reason="the guides need curl and jq")
def test_the_guides_can_be_followed_from_the_first_to_the_last(town: Town, tmp_path: Path) -> None:
    merchant = Merchant.settled(town, [*plain_products(3), *mugs(3)])
    known = {**town.known, "api_token": merchant.client.token}
    reading = Reading.of(tmp_path, known)
    assert reading.refusals() == []
    assert {task["state"] for task in reading.last_looks().values()} == {"SUCCEEDED"}, reading.last_looks()
    assert [(guide, line) for guide, lines in reading.printed.items() for line in lines if line == "null"] == []
    assert [guide for guide, lines in reading.printed.items() if not lines] == []
    assert TITLE in [product["title"] for product in town.on_tiktok(merchant.tiktok_id)]
    assert sorted(merchant.created().values()) == [1] * 6
