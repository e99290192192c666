"""A store with one connected TikTok shop, straight into the rows."""

from datetime import timedelta

from server.deps import Deps
from server.domain.markets import Market, SellerType
from server.kit.secrets import Secret
from server.tables import Shop, TikTokAuthorization, TikTokShop


async def connected_shop(
    deps: Deps, *, domain: str = "one.myshopify.com", market: Market = Market.US
) -> tuple[Shop, TikTokShop]:
    """The store and its TikTok shop; the tokens are good for a week and known to nobody."""
    now = deps.clock()
    shop = Shop(domain=domain, name="One", installed_at=now)
    grant = TikTokAuthorization(
        shop_id=shop.id,
        open_id=f"open-{domain}",
        access_token_sealed=deps.vault.seal(Secret("access")),
        access_expires_at=now + timedelta(days=7),
        refresh_token_sealed=deps.vault.seal(Secret("refresh")),
        refresh_expires_at=now + timedelta(days=365),
        authorized_at=now,
    )
    tiktok_shop = TikTokShop(
        shop_id=shop.id,
        authorization_id=grant.id,
        remote_id=f"74{abs(hash(domain)) % 10**17:017d}",
        cipher_sealed=deps.vault.seal(Secret("ROW_cipher")),
        name="One on TikTok",
        market=market,
        seller_type=SellerType.LOCAL,
        connected_at=now,
    )
    async with deps.database.write() as session:
        session.add(shop)
        await session.flush()
        session.add(grant)
        await session.flush()
        session.add(tiktok_shop)
    return shop, tiktok_shop
