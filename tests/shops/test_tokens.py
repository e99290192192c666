"""Tokens of both platforms: renewed in time, once for all who ask, and honest when there is nothing to renew."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from server.clients.errors import Upstream
from server.clients.tiktok import TikTokAccess
from server.clients.tiktok_auth import TikTokToken
from server.deps import Deps, open_deps
from server.kit.errors import Conflict, NotFound
from server.kit.ids import new_id
from server.kit.secrets import Secret, SecretUnreadable, Vault
from server.services import shops, tiktok_shops
from server.services.key_rotation import rotate_secrets
from server.services.shopify_tokens import ShopifyTokens
from server.services.tiktok_tokens import TikTokTokens
from server.settings import Settings
from server.tables import Shop, TikTokShop
from tests.shops.platforms import Platforms, installed

EXCHANGE = "/admin/oauth/access_token"
REFRESH = "/api/v2/token/refresh"


def tiktok_tokens(deps: Deps, row: TikTokShop) -> TikTokTokens:
    return tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=row.shop_id, tiktok_shop_id=row.id, clock=deps.clock
    )


def shopify_tokens(deps: Deps, shop: Shop) -> ShopifyTokens:
    return shops.shopify_access(deps.database, deps.vault, deps.shopify, shop_id=shop.id, clock=deps.clock)


async def test_a_fresh_tiktok_token_is_handed_out_as_it_is(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    access = await tiktok_tokens(deps, tiktok_shop).current()
    there = platforms.world.tiktok.shops[tiktok_shop.remote_id]
    assert (access.cipher, access.shop_key) == (there.cipher, there.id)
    assert access.access_token.reveal() in platforms.world.tiktok.access_tokens
    assert platforms.asked(REFRESH) == 0


@pytest.mark.parametrize("days", [6.5, 7.5])
async def test_near_and_after_its_end_a_token_is_renewed_once_for_all(
    days: float, deps: Deps, platforms: Platforms, settings: Settings, tiktok_shop: TikTokShop
) -> None:
    before = await tiktok_tokens(deps, tiktok_shop).current()
    platforms.world.clock.advance(timedelta(days=days).total_seconds())
    async with open_deps(settings, clock=platforms.world.clock.datetime) as other_process:
        both = [deps, other_process]
        answers = await asyncio.gather(*(tiktok_tokens(both[n % 2], tiktok_shop).current() for n in range(10)))
    assert platforms.asked(REFRESH) == 1
    fresh = {answer.access_token.reveal() for answer in answers} - {before.access_token.reveal()}
    assert len(fresh) == 1
    after = await tiktok_tokens(deps, tiktok_shop).current()
    assert after.access_token.reveal() in fresh
    assert platforms.asked(REFRESH) == 1


async def test_a_call_with_a_token_the_platform_ended_is_renewed_once_and_repeated(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    """Code 105002 to eight calls at once: one refresh, eight answers."""
    for token in platforms.world.tiktok.access_tokens.values():
        token.expires = 0
    source = tiktok_tokens(deps, tiktok_shop)
    answers = await asyncio.gather(*(deps.tiktok.shops.warehouses(source) for _ in range(8)))
    assert {len(answer) for answer in answers} == {len(platforms.world.tiktok.shops[tiktok_shop.remote_id].warehouses)}
    assert platforms.asked(REFRESH) == 1


async def test_a_renewal_whose_answer_was_lost_is_made_again(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    """As after a crash between the platform's answer and our commit, where the refresh token stays good."""
    platforms.world.settings.refresh_rotates = False
    source = tiktok_tokens(deps, tiktok_shop)
    stale = await source.current()
    (grant,) = platforms.world.tiktok.grants.values()
    await deps.tiktok.auth.refresh(Secret(grant.refresh_token))
    assert (await source.renewed(stale)).access_token != stale.access_token
    assert platforms.asked(REFRESH) == 2


