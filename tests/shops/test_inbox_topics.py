"""What each webhook topic does, in any order, as often as it comes."""

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest
from sqlmodel import select

from server.deps import Deps
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskKind, TaskState
from server.services import shops, tasks, tiktok_shops
from server.services.tiktok_shops import ConnectionStatus
from server.tables import Listing, Product, Shop, TikTokShop, WebhookDelivery, WebhookSource
from tests.sandbox_tiktok.conftest import Caller
from tests.sandbox_tiktok.conftest import listed as make_live
from tests.shops.deliveries import audit, listed, outcomes, receive, status_of
from tests.shops.platforms import Platforms, connected, count, installed
from workers.inbox import run_inbox


async def test_an_audit_reaches_its_listing_once_and_late_news_changes_nothing(
    deps: Deps, tiktok_shop: TikTokShop
) -> None:
    row = await listed(deps, tiktok_shop, "1729592969712207008")
    now = deps.clock()
    later = audit("1729592969712207008", "APPROVED", now)
    earlier = audit("1729592969712207008", "FAILED", now - timedelta(minutes=1))
    await receive(deps, "37", tiktok_shop.remote_id, later, name="later", at=now)
    assert await run_inbox(deps) == 1
    assert await status_of(deps, row) is ListingStatus.LIVE
    await receive(deps, "37", tiktok_shop.remote_id, earlier, name="earlier", at=now - timedelta(minutes=1))
    await receive(deps, "37", tiktok_shop.remote_id, later, name="later", at=now)
    assert await run_inbox(deps) == 1
    assert await status_of(deps, row) is ListingStatus.LIVE
    assert await outcomes(deps) == {"later": ("applied", True), "earlier": ("stale", True)}
    assert await run_inbox(deps) == 0


