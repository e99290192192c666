"""The long-lived things of one process, made once and closed together."""

from dataclasses import dataclass

import httpx
from redis.asyncio import Redis

from server.clients.shopify import ShopifyClient
from server.clients.tiktok import TikTokClient
from server.feed import Feed
from server.kit.clock import Clock
from server.kit.secrets import Vault
from server.queue import Queue
from server.settings import Settings
from server.store.session import Database


@dataclass(frozen=True, slots=True)
class Deps:
    """What requests and jobs are given. ``redis`` is shared by queue, feed and pace."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    feed: Feed
    vault: Vault
    http: httpx.AsyncClient
    tiktok: TikTokClient
    shopify: ShopifyClient
    clock: Clock
