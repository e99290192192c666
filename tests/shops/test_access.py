"""API tokens: scopes, names, revocation, and one shop's tokens being nothing to another."""

import pytest

from server.deps import Deps
from server.domain.paging import PageArgs
from server.kit.errors import Forbidden, Invalid, NotFound
from server.kit.ids import new_id
from server.kit.secrets import Secret, fingerprint
from server.services import access, shops
from server.services.access import ALL_SCOPES, Caller, CallerKind, NewToken, Scope
from server.tables import ApiToken, Shop
from tests.shops.platforms import Platforms, count


def owner(shop: Shop) -> Caller:
    return Caller(shop.id, CallerKind.USER, "42")


async def create(deps: Deps, caller: Caller, *scopes: Scope, name: str = "ERP") -> NewToken:
    async with deps.database.write() as session:
        return await access.create_token(session, caller=caller, name=name, scopes=scopes, now=deps.clock())


async def caller_of(deps: Deps, secret: Secret) -> Caller | None:
    async with deps.database.read() as session:
        known = await access.caller_of_token(session, secret=secret, now=deps.clock())
    return None if known is None else known.caller


async def test_the_secret_is_shown_once_and_only_its_fingerprint_is_kept(deps: Deps, shop: Shop) -> None:
    made = await create(deps, owner(shop), Scope.READ_PRODUCTS, Scope.WRITE_LISTINGS)
    text = made.secret.reveal()
    assert text.startswith("lmk_")
    assert len(text) == 4 + 43
    assert made.row.fingerprint == fingerprint(made.secret)
    assert text not in repr(made.row)
    caller = await caller_of(deps, made.secret)
    assert caller == Caller(
        shop.id,
        CallerKind.TOKEN,
        "ERP",
        frozenset({Scope.READ_PRODUCTS, Scope.WRITE_LISTINGS}),
        token_id=made.row.id,
    )
    assert (made.row.created_by, caller.started_by) == ("user:42", "token:ERP")


async def test_two_tokens_never_share_a_secret(deps: Deps, shop: Shop) -> None:
    made = [await create(deps, owner(shop), Scope.READ_PRODUCTS) for _ in range(5)]
    assert len({one.secret.reveal() for one in made}) == 5


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "x" * 256], ids=repr)
async def test_a_name_that_says_nothing_makes_nothing(name: str, deps: Deps, shop: Shop) -> None:
    with pytest.raises(Invalid) as caught:
        await create(deps, owner(shop), Scope.READ_PRODUCTS, name=name)
    assert caught.value.field == ("input", "name")
    assert await count(deps, ApiToken) == [0]


async def test_without_a_scope_there_is_no_token(deps: Deps, shop: Shop) -> None:
    with pytest.raises(Invalid) as caught:
        await create(deps, owner(shop))
    assert caught.value.field == ("input", "scopes")
    assert await count(deps, ApiToken) == [0]


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        ({Scope.READ_PRODUCTS}, Scope.READ_PRODUCTS),
        ({Scope.MANAGE_SHOP}, Scope.WRITE_LISTINGS),
        (ALL_SCOPES - {Scope.WRITE_UPGRADES}, Scope.WRITE_UPGRADES),
    ],
)
async def test_nobody_grants_more_than_he_has(own: set[Scope], wanted: Scope, deps: Deps, shop: Shop) -> None:
    caller = Caller(shop.id, CallerKind.TOKEN, "weak", frozenset(own))
    with pytest.raises(Forbidden):
        await create(deps, caller, wanted)
    assert await count(deps, ApiToken) == [0]


async def test_revoking_is_at_once_and_for_ever(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    made = await create(deps, owner(shop), Scope.READ_PRODUCTS)
    caller = await caller_of(deps, made.secret)
    assert caller is not None
    async with deps.database.write() as session:
        first = await access.revoke_token(session, shop_id=shop.id, token_id=made.row.id, now=deps.clock())
    assert await caller_of(deps, made.secret) is None
    async with deps.database.read() as session:
        assert not await access.still_may_listen(session, caller=caller)
    platforms.world.clock.advance(60)
    async with deps.database.write() as session:
        again = await access.revoke_token(session, shop_id=shop.id, token_id=made.row.id, now=deps.clock())
    assert again.revoked_at == first.revoked_at


async def test_another_shops_token_does_not_exist(deps: Deps, shop: Shop) -> None:
    made = await create(deps, owner(shop), Scope.READ_PRODUCTS)
    stranger = new_id()
    async with deps.database.write() as session:
        with pytest.raises(NotFound):
            await access.revoke_token(session, shop_id=stranger, token_id=made.row.id, now=deps.clock())
        assert await access.by_ids(session, shop_id=stranger, ids=[made.row.id]) == {}
        assert (await access.page(session, shop_id=stranger, args=PageArgs(first=10))).nodes == []
    assert await caller_of(deps, made.secret) is not None


async def test_the_list_is_newest_first_and_keeps_revoked_ones(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    for name in ("first", "second", "third"):
        made = await create(deps, owner(shop), Scope.READ_PRODUCTS, name=name)
        platforms.world.clock.advance(1)
    async with deps.database.write() as session:
        await access.revoke_token(session, shop_id=shop.id, token_id=made.row.id, now=deps.clock())
    async with deps.database.read() as session:
        page = await access.page(session, shop_id=shop.id, args=PageArgs(first=2))
    assert [row.name for row in page.nodes] == ["third", "second"]
    assert page.has_next


async def test_sockets_end_with_the_installation(deps: Deps, shop: Shop) -> None:
    async with deps.database.write() as session:
        assert await access.still_may_listen(session, caller=owner(shop))
        await shops.uninstall(session, deps.queue, deps.feed, shop_id=shop.id, at=deps.clock(), now=deps.clock())
        assert not await access.still_may_listen(session, caller=owner(shop))


def test_scopes_are_asked_by_name() -> None:
    reader = Caller(new_id(), CallerKind.TOKEN, "r", frozenset({Scope.READ_PRODUCTS}))
    assert reader.may(Scope.READ_PRODUCTS)
    assert not reader.may(Scope.WRITE_LISTINGS)
    with pytest.raises(Forbidden, match="WRITE_LISTINGS"):
        reader.must(Scope.WRITE_LISTINGS)


def test_a_long_name_still_fits_the_task_log() -> None:
    assert len(Caller(new_id(), CallerKind.TOKEN, "x" * 255).started_by) == 128