async def test_news_of_a_product_not_recorded_yet_waits_for_it(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    await receive(deps, "37", tiktok_shop.remote_id, audit("1729", "APPROVED", deps.clock()))
    assert await run_inbox(deps) == 1
    assert await outcomes(deps) == {"n1": ("no listing has this product id", False)}
    row = await listed(deps, tiktok_shop, "1729")
    assert await run_inbox(deps) == 0
    platforms.world.clock.advance(3)
    assert await run_inbox(deps) == 1
    assert await status_of(deps, row) is ListingStatus.LIVE


async def test_news_of_a_product_that_never_comes_is_ignored_in_the_end(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    await receive(deps, "37", tiktok_shop.remote_id, audit("1729", "APPROVED", deps.clock()))
    tries = 0
    for _ in range(10):
        tries += await run_inbox(deps)
        platforms.world.clock.advance(3600)
    assert tries == 9
    assert await outcomes(deps) == {"n1": ("ignored: no listing has this product id", True)}


async def test_a_change_the_platform_does_not_explain_is_looked_at(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    """The product is unknown to the platform, so the look is refused; the delivery is settled, not repeated."""
    row = await listed(deps, tiktok_shop, "1729")
    payload = {"product_id": 1729, "status": "PRODUCT_STATUS_CHANGED", "update_time": int(deps.clock().timestamp())}
    await receive(deps, "5", tiktok_shop.remote_id, payload)
    assert await run_inbox(deps) == 1
    assert platforms.asked("/product/202309/products/1729") == 1
    (outcome, done) = (await outcomes(deps))["n1"]
    assert done
    assert outcome is not None
    assert outcome.startswith("ignored: ")
    assert await status_of(deps, row) is ListingStatus.IN_REVIEW


@pytest.mark.parametrize(("event", "wanted"), [("freeze", ListingStatus.FROZEN), ("remove", ListingStatus.DEACTIVATED)])
async def test_a_look_brings_the_products_true_state(
    event: str, wanted: ListingStatus, deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    """The platform acts on a live product and says only that something changed."""
    source = tiktok_shops.token_source(
        deps.database,
        deps.vault,
        deps.tiktok,
        shop_id=tiktok_shop.shop_id,
        tiktok_shop_id=tiktok_shop.id,
        clock=deps.clock,
    )
    access = await source.current()
    async with httpx.AsyncClient(base_url=platforms.url) as http:
        config = platforms.world.config
        seller = Caller(http, platforms.world, config.tiktok_app_key, config.tiktok_app_secret)
        seller.token, seller.cipher = access.access_token.reveal(), access.cipher or ""
        remote_id = await make_live(seller, verdict=None)
    row = await listed(deps, tiktok_shop, remote_id)
    platforms.world.clock.advance(5)
    control = f"{platforms.url}/_sandbox/tiktok/intervene"
    assert (await deps.http.post(control, json={"product_id": remote_id, "event": event})).is_success
    moment = int(deps.clock().timestamp())
    payload = {"product_id": int(remote_id), "status": "PRODUCT_STATUS_CHANGED", "update_time": moment}
    await receive(deps, "5", tiktok_shop.remote_id, payload)
    assert await run_inbox(deps) == 1
    assert await status_of(deps, row) is wanted
    assert await outcomes(deps) == {"n1": ("looked: applied", True)}


async def test_a_look_at_a_platform_that_is_away_is_repeated(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    await listed(deps, tiktok_shop, "1729")
    async with deps.database.write() as session:
        found = await session.get(TikTokShop, tiktok_shop.id)
        assert found is not None
        found.cipher_sealed = "unreadable"
        session.add(found)
    payload = {"product_id": 1729, "status": "PRODUCT_STATUS_CHANGED", "update_time": int(deps.clock().timestamp())}
    await receive(deps, "5", tiktok_shop.remote_id, payload)
    assert await run_inbox(deps) == 1
    (outcome, done) = (await outcomes(deps))["n1"]
    assert not done
    assert outcome is not None
    assert outcome.startswith("failed: SecretUnreadable")


async def status(deps: Deps, row: TikTokShop) -> ConnectionStatus:
    async with deps.database.read() as session:
        shop = await tiktok_shops.get(session, shop_id=row.shop_id, tiktok_shop_id=row.id)
        grants = await tiktok_shops.authorizations_by_ids(session, shop_id=row.shop_id, ids=[shop.authorization_id])
    return tiktok_shops.status_of(shop, grants[shop.authorization_id], now=deps.clock())


async def test_a_deauthorization_ends_the_grant_and_drops_its_tokens(deps: Deps, tiktok_shop: TikTokShop) -> None:
    async with deps.feed.listen(f"shop:{tiktok_shop.shop_id}") as ring:
        await receive(deps, "6", tiktok_shop.remote_id, {"message": "bye"})
        assert await run_inbox(deps) == 1
        await asyncio.wait_for(ring.heard(), 5)
    assert await status(deps, tiktok_shop) is ConnectionStatus.NEEDS_AUTHORIZATION
    async with deps.database.read() as session:
        grants = await tiktok_shops.authorizations_by_ids(
            session, shop_id=tiktok_shop.shop_id, ids=[tiktok_shop.authorization_id]
        )
    grant = grants[tiktok_shop.authorization_id]
    assert (grant.access_token_sealed, grant.refresh_token_sealed) == ("", "")
    assert grant.end_reason == "The seller removed the authorization in TikTok Shop."


async def test_a_late_deauthorization_does_not_end_a_newer_grant(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop, shop: Shop
) -> None:
    told = deps.clock()
    platforms.world.clock.advance(60)
    (again,) = await connected(deps, platforms, shop)
    await receive(deps, "6", tiktok_shop.remote_id, {"message": "bye"}, at=told)
    assert await run_inbox(deps) == 1
    assert await status(deps, again) is ConnectionStatus.CONNECTED
    assert await outcomes(deps) == {"n1": ("ignored", True)}


async def test_an_expiry_notice_shows_in_the_status(deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop) -> None:
    ends = deps.clock() + timedelta(days=20)
    notice: dict[str, object] = {"message": "soon", "expiration_time": str(int(ends.timestamp()))}
    await receive(deps, "7", tiktok_shop.remote_id, notice)
    await receive(deps, "7", tiktok_shop.remote_id, {"message": "soon"}, name="n2")
    await receive(deps, "7", "unknown shop", notice, name="n3")
    assert await run_inbox(deps) == 3
    assert await status(deps, tiktok_shop) is ConnectionStatus.EXPIRING
    platforms.world.clock.advance(timedelta(days=21).total_seconds())
    assert await status(deps, tiktok_shop) is ConnectionStatus.NEEDS_AUTHORIZATION
    done = await outcomes(deps)
    assert {name: done[name][0] for name in done} == {
        "n1": "expiry noted",
        "n2": "ignored: no expiration_time",
        "n3": "ignored",
    }


async def uninstalled(deps: Deps, platforms: Platforms, *, name: str, at: datetime) -> None:
    await receive(deps, "app/uninstalled", platforms.shop, {}, name=name, at=at, source=WebhookSource.SHOPIFY)


async def test_an_uninstall_drops_the_tokens_and_cancels_the_work(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    async with deps.database.write() as session:
        task = await tasks.open_task(
            session,
            deps.queue,
            deps.feed,
            shop_id=shop.id,
            kind=TaskKind.IMPORT,
            tiktok_shop_id=None,
            input={},
            started_by="user:42",
            idempotency_key=None,
            subject_ids=None,
            now=deps.clock(),
        )
    await uninstalled(deps, platforms, name="n1", at=deps.clock())
    assert await run_inbox(deps) == 1
    async with deps.database.read() as session:
        after = await shops.get(session, shop_id=shop.id)
        stopped = await tasks.get(session, shop_id=shop.id, task_id=task.id)
    assert after.uninstalled_at is not None
    assert (after.access_token_sealed, after.refresh_token_sealed) == (None, None)
    assert stopped.state in (TaskState.CANCELLING, TaskState.CANCELLED)


async def test_an_uninstall_told_after_the_reinstall_changes_nothing(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    told = deps.clock()
    platforms.world.clock.advance(60)
    await uninstalled(deps, platforms, name="n1", at=told)
    await run_inbox(deps)
    platforms.world.clock.advance(60)
    back = await installed(deps, platforms)
    assert back.id == shop.id
    await uninstalled(deps, platforms, name="n2", at=told)
    await run_inbox(deps)
    async with deps.database.read() as session:
        assert await shops.installed(session, domain=platforms.shop) is not None
    assert (await outcomes(deps))["n2"] == ("ignored: installed again since", True)


async def test_a_redaction_deletes_everything_but_only_after_an_uninstall(
    deps: Deps, platforms: Platforms, shop: Shop, tiktok_shop: TikTokShop
) -> None:
    await listed(deps, tiktok_shop, "1729")
    redact = {"shop_domain": platforms.shop}
    await receive(deps, "shop/redact", platforms.shop, dict(redact), name="early", source=WebhookSource.SHOPIFY)
    await run_inbox(deps)
    assert await count(deps, Shop, TikTokShop, Listing) == [1, 1, 1]
    await uninstalled(deps, platforms, name="n1", at=deps.clock())
    await run_inbox(deps)
    assert await count(deps, Shop, TikTokShop, Listing) == [1, 1, 1]
    platforms.world.clock.advance(timedelta(hours=48).total_seconds())
    await receive(deps, "shop/redact", platforms.shop, dict(redact), name="due", source=WebhookSource.SHOPIFY)
    await run_inbox(deps)
    assert await count(deps, Shop, TikTokShop, Listing, Product) == [0, 0, 0, 0]
    async with deps.database.read() as session:
        payloads = (await session.exec(select(WebhookDelivery.payload))).all()
    assert list(payloads) == [{}, {}, {}]
    assert (await outcomes(deps))["due"] == ("deleted", True)