async def test_a_refusal_of_a_token_that_others_renewed_meanwhile_ends_nothing(
    deps: Deps, tiktok_shop: TikTokShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes refresh side by side (a lease ran out): the loser's refusal must not end the winner's grant."""
    source = tiktok_tokens(deps, tiktok_shop)
    stale = await source.current()
    refresh = deps.tiktok.auth.refresh
    winners = []

    async def overtaken(token: Secret) -> TikTokToken:
        monkeypatch.setattr(deps.tiktok.auth, "refresh", refresh)
        winners.append(await source._renew())
        return await refresh(token)

    monkeypatch.setattr(deps.tiktok.auth, "refresh", overtaken)
    answer = await source.renewed(stale)
    assert [answer.access_token] == [one.access_token for one in winners]
    assert await source.current() == answer


async def test_a_refusal_ends_the_connection_and_names_the_next_step(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    for grant in platforms.world.tiktok.grants.values():
        grant.refresh_expires = 0
    platforms.world.clock.advance(timedelta(days=8).total_seconds())
    source = tiktok_tokens(deps, tiktok_shop)
    for _ in range(3):
        with pytest.raises(Upstream) as caught:
            await source.current()
        assert caught.value.code == "AUTHORIZATION_NEEDED"
    assert platforms.asked(REFRESH) == 1
    async with deps.database.read() as session:
        with pytest.raises(Conflict) as refused:
            await tiktok_shops.connected(
                session, shop_id=tiktok_shop.shop_id, tiktok_shop_id=tiktok_shop.id, now=deps.clock()
            )
    assert refused.value.code == "AUTHORIZATION_NEEDED"
    assert "connect it again" in refused.value.message


async def test_a_token_service_that_is_away_costs_nothing_while_the_token_works(
    settings: Settings, platforms: Platforms, deps: Deps, tiktok_shop: TikTokShop
) -> None:
    before = await tiktok_tokens(deps, tiktok_shop).current()
    away = settings.model_copy(update={"tiktok_auth_url": "http://127.0.0.1:9"})
    async with open_deps(away, clock=platforms.world.clock.datetime) as cut_off:
        platforms.world.clock.advance(timedelta(days=6.5).total_seconds())
        assert (await tiktok_tokens(cut_off, tiktok_shop).current()).access_token == before.access_token
        platforms.world.clock.advance(timedelta(days=1).total_seconds())
        with pytest.raises(Upstream) as caught:
            await tiktok_tokens(cut_off, tiktok_shop).current()
        assert caught.value.code == "PLATFORM_BUSY"
    assert (await tiktok_tokens(deps, tiktok_shop).current()).access_token != before.access_token


async def test_nobody_gets_a_token_for_another_stores_shop(deps: Deps, tiktok_shop: TikTokShop) -> None:
    foreign = replace(tiktok_tokens(deps, tiktok_shop), shop_id=new_id())
    with pytest.raises(Upstream) as caught:
        await foreign.current()
    assert caught.value.code == "AUTHORIZATION_NEEDED"
    async with deps.database.read() as session:
        with pytest.raises(NotFound):
            await tiktok_shops.get(session, shop_id=new_id(), tiktok_shop_id=tiktok_shop.id)
        assert await tiktok_shops.by_ids(session, shop_id=new_id(), ids=[tiktok_shop.id]) == {}


async def test_a_disconnected_shop_is_not_called_any_more(
    deps: Deps, platforms: Platforms, tiktok_shop: TikTokShop
) -> None:
    async with deps.database.write() as session:
        await tiktok_shops.disconnect(
            session,
            deps.queue,
            deps.feed,
            shop_id=tiktok_shop.shop_id,
            tiktok_shop_id=tiktok_shop.id,
            now=deps.clock(),
        )
    calls = len(platforms.world.calls.entries)
    with pytest.raises(Upstream):
        await deps.tiktok.shops.warehouses(tiktok_tokens(deps, tiktok_shop))
    assert len(platforms.world.calls.entries) == calls


async def test_shopifys_token_is_renewed_in_its_last_five_minutes_once_for_all(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    before = await shopify_tokens(deps, shop).current()
    platforms.world.clock.advance(3600 - 290)
    answers = await asyncio.gather(*(shopify_tokens(deps, shop).current() for _ in range(10)))
    assert platforms.asked(EXCHANGE) == 2
    assert len({answer.token.reveal() for answer in answers} - {before.token.reveal()}) == 1
    platforms.world.clock.advance(7200)
    late = await asyncio.gather(*(shopify_tokens(deps, shop).current() for _ in range(10)))
    assert len({answer.token.reveal() for answer in late}) == 1
    assert platforms.asked(EXCHANGE) == 3


async def test_a_token_shopify_revoked_is_renewed_and_the_call_repeated(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    source = shopify_tokens(deps, shop)
    stale = await source.current()
    renewed = await source.renewed(stale)
    assert renewed.token != stale.token
    assert (await source.renewed(stale)).token == renewed.token
    assert platforms.asked(EXCHANGE) == 2


async def test_dead_shopify_tokens_are_forgotten_and_the_next_visit_installs_again(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    platforms.world.shopify.shops[platforms.shop].tokens.revoke_all()
    platforms.world.clock.advance(7200)
    for _ in range(3):
        with pytest.raises(Upstream) as caught:
            await shopify_tokens(deps, shop).current()
        assert caught.value.code == "AUTHORIZATION_NEEDED"
    assert platforms.asked(EXCHANGE) == 2
    async with deps.database.read() as session:
        assert await shops.installed(session, domain=platforms.shop) is None
        row = await shops.get(session, shop_id=shop.id)
    assert (row.access_token_sealed, row.refresh_token_sealed, row.uninstalled_at) == (None, None, None)
    assert (await installed(deps, platforms)).id == shop.id
    assert (await shopify_tokens(deps, shop).current()).token.reveal()


async def test_stored_tokens_are_ciphertext(deps: Deps, shop: Shop, tiktok_shop: TikTokShop) -> None:
    shopify = await shopify_tokens(deps, shop).current()
    tiktok: TikTokAccess = await tiktok_tokens(deps, tiktok_shop).current()
    assert shop.access_token_sealed is not None
    assert shopify.token.reveal() not in shop.access_token_sealed
    assert tiktok.access_token.reveal() not in repr(tiktok)
    assert deps.vault.open(shop.access_token_sealed) == shopify.token


async def test_a_key_can_leave_after_a_rotation(
    deps: Deps, platforms: Platforms, settings: Settings, shop: Shop, tiktok_shop: TikTokShop
) -> None:
    old, new = settings.secret_keys[0], Fernet.generate_key().decode()
    assert await rotate_secrets(deps.database, Vault([new, old])) == 3
    with_new_only = replace(deps, vault=Vault([new]))
    assert (await shopify_tokens(with_new_only, shop).current()).token.reveal()
    assert (await tiktok_tokens(with_new_only, tiktok_shop).current()).cipher
    with pytest.raises(SecretUnreadable):
        await shopify_tokens(deps, shop).current()
    with pytest.raises(SecretUnreadable):
        await rotate_secrets(deps.database, deps.vault)
