"""A shop's products among its templates: hands, listings, first products, and what a change of templates moves."""

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from server.deps import Deps
from server.domain.listings import ListingStatus
from server.domain.rules import Condition, RuleField, RuleGroup, RuleOperator
from server.domain.template_content import TemplateContent
from server.domain.templates import Template, choose
from server.domain.traits import Traits
from server.kit.ids import new_id
from server.store import product_traits
from server.store.matching import match_sql, template_matching
from server.store.matching.template_crossings import Shift, crossings, shifts
from server.store.matching.template_matching import Tally
from server.store.session import Session
from server.tables import CategoryTemplate, Listing, Product, TemplateAssignment
from tests.catalogue.shops import connected_shop
from tests.domain.factories import template
from tests.rules.where import Where

NAMES = ("red mug", "blue mug", "lamp", "card")


@dataclass(frozen=True)
class Shelf:
    """Four products of one shop, and two templates in its TikTok shop that rules and hands may name."""

    shop_id: UUID
    tiktok_shop_id: UUID
    products: tuple[UUID, ...]
    mugs: Template
    red: Template

    @property
    def where(self) -> Where:
        return Where(shop_id=self.shop_id, tiktok_shop_id=self.tiktok_shop_id)

    @property
    def templates(self) -> list[Template]:
        return [self.mugs, self.red]


def titled(row: CategoryTemplate, word: str) -> Template:
    rules = RuleGroup(conditions=(Condition(RuleField.TITLE, RuleOperator.CONTAINS, word),))
    return template(TemplateContent(rules=rules), id=row.id, name=row.name, is_default=False, rank=row.rank)


