"""What a chunk's products have in common, read once: the shop's terms, their plans, the leaves they go to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.domain.brands import Brands
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.drafting import Frame, Place, ShopTerms, frame
from server.domain.leaves import Leaf
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import Market, SellerType
from server.domain.overrides import Override
from server.domain.policy import category_policy, policy_day
from server.domain.problems import Problem
from server.domain.templates import Template
from server.domain.validators.category import Tree
from server.domain.value_sources import look
from server.services import brands, leaves, shops, tiktok_shops
from server.services.leaf_judging import standing
from server.services.listings.creating.planning import FrameKey, Planned, plan
from server.services.listings.replay.decisions import Common, Used
from server.services.listings.rows import as_facts, as_template
from server.store import categories, facts, listings
from server.store import templates as template_rows
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Frames:
    """The frame of each product whose plan is known."""

    planned: Mapping[UUID, Planned]
    by_key: Mapping[FrameKey, Frame]
    inputs: Mapping[FrameKey, Common]

    def inputs_of(self, product_id: UUID) -> tuple[Planned, Common]:
        """What a planned product is made of: its own plan, and what it shares."""
        planned = self.planned[product_id]
        return planned, self.inputs[planned.key]

    def of(self, product_id: UUID, template_id: UUID | None) -> tuple[Frame, Override | None] | None:
        """The product's frame and what is its alone; nothing when another template was settled on since."""
        planned = self.planned.get(product_id)
        if planned is None or (planned.template.id if planned.template else None) != template_id:
            return None
        return self.by_key[planned.key], planned.override


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything rows can tell about a chunk's products as a whole. ``missing`` leaves are to be asked for."""

    currency: str
    terms: ShopTerms
    planned: Mapping[UUID, Planned]
    trees: Mapping[CategoryRef, Tree]
    leaves: Mapping[CategoryRef, Leaf]
    brands: Mapping[CategoryRef, Brands]
    named: Mapping[CategoryRef, frozenset[str]]
    """Brand names that products take from the store, by the leaf they go to."""
    read_at: Mapping[CategoryVersion, datetime]
    """When the trees were fetched."""
    enforced: CategoryVersion | None
    """The tree that the platform itself demanded of this shop."""

    @property
    def unasked(self) -> list[tuple[CategoryRef, str]]:
        """Brands to be looked up first, by leaf and name."""
        return [
            (ref, name)
            for ref, names in self.named.items()
            for name in sorted(names)
            if self._may_be_a_leaf(ref) and not self.brands.get(ref, Brands()).was_asked(name)
        ]

    @property
    def missing(self) -> list[CategoryRef]:
        """Leaves whose demands must be read first; what our own tree refuses is not worth a call."""
        return [ref for ref in self.trees if ref not in self.leaves and self._may_be_a_leaf(ref)]

    def _may_be_a_leaf(self, ref: CategoryRef) -> bool:
        tree = self.trees[ref]
        if ref.version not in self.terms.listable:
            return False
        return not tree.is_known or (tree.standing is not None and tree.standing.is_leaf)

    def frames(self, fetched: Mapping[CategoryRef, Leaf | Problem]) -> Frames:
        """One frame for all products that are planned alike."""
        known: dict[CategoryRef, Leaf | Problem] = {**self.leaves, **fetched}
        alike = {planned.key: planned for planned in self.planned.values()}
        inputs = {key: self._common(one, known) for key, one in alike.items()}
        made = {key: frame(one.terms, one.effective, one.place) for key, one in inputs.items()}
        return Frames(self.planned, made, inputs)

    def _common(self, planned: Planned, known: Mapping[CategoryRef, Leaf | Problem]) -> Common:
        ref = planned.category.ref
        return Common(
            self.terms,
            planned.effective,
            self._place(planned, known),
            None if planned.template is None else Used.of(planned.template),
            self.enforced,
            self.read_at.get(ref.version) if ref is not None else None,
        )

    def _place(self, planned: Planned, known: Mapping[CategoryRef, Leaf | Problem]) -> Place:
        choice = planned.category
        if choice.ref is None:
            return Place(None, because=choice.because)
        return Place(
            choice.ref,
            choice.source,
            choice.because,
            known.get(choice.ref),
            self.trees[choice.ref],
            self.brands.get(choice.ref, Brands()),
        )


