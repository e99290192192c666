"""A product that was held because it may be on TikTok Shop already: the decision is made again, too."""

import pytest

from server.domain.problems import Problem
from tests.linking.shelf import Shelf
from tests.linking.test_no_twin_of_strangers import candle, opened
from tests.listing.stall import Stall, codes
from tests.listing.test_replay import differing


async def test_why_it_was_held_is_kept(stall: Stall, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened(stall, candle("Rose", "ROSE", "ROSE-2"))
    theirs = await shelf.put("ROSE")
    await stall.imported()
    task = await stall.played(await stall.started([one.id for one in await stall.products()]))
    assert [codes(one) for one in await stall.items(task)] == [["ALREADY_LISTED"], ["LINK_UNDECIDED"]]
    assert await differing(stall, task) == {"Beeswax Candle in Rose": {}}
    monkeypatch.setattr(
        "server.services.listings.replay.remaking.undecided",
        lambda twins: Problem("LINK_UNDECIDED", ("product",), f"Perhaps {twins[0]}."),
    )
    (found,) = (await differing(stall, task)).values()
    assert found["ending.problems.0.message"][1] == f"Perhaps {theirs}."