@pytest.fixture(params=["each rule on each product", "anchors"])
async def shelf(deps: Deps, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    if request.param == "anchors":
        monkeypatch.setattr(match_sql, "_FEW", 0)
    now = deps.clock()
    shop, tiktok_shop = await connected_shop(deps)
    ids = tuple(new_id() for _ in NAMES)
    where = Where(shop_id=shop.id, tiktok_shop_id=tiktok_shop.id)
    rows = [CategoryTemplate(**where, name=name, rank=n, created_at=now, updated_at=now) for n, name in enumerate("ab")]
    async with deps.database.write() as session:
        session.add_all(rows)
        session.add_all(
            Product(
                id=one,
                shop_id=shop.id,
                remote_id=str(one),
                title=name,
                status="ACTIVE",
                source_updated_at=now,
                imported_at=now,
            )
            for one, name in zip(ids, NAMES, strict=True)
        )
        await session.flush()
        traits = {one: Traits(name, is_gift_card=name == "card") for one, name in zip(ids, NAMES, strict=True)}
        await product_traits.write(session, shop_id=shop.id, traits=traits, now=now)
    return Shelf(shop.id, tiktok_shop.id, ids, titled(rows[0], "mug"), titled(rows[1], "red"))


async def give(session: Session, shelf: Shelf, product_id: UUID, template_id: UUID, deps: Deps) -> None:
    row = TemplateAssignment(
        **shelf.where, product_id=product_id, template_id=template_id, assigned_at=deps.clock(), assigned_by="me"
    )
    session.add(row)
    await session.flush()


async def test_the_first_in_order_wins_and_the_others_are_told(deps: Deps, shelf: Shelf) -> None:
    async with deps.database.read() as session:
        seen = await template_matching.matches(session, **shelf.where, templates=shelf.templates)
        tallies = await template_matching.tallies(session, **shelf.where, templates=shelf.templates)
    mugs, red = shelf.mugs.id, shelf.red.id
    assert [(row.winner, row.takers) for row in seen] == [(mugs, (mugs, red)), (mugs, (mugs,)), (None, ()), (None, ())]
    assert tallies.of == {mugs: Tally(2, 2, {}), red: Tally(1, 0, {mugs: 1})}
    assert tallies.untaken == 2


async def test_a_hand_goes_before_every_rule(deps: Deps, shelf: Shelf) -> None:
    """Also to a template that is not asked for: then nobody takes the product, not even the default."""
    default = replace(template(id=new_id(), name="rest"), is_default=True)
    async with deps.database.read() as session:
        await give(session, shelf, shelf.products[0], shelf.red.id, deps)
        all_of_them = await template_matching.winners(session, **shelf.where, templates=shelf.templates)
        without_red = await template_matching.winners(session, **shelf.where, templates=[shelf.mugs, default])
        tallies = await template_matching.tallies(session, **shelf.where, templates=[shelf.mugs, default])
    assert all_of_them == {shelf.products[0]: shelf.red.id, shelf.products[1]: shelf.mugs.id}
    assert without_red == {
        shelf.products[1]: shelf.mugs.id,
        shelf.products[2]: default.id,
        shelf.products[3]: default.id,
    }
    assert (tallies.of[default.id], tallies.untaken) == (Tally(4, 2, {shelf.mugs.id: 1}), 1)
    match = choose(Traits("red mug"), shelf.templates, shelf.red.id)
    assert match is not None
    assert (match.template, match.because) == (shelf.red, "the product was given to it by hand")
    assert [(one.because, one.would) for one in match.lost] == [
        ("title contains “mug”, but the product was given to “b” by hand", True)
    ]
    assert choose(Traits("red mug"), [shelf.mugs, default], shelf.red.id) is None


async def test_only_what_may_be_listed_and_never_was(deps: Deps, shelf: Shelf) -> None:
    """Not a gift card, not a draft; a listing that is not synced does not count."""
    default = replace(template(id=new_id(), name="rest"), is_default=True)
    async with deps.database.read() as session:
        for product_id, status in zip(shelf.products, (ListingStatus.LIVE, ListingStatus.NOT_SYNCED), strict=False):
            session.add(Listing(**shelf.where, product_id=product_id, status=status, updated_at=deps.clock()))
        await session.flush()
        found = await template_matching.winners(session, **shelf.where, templates=[default], only_not_synced=True)
        await product_traits.write(
            session,
            shop_id=shelf.shop_id,
            traits={shelf.products[2]: Traits("lamp", status="DRAFT")},
            now=deps.clock(),
        )
        later = await template_matching.winners(session, **shelf.where, templates=[default], only_not_synced=True)
    assert (set(found), set(later)) == ({shelf.products[1], shelf.products[2]}, {shelf.products[1]})


async def test_first_products_by_age_behind_one(deps: Deps, shelf: Shelf) -> None:
    async def first(session: Session, template_id: UUID | None, after: UUID | None = None) -> list[UUID]:
        return await template_matching.first_products(
            session, **shelf.where, templates=shelf.templates, template_id=template_id, limit=1, after=after
        )

    async with deps.database.read() as session:
        assert await first(session, shelf.mugs.id) == [shelf.products[0]]
        assert await first(session, shelf.mugs.id, shelf.products[0]) == [shelf.products[1]]
        assert await first(session, None) == [shelf.products[2]]
        assert await first(session, new_id()) == []


async def test_what_a_change_moves(deps: Deps, shelf: Shelf) -> None:
    """The red template goes first after the change, and a new one takes the lamp."""
    after = [shelf.mugs, replace(shelf.red, rank=-1)]
    async with deps.database.read() as session:
        moved = shifts(await crossings(session, **shelf.where, before=shelf.templates, after=after))
        none = shifts(await crossings(session, **shelf.where, before=after, after=after))
        gone = shifts(await crossings(session, **shelf.where, before=after, after=[]), first=1)
    assert moved == [Shift(shelf.mugs.id, shelf.red.id, 1, (shelf.products[0],))]
    assert none == []
    assert gone == [
        Shift(shelf.mugs.id, None, 1, (shelf.products[1],)),
        Shift(shelf.red.id, None, 1, (shelf.products[0],)),
    ]


async def test_another_shop_sees_nothing(deps: Deps, shelf: Shelf) -> None:
    where, templates, ids = (
        Where(shop_id=new_id(), tiktok_shop_id=shelf.tiktok_shop_id),
        shelf.templates,
        shelf.products,
    )
    async with deps.database.read() as session:
        assert await template_matching.winners(session, **where, templates=templates) == {}
        assert await template_matching.winners(session, **where, templates=templates, product_ids=ids) == {}
        assert await template_matching.matches(session, **where, templates=templates) == []
        assert (await template_matching.tallies(session, **where, templates=templates)).untaken == 0
        assert await product_traits.by_ids(session, shop_id=where["shop_id"], product_ids=ids) == {}