async def setting(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int, now: datetime
) -> Setting:
    """Read what a chunk's open items need, once for all of them."""
    taken = await listings.templates_of_chunk(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, task_id=task_id, chunk=chunk
    )
    ids = sorted({template_id for template_id in taken.values() if template_id is not None})
    rows = await template_rows.by_ids(session, shop_id=shop_id, ids=ids)
    there = {product_id: template_id if template_id in rows else None for product_id, template_id in taken.items()}
    return await setting_of(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=list(there),
        templates=[as_template(row) for row in rows.values()],
        taken=there,
        now=now,
    )


async def setting_of(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    templates: Sequence[Template] | None = None,
    taken: Mapping[UUID, UUID | None] | None = None,
    now: datetime,
) -> Setting:
    """The same for products that are named (see ``plan``); previews and edits use it too."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    planned = await plan(session, **where, product_ids=product_ids, templates=templates, taken=taken, now=now)
    return await around(session, **where, planned=planned, now=now)


async def around(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, planned: Mapping[UUID, Planned], now: datetime
) -> Setting:
    """What plans stand in: the shop's terms, and the leaves that they go to."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    shop = await shops.get(session, shop_id=shop_id)
    here = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    named = await _named(session, shop_id, planned)
    refs = list(dict.fromkeys(one.category.ref for one in planned.values() if one.category.ref is not None))
    read_at = await _read_at(session, shop_id, tiktok_shop_id, refs)
    return Setting(
        currency=shop.currency,
        terms=terms_of(here.market, here.seller_type, policy_day(now), here.enforced_version, here.warehouse_id),
        planned=planned,
        trees=await _trees(session, shop_id, tiktok_shop_id, refs, read_at),
        leaves=await leaves.kept(session, **where, refs=refs, now=now),
        brands=await _brands(session, shop_id, tiktok_shop_id, planned, named, now),
        named=named,
        read_at=read_at,
        enforced=here.enforced_version,
    )


async def _named(session: Session, shop_id: UUID, planned: Mapping[UUID, Planned]) -> dict[CategoryRef, frozenset[str]]:
    """Reads products only where a brand is taken from the store."""
    sources = {
        product_id: (one.category.ref, one.effective.content.brand_source)
        for product_id, one in planned.items()
        if one.effective.content.brand_source is not None and one.category.ref is not None
    }
    if not sources:
        return {}
    products = await facts.read(session, shop_id=shop_id, product_ids=list(sources))
    named: dict[CategoryRef, set[str]] = {}
    for product_id, rows in products.items():
        ref, source = sources[product_id]
        if ref is not None and source is not None and (looked := look(source, as_facts(rows, ""))).texts:
            named.setdefault(ref, set()).add(looked.texts[0])
    return {ref: frozenset(names) for ref, names in named.items()}


async def _brands(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    planned: Mapping[UUID, Planned],
    named: Mapping[CategoryRef, frozenset[str]],
    now: datetime,
) -> dict[CategoryRef, Brands]:
    contents = {(one.category.ref, one.effective.content.brand_id) for one in planned.values()}
    chosen = {(ref, brand_id) for ref, brand_id in contents if ref is not None and brand_id is not None}
    return await brands.kept(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        refs={ref for ref, _ in chosen} | named.keys(),
        names={name for names in named.values() for name in names},
        brand_ids={brand_id for _, brand_id in chosen},
        now=now,
    )


def terms_of(
    market: Market, seller: SellerType, day: date, enforced: CategoryVersion | None, warehouse_id: str | None
) -> ShopTerms:
    """What the calendar and the market's rules give a shop on that day."""
    policy = category_policy(market, seller, day, enforced)
    return ShopTerms(MARKET_RULES[market], seller, policy.listable, warehouse_id, day)


async def _read_at(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, refs: list[CategoryRef]
) -> dict[CategoryVersion, datetime]:
    """The trees that are known, and since when."""
    found = {}
    for version in {ref.version for ref in refs}:
        tree = await categories.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)
        if tree is not None:
            found[version] = tree.fetched_at
    return found


async def _trees(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    refs: list[CategoryRef],
    known: Collection[CategoryVersion],
) -> dict[CategoryRef, Tree]:
    nodes = await categories.by_refs(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)
    return {ref: Tree(ref.version in known, standing(nodes[ref]) if ref in nodes else None) for ref in refs}
