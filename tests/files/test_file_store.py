"""The folder and the bucket behave alike, and what cannot be used is told before anything starts."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from cli.environment import files_can_be_kept
from cli.problems import CannotRun
from server.files import FileStore, S3Access, StoreUnusable, open_store
from server.kit.errors import NotFound, Unavailable
from server.kit.secrets import Secret
from server.settings import Settings
from tests.files.bucket import KEY_ID, NAME, REGION, SECRET, Bucket
from tests.shops.platforms import served

AWS = S3Access(None, "us-east-1", None, None)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
async def endpoint(bucket: Bucket) -> AsyncIterator[str]:
    async with served(bucket.app()) as origin:
        yield origin


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, endpoint: str) -> FileStore:
    if request.param == "bucket":
        return open_store(f"s3://{NAME}/some/prefix", S3Access(endpoint, REGION, KEY_ID, Secret(SECRET)))
    folder = tmp_path / "a folder"
    folder.mkdir()
    return open_store(folder.as_uri(), AWS)


async def test_what_is_put_is_got(store: FileStore) -> None:
    shop, file = uuid4(), uuid4()
    large = bytes(range(256)) * 30_000
    await store.probe()
    await store.put(f"{shop}/{file}/one", b"1")
    await store.put(f"{shop}/{file}/two", large)
    await store.put(f"{shop}x/other", b"")
    assert await store.get(f"{shop}/{file}/one") == b"1"
    assert b"".join([piece async for piece in await store.open(f"{shop}/{file}/two")]) == large
    await store.delete_below(f"{shop}")
    for name in ("one", "two"):
        with pytest.raises(NotFound):
            await store.get(f"{shop}/{file}/{name}")
    assert await store.get(f"{shop}x/other") == b""
    await store.delete(f"{shop}x/other")
    await store.delete(f"{shop}x/other")
    await store.delete_below("never/was")
    with pytest.raises(NotFound):
        await store.open(f"{shop}x/other")


async def test_keys_stand_below_the_prefix(bucket: Bucket, endpoint: str) -> None:
    store = open_store(f"s3://{NAME}/some/prefix", S3Access(endpoint, REGION, KEY_ID, Secret(SECRET)))
    await store.put("shop/file/hash", b"1")
    assert bucket.objects == {"some/prefix/shop/file/hash": b"1"}


async def test_a_bucket_that_is_out_of_order(bucket: Bucket, endpoint: str) -> None:
    store = open_store(f"s3://{NAME}", S3Access(endpoint, REGION, KEY_ID, Secret(SECRET)))
    bucket.refusing = 503
    with pytest.raises(Unavailable):
        await store.put("a", b"1")
    assert len(bucket.seen) == 3
    bucket.refusing = None
    await store.put("a", b"1")
    assert await store.get("a") == b"1"


async def test_a_wrong_secret_stops_the_start(bucket: Bucket, endpoint: str, settings: Settings) -> None:
    wrong = {
        "files_url": f"s3://{NAME}",
        "files_s3_endpoint": endpoint,
        "files_s3_region": REGION,
        "files_s3_access_key_id": KEY_ID,
        "files_s3_secret_access_key": "another secret",
    }
    with pytest.raises(CannotRun) as refused:
        await files_can_be_kept(Settings.model_validate(settings.model_dump() | wrong))
    assert str(refused.value).startswith("Files cannot be kept at FILES_URL: ")
    assert "another secret" not in str(refused.value)
    assert bucket.objects == {}
    await files_can_be_kept(
        Settings.model_validate(settings.model_dump() | wrong | {"files_s3_secret_access_key": SECRET})
    )
    assert bucket.objects == {}


async def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path, settings: Settings) -> None:
    missing = tmp_path / "not here"
    with pytest.raises(StoreUnusable):
        open_store(missing.as_uri(), AWS)
    with pytest.raises(CannotRun) as refused:
        await files_can_be_kept(Settings.model_validate(settings.model_dump() | {"files_url": missing.as_uri()}))
    assert str(refused.value) == f"Files cannot be kept at FILES_URL: there is no folder {missing}; make it first."
    assert not missing.exists()


async def test_a_folder_that_cannot_be_written_stops_the_start(settings: Settings) -> None:
    with pytest.raises(CannotRun) as refused:
        await files_can_be_kept(Settings.model_validate(settings.model_dump() | {"files_url": "file:///proc"}))
    assert str(refused.value).startswith("Files cannot be kept at FILES_URL: /proc cannot be written")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"files_url": "/var/files"}, "file:///absolute/folder"),
        ({"files_url": "file://files"}, "file:///absolute/folder"),
        ({"files_url": "s3://"}, "s3://bucket/prefix"),
        ({"files_url": "https://bucket.example"}, "s3://bucket/prefix"),
        ({"files_s3_access_key_id": "one"}, "go together"),
        ({"files_max_bytes": 20_000_001}, "less than or equal"),
    ],
)
async def test_settings_that_make_no_sense(settings: Settings, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Settings.model_validate(settings.model_dump() | changes)
