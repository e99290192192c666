"""The end of an authorization: revoked (webhook 6), or soon to expire (webhook 7, daily from 30 days before)."""

from typing import TYPE_CHECKING

from sandbox.tiktok import news
from sandbox.tiktok.grants import Grant

if TYPE_CHECKING:
    from sandbox.world import World

DAY = 86_400
WARN_DAYS = 30
KIND = "tiktok_expiry_warning"


def register(world: "World") -> None:
    """Warn about expiring grants whenever their day comes."""

    def ripe(grant_id: str, _data: dict[str, object]) -> None:
        found = world.tiktok.grants.get(grant_id)
        if found is not None and not found.revoked:
            warn(world, found)
            plan_warning(world, found)

    world.ripening.on(KIND, ripe)


def plan_warning(world: "World", found: Grant) -> None:
    """At the next midnight within its last 30 days; a renewed authorization is no longer warned about."""
    for older in world.tiktok.grants.values():
        if (older.app_key, older.open_id) == (found.app_key, found.open_id):
            world.ripening.cancel(KIND, older.id)
    now = world.clock.unix()
    begins = found.refresh_expires - WARN_DAYS * DAY
    midnight = -(-max(now + 1, begins) // DAY) * DAY
    if midnight < found.refresh_expires:
        world.ripening.schedule(KIND, found.id, f"after {midnight - now}s")


def warn(world: "World", found: Grant) -> None:
    """Webhook 7 for each shop of the grant; the time is text."""
    data = {"message": "The authorization is about to expire", "expiration_time": str(found.refresh_expires)}
    for shop_id in sorted(found.shop_ids):
        news.authorization(world, news.EXPIRING, shop_id, data)


def deauthorize(world: "World", app_key: str, shop_id: str) -> int:
    """Take one shop out of every grant of an app; a grant without shops ends. Says how many were touched."""
    touched = [one for one in world.tiktok.grants.values() if one.app_key == app_key and shop_id in one.shop_ids]
    for found in touched:
        found.shop_ids.discard(shop_id)
        found.revoked = not found.shop_ids
    if touched:
        news.authorization(world, news.DEAUTHORIZED, shop_id, {"message": "The seller has removed the authorization"})
    return len(touched)
