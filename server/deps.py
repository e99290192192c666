"""The long-lived things of one process, made once and closed together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from redis.asyncio import Redis

from server.clients.buckets import Rate
from server.clients.http import new_http
from server.clients.pace import Lane, Pace
from server.clients.shopify import ShopifyClient
from server.clients.tiktok import TikTokClient
from server.feed import Feed
from server.files import FileStore, S3Access, open_store
from server.kit.clock import Clock, system_clock
from server.kit.links import Links
from server.kit.secrets import Vault
from server.queue import Queue
from server.services.recommendations.meanings import SentenceModel, sentence_model
from server.settings import Settings
from server.store.session import Database, Session

__all__ = ["Deps", "Session", "open_deps", "sentence_model"]


@dataclass(frozen=True, slots=True)
class Deps:
    """What requests and jobs are given. ``redis`` is shared by queue, feed and pace."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    feed: Feed
    vault: Vault
    links: Links
    files: FileStore
    http: httpx.AsyncClient
    tiktok: TikTokClient
    shopify: ShopifyClient
    sentence_model: SentenceModel | None
    clock: Clock


@asynccontextmanager
async def open_deps(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[Deps]:
    """Make everything, connecting lazily, and close it in the end. Raises ``StoreUnusable`` and ``ModelMissing``."""
    files = file_store(settings)
    model = sentence_model(settings.recommender_model)
    database = Database(settings.database_url)
    redis = Redis.from_url(settings.redis_url)
    feed = Feed(redis)
    http = new_http()
    pace = Pace(redis, rates=_rates(settings), clock=clock)
    try:
        yield Deps(
            settings=settings,
            database=database,
            redis=redis,
            queue=Queue(redis),
            feed=feed,
            vault=Vault(settings.secret_keys),
            links=Links(settings.secret_keys),
            files=files,
            http=http,
            tiktok=TikTokClient(
                http=http,
                app_key=settings.tiktok_app_key,
                app_secret=settings.tiktok_app_secret,
                api_url=settings.tiktok_api_url,
                auth_url=settings.tiktok_auth_url,
                clock=clock,
                pace=pace,
            ),
            shopify=ShopifyClient(
                http=http,
                client_id=settings.shopify_client_id,
                client_secret=settings.shopify_client_secret,
                url_template=settings.shopify_url_template,
                api_version=settings.shopify_api_version,
                clock=clock,
                pace=pace,
            ),
            sentence_model=model,
            clock=clock,
        )
    finally:
        await feed.close()
        await http.aclose()
        await redis.aclose()
        await database.close()


def file_store(settings: Settings) -> FileStore:
    """Where sellers' files are, as the settings say. Raises ``StoreUnusable``."""
    access = S3Access(
        settings.files_s3_endpoint,
        settings.files_s3_region,
        settings.files_s3_access_key_id,
        settings.files_s3_secret_access_key,
    )
    return open_store(settings.files_url, access)


def _rates(settings: Settings) -> dict[Lane, Rate]:
    """The shape of TikTok fact sheet 5.5 at the speed the settings give: a burst of 2 s, from a tenth to 25-fold."""
    starts = {Lane.READ: settings.tiktok_reads_per_second, Lane.WRITE: settings.tiktok_writes_per_second}
    return {
        lane: Rate(start, floor=start / 10, ceiling=start * 25, growth=start / 10, burst=max(1.0, start * 2))
        for lane, start in starts.items()
    }
