"""Writing every stored secret anew with the newest key, so that an old one can leave ``SECRET_KEYS``."""

from uuid import UUID

from server.kit.secrets import Vault
from server.store import shops, tiktok_authorizations, tiktok_shops
from server.store.session import Database

_SLICE = 200


async def rotate_secrets(database: Database, vault: Vault) -> int:
    """How many rows were rewritten. May run beside everything else, and again: a renewed token is left alone.

    ``SecretUnreadable`` when a row needs a key that is no longer there; rows before it are done.
    """
    return await _stores(database, vault) + await _grants(database, vault) + await _ciphers(database, vault)


async def _stores(database: Database, vault: Vault) -> int:
    done, after = 0, None
    while True:
        async with database.write() as session:
            rows = await shops.sealed_after(session, after=after, amount=_SLICE)
            for row in rows:
                used, access = row.refresh_token_sealed or "", row.access_token_sealed or ""
                await shops.reseal(
                    session, shop_id=row.id, used=used, access=vault.rotate(access), refresh=vault.rotate(used)
                )
        if not rows:
            return done
        done, after = done + len(rows), rows[-1].id


async def _grants(database: Database, vault: Vault) -> int:
    done = 0
    after: UUID | None = None
    while True:
        async with database.write() as session:
            rows = await tiktok_authorizations.sealed_after(session, after=after, amount=_SLICE)
            for row in rows:
                await tiktok_authorizations.reseal(
                    session,
                    shop_id=row.shop_id,
                    authorization_id=row.id,
                    used=row.refresh_token_sealed,
                    access=vault.rotate(row.access_token_sealed),
                    refresh=vault.rotate(row.refresh_token_sealed),
                )
        if not rows:
            return done
        done, after = done + len(rows), rows[-1].id


async def _ciphers(database: Database, vault: Vault) -> int:
    done = 0
    after: UUID | None = None
    while True:
        async with database.write() as session:
            rows = await tiktok_shops.sealed_after(session, after=after, amount=_SLICE)
            for row in rows:
                await tiktok_shops.reseal(
                    session,
                    shop_id=row.shop_id,
                    tiktok_shop_id=row.id,
                    used=row.cipher_sealed,
                    cipher=vault.rotate(row.cipher_sealed),
                )
        if not rows:
            return done
        done, after = done + len(rows), rows[-1].id
