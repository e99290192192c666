"""Which pictures an edit uploads: those that it may send, and no others."""

from server.domain.drafts import PictureUse
from server.domain.snapshots import PICTURE_GROUPS
from tests.editing.bench import Bench
from tests.listing.stall import a_product


def pictures(*slots: int) -> list[dict[str, object]]:
    return [{"kind": "jpg", "width": 600, "height": 600, "slot": slot} for slot in slots]


def test_every_picture_stands_in_a_field() -> None:
    assert set(PICTURE_GROUPS) == set(PictureUse)


async def test_pictures_that_are_held_no_longer_go_out_with_the_look_that_found_it(bench: Bench) -> None:
    """The seller takes the change back, which we did not hear of; the store has one picture more, and another title."""
    await bench.on_sale(a_product(images=pictures(1, 2)))
    uris = bench.remote().base.main_images
    bench.sellers({"main_images": [{"uri": uris[0]}]})
    await bench.store({"title": "Beeswax Candle in Snow"})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    assert list((await bench.one()).ownership["held"]) == ["PICTURES"]
    bench.sellers({"main_images": [{"uri": uri} for uri in uris]})
    before = bench.stall.calls("Upload Product Image")
    await bench.store({"images": pictures(1, 2, 9), "title": "Beeswax Candle in Rose"})
    assert (await bench.edited()).succeeded == 1
    assert bench.stall.calls("Upload Product Image") - before == 1
    await bench.reviewed()
    assert (bench.remote().base.main_images[:2], len(bench.remote().base.main_images)) == (uris, 3)
    assert {*bench.remote().base.main_images} <= {one.uri for one in bench.world.tiktok.images.values()}
    assert (await bench.one()).ownership == {}
