"""The kept trees against real PostgreSQL: replaced as a whole, found by words, scoped to their shop."""

import pytest

from server.deps import Deps
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import ROOT, FlatNode
from server.domain.paging import PageArgs
from server.kit.errors import Conflict, NotFound
from server.services import categories
from server.tables import Category, Shop, TikTokShop
from tests.catalogue.shops import connected_shop

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
TREE = [
    FlatNode("100", ROOT, "Shoes", False),
    FlatNode("110", "100", "Men's Shoes", False),
    FlatNode("111", "110", "Running Shoes", True),
    FlatNode("112", "110", "Bottes d'été", True),
    FlatNode("200", ROOT, "Gift Cards", True, ("INVITE_ONLY",)),
]


async def keep(deps: Deps, tiktok_shop: TikTokShop, nodes: list[FlatNode], version: CategoryVersion = V2) -> None:
    async with deps.database.write() as session:
        await categories.keep(
            session,
            shop_id=tiktok_shop.shop_id,
            tiktok_shop_id=tiktok_shop.id,
            version=version,
            locale="",
            nodes=nodes,
            now=deps.clock(),
        )


async def found(deps: Deps, tiktok_shop: TikTokShop, **which: object) -> list[str]:
    async with deps.database.read() as session:
        page = await categories.page(
            session,
            shop_id=tiktok_shop.shop_id,
            tiktok_shop_id=tiktok_shop.id,
            version=V2,
            args=PageArgs(first=50),
            **which,  # type: ignore[arg-type]  # the cases below name real arguments
        )
    return [row.remote_id for row in page.nodes]


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        ({"roots": True}, ["200", "100"]),
        ({"parent_id": "110"}, ["112", "111"]),
        ({"parent_id": "111"}, []),
        ({"search": "run shoe"}, ["111"]),
        ({"search": "SHOES men"}, ["110", "112", "111"]),
        ({"search": "ete"}, ["112"]),
        ({"search": "unning"}, []),
        ({"search": "100%"}, []),
        ({"search": "shoes", "leaves_only": True}, ["112", "111"]),
    ],
)
async def test_nodes_are_found(deps: Deps, which: dict[str, object], ids: list[str]) -> None:
    _, tiktok_shop = await connected_shop(deps)
    await keep(deps, tiktok_shop, TREE)
    assert await found(deps, tiktok_shop, **which) == ids


async def test_a_new_tree_replaces_the_old_one_and_keeps_the_ids_of_what_stays(deps: Deps) -> None:
    shop, tiktok_shop = await connected_shop(deps)
    await keep(deps, tiktok_shop, TREE)
    before = await by_ref(deps, shop, tiktok_shop, "111")
    await keep(deps, tiktok_shop, [*TREE[:2], FlatNode("111", "110", "Trail Shoes", True)])
    after = await by_ref(deps, shop, tiktok_shop, "111")
    assert before is not None
    assert after is not None
    assert (after.id, after.path) == (before.id, ["Shoes", "Men's Shoes", "Trail Shoes"])
    assert await by_ref(deps, shop, tiktok_shop, "200") is None


async def test_the_two_trees_never_mix(deps: Deps) -> None:
    shop, tiktok_shop = await connected_shop(deps)
    await keep(deps, tiktok_shop, TREE)
    await keep(deps, tiktok_shop, [FlatNode("111", ROOT, "Old", True)], V1)
    new, old = await by_ref(deps, shop, tiktok_shop, "111"), await by_ref(deps, shop, tiktok_shop, "111", V1)
    assert new is not None
    assert old is not None
    assert (new.name, old.name) == ("Running Shoes", "Old")


async def test_an_empty_answer_does_not_wipe_the_tree(deps: Deps) -> None:
    _, tiktok_shop = await connected_shop(deps)
    await keep(deps, tiktok_shop, TREE)
    with pytest.raises(Conflict):
        await keep(deps, tiktok_shop, [])
    assert await found(deps, tiktok_shop, roots=True) == ["200", "100"]


async def test_a_tree_that_was_never_fetched_says_so(deps: Deps) -> None:
    _, tiktok_shop = await connected_shop(deps)
    with pytest.raises(NotFound):
        await found(deps, tiktok_shop, roots=True)


async def test_another_shop_sees_nothing_of_it(deps: Deps) -> None:
    _, tiktok_shop = await connected_shop(deps)
    other, _ = await connected_shop(deps, domain="two.myshopify.com")
    await keep(deps, tiktok_shop, TREE)
    assert await by_ref(deps, other, tiktok_shop, "111") is None


async def by_ref(
    deps: Deps, shop: Shop, tiktok_shop: TikTokShop, node_id: str, version: CategoryVersion = V2
) -> Category | None:
    async with deps.database.read() as session:
        return await categories.by_ref(
            session, shop_id=shop.id, tiktok_shop_id=tiktok_shop.id, ref=CategoryRef(node_id, version)
        )
