"""The same way with a bucket instead of a folder: real HTTP to the bucket, signed by us and checked there."""

from collections.abc import AsyncIterator

import pytest

from server.domain.drafts import Picture, PictureNeed, PictureUse
from server.domain.files import StoredFileRef
from server.services import files
from server.settings import Settings
from tests.files.bucket import KEY_ID, NAME, REGION, SECRET, Bucket
from tests.files.seller import Seller, here, picture, row_of, said
from tests.shops import platforms as worlds
from tests.shops.platforms import Platforms, served


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
async def endpoint(bucket: Bucket) -> AsyncIterator[str]:
    async with served(bucket.app()) as origin:
        yield origin


@pytest.fixture
def settings(settings: Settings, platforms: Platforms, endpoint: str) -> Settings:
    in_a_bucket = {
        "files_url": f"s3://{NAME}/leafmark",
        "files_s3_endpoint": endpoint,
        "files_s3_region": REGION,
        "files_s3_access_key_id": KEY_ID,
        "files_s3_secret_access_key": SECRET,
    }
    mine = worlds.pointed_at(platforms.url, platforms.world.config)
    return Settings.model_validate(settings.model_dump() | mine | in_a_bucket)


async def test_a_size_chart_goes_through_a_bucket(seller: Seller, bucket: Bucket) -> None:
    data = picture()
    file_id = await seller.stored(data)
    (key,) = bucket.objects
    assert key.startswith(f"leafmark/{seller.stall.shop.id}/{row_of(file_id)}/")
    assert bucket.objects[key] == data
    shown = await seller.http.get(here((await seller.file(file_id))["url"]))
    assert shown.content == data
    need = PictureNeed(StoredFileRef(row_of(file_id)).address, PictureUse.SIZE_CHART_IMAGE)
    assert isinstance((await seller.uploads().shelve([need]))[need], Picture)
    assert await seller.uploads().shelve([need])
    assert seller.stall.calls("Upload Product Image") == 1
    deps = seller.stall.deps
    async with deps.database.write() as session:
        await files.delete(session, shop_id=seller.stall.shop.id, file_id=row_of(file_id), now=deps.clock())
    await files.clean(deps.database, deps.files, deps.clock)
    assert bucket.objects == {}


async def test_while_the_bucket_is_away_nothing_is_lost(seller: Seller, bucket: Bucket) -> None:
    data, deps = picture(), seller.stall.deps
    target = await seller.target(said(data))
    bucket.refusing = 503
    answer = await seller.send(target, data)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
    assert (await seller.file(target["resourceId"]))["state"] == "AWAITING"
    bucket.refusing = None
    assert (await seller.send(target, data)).status_code == 201
    async with deps.database.write() as session:
        await files.delete(
            session, shop_id=seller.stall.shop.id, file_id=row_of(target["resourceId"]), now=deps.clock()
        )
    bucket.refusing = 503
    assert await files.clean(deps.database, deps.files, deps.clock) == 0
    bucket.refusing = None
    assert await files.clean(deps.database, deps.files, deps.clock) == 1
    assert bucket.objects == {}
