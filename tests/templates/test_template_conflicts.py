"""Every product has one winner with its reason and every loser its own; overlaps, dead rules and the forgotten show."""

from random import Random
from uuid import UUID

from server.domain.category_choices import TakenBy
from server.domain.category_tree import FlatNode
from server.services.templates import assigning, competition, conflicts, explaining, judging
from server.services.templates.conflicts import DeadReason, ShopConflicts
from server.services.templates.explaining import Explanation
from server.store.matching import template_matching
from server.tables import CategoryTemplate
from tests.templates.conftest import MUGS, TREE, Desk, takes

TAGS = ("mug", "tea", "blue", "gift")


async def explained(desk: Desk, *product_ids: UUID) -> list[Explanation]:
    async with desk.deps.database.read() as session:
        found = await explaining.explain(session, **desk.where, product_ids=product_ids)
    return [found[one] for one in product_ids]


async def found(desk: Desk) -> ShopConflicts:
    async with desk.deps.database.read() as session:
        return await conflicts.of_shop(session, **desk.where)


async def problems(desk: Desk, *rows: CategoryTemplate) -> list[list[str]]:
    async with desk.deps.database.read() as session:
        told = await judging.problems_of(session, shop_id=desk.shop.id, rows=rows, now=desk.deps.clock())
    return [[one.code for one in told[row.id]] for row in rows]


async def test_exactly_one_wins_and_it_is_the_one_that_lists(desk: Desk) -> None:
    random = Random(11)
    ids = await desk.add(*(random.sample(TAGS, random.randint(0, 3)) for _ in range(40)))
    rows = [
        await desk.make(
            f"T{n}",
            takes(*random.sample(TAGS, random.randint(0, 2)), match=random.choice(["ALL", "ANY"])),
            rank=random.randint(0, 3),
        )
        for n in range(8)
    ]
    async with desk.deps.database.write() as session:
        await assigning.assign(
            session,
            shop_id=desk.shop.id,
            template_id=rows[0].id,
            product_ids=ids[:3],
            actor="user:1",
            now=desk.deps.clock(),
        )
    for last in (False, True):
        if last:
            rows.append(await desk.make("Rest", is_default=True))
        async with desk.deps.database.read() as session:
            standing = await competition.standing_templates(session, **desk.where)
            winners = await template_matching.winners(session, **desk.where, templates=standing)
        for product_id, one in zip(ids, await explained(desk, *ids), strict=True):
            assert (one.winner.id if one.winner else None) == winners.get(product_id)
            assert one.because
            assert all(lost.because for lost in one.lost())
            everyone = [lost.template.id for lost in one.lost()] + ([one.winner.id] if one.winner else [])
            assert sorted(everyone) == sorted(row.id for row in rows)
            assert (one.taken_by is None) is (one.winner is None)
            assert one.lost_count == len(one.lost())
            assert one.lost(2) == one.lost()[:2]
            assert one.lost(would=True) == tuple(lost for lost in one.lost() if lost.would)


async def test_reasons_can_be_read(desk: Desk) -> None:
    await desk.make("First", takes("mug"), rank=1)
    await desk.make("Second", takes("mug", "tea"), rank=2)
    by_hand = await desk.make("By hand", takes("blue"), rank=3)
    mug, tea, none, given = await desk.add(["mug"], ["tea"], ["gift"], ["mug"])
    async with desk.deps.database.write() as session:
        await assigning.assign(
            session,
            shop_id=desk.shop.id,
            template_id=by_hand.id,
            product_ids=[given],
            actor="user:1",
            now=desk.deps.clock(),
        )
    first, second, third, fourth = await explained(desk, mug, tea, none, given)
    assert (first.taken_by, first.because) == (TakenBy.RULE, "tag is “mug”")
    assert [(one.template.name, one.because, one.would) for one in first.lost()] == [
        ("Second", "tag is “mug”, but “First” goes first", True),
        ("By hand", "none of its conditions holds", False),
    ]
    assert second.winner is not None
    assert second.winner.name == "Second"
    assert (third.winner, third.taken_by, len(third.lost())) == (None, None, 3)
    assert (fourth.taken_by, fourth.because) == (TakenBy.ASSIGNMENT, "the product was given to it by hand")
    assert fourth.lost()[0].because == "tag is “mug”, but the product was given to “By hand” by hand"


async def test_overlaps_dead_templates_and_products_nobody_takes(desk: Desk) -> None:
    first = await desk.make("First", takes("mug"), rank=1)
    second = await desk.make("Second", takes("mug", "tea"), rank=2)
    always = await desk.make("Always second", takes("mug"), rank=3)
    typo = await desk.make("Typo", takes("mgu"), rank=4)
    empty = await desk.make("Empty", rank=5)
    await desk.add(["mug"], ["mug"], ["tea"], ["gift"])
    told = await found(desk)
    assert [(one.winner_id, one.loser_id, one.count) for one in told.overlaps] == [
        (first.id, second.id, 2),
        (first.id, always.id, 2),
    ]
    assert [(one.template_id, one.reason, one.matched) for one in told.dead] == [
        (always.id, DeadReason.ALWAYS_LOSES, 2),
        (typo.id, DeadReason.MATCHES_NOTHING, 0),
        (empty.id, DeadReason.NO_RULES, 0),
    ]
    assert told.untaken == 1
    await desk.make("Rest", is_default=True)
    assert (await found(desk)).untaken == 0


async def test_a_condition_that_never_holds_is_found_in_its_group(desk: Desk) -> None:
    await desk.add(["mug"])
    inner = takes("mug", "nowhere")["rules"]
    row = await desk.make("Mugs", {"rules": {"match": "ANY", "conditions": [], "groups": [inner]}})
    async with desk.deps.database.read() as session:
        dead = await conflicts.dead_conditions(session, shop_id=desk.shop.id, row=row)
    assert [(one.path, one.condition.value) for one in dead] == [(("groups", "0", "conditions", "1"), "nowhere")]


async def test_what_changed_under_a_template_is_told_as_a_problem(desk: Desk) -> None:
    mugs, opened = await desk.make("Mugs"), await desk.make("Open", category=None)
    assert await problems(desk, mugs, opened) == [[], []]
    forbidden = FlatNode("2", "1", "Mugs", is_leaf=True, permissions=("PROHIBITED",))
    await desk.keep([TREE[0], forbidden])
    assert await problems(desk, mugs) == [["CATEGORY_FORBIDDEN"]]
    await desk.keep([TREE[0], FlatNode("2", "1", "Mugs", is_leaf=True, permissions=("INVITE_ONLY",))])
    [[invited]] = await problems(desk, mugs)
    assert invited in ("CATEGORY_NEEDS_PERMISSION", "CATEGORY_AWAITS_PERMISSION")
    await desk.keep([TREE[0], TREE[2]])
    assert await problems(desk, mugs) == [["CATEGORY_NOT_IN_TREE"]]
    assert MUGS.id == "2"
