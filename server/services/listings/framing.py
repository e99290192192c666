"""What a chunk's products have in common, read once: the shop's terms, its templates, their leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, PermissionStatus
from server.domain.drafting import Frame, ShopTerms, frame
from server.domain.leaves import Leaf
from server.domain.market_rules import MARKET_RULES
from server.domain.policy import category_policy, policy_day
from server.domain.problems import Problem
from server.domain.templates import Template
from server.domain.validators.category import CategoryStanding, Tree
from server.services import leaves, shops, tiktok_shops
from server.services.listings.rows import as_template
from server.store import categories, listings
from server.store import templates as template_rows
from server.store.session import Session
from server.tables import Category


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything rows can tell about a chunk's products as a whole. ``missing`` leaves are to be asked for."""

    currency: str
    terms: ShopTerms
    templates: tuple[Template, ...]
    trees: Mapping[CategoryRef, Tree]
    leaves: Mapping[CategoryRef, Leaf]

    @property
    def missing(self) -> list[CategoryRef]:
        """Leaves whose demands must be read first; what our own tree refuses is not worth a call."""
        wanted = dict.fromkeys(template.category for template in self.templates)
        return [ref for ref in wanted if ref not in self.leaves and self._may_be_a_leaf(ref)]

    def _may_be_a_leaf(self, ref: CategoryRef) -> bool:
        tree = self.trees[ref]
        if ref.version not in self.terms.listable:
            return False
        return not tree.is_known or (tree.standing is not None and tree.standing.is_leaf)

    def frames(self, fetched: Mapping[CategoryRef, Leaf | Problem]) -> dict[UUID, Frame]:
        """One frame a template, by template id."""
        known: dict[CategoryRef, Leaf | Problem] = {**self.leaves, **fetched}
        return {
            one.id: frame(self.terms, one, known.get(one.category), self.trees[one.category]) for one in self.templates
        }


async def setting(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int, now: datetime
) -> Setting:
    """Read what a chunk's open items need, once for all of them."""
    ids = await listings.templates_of_chunk(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, task_id=task_id, chunk=chunk
    )
    rows = await template_rows.by_ids(session, shop_id=shop_id, ids=ids)
    return await setting_of(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        templates=tuple(as_template(row) for row in rows.values()),
        now=now,
    )


async def setting_of(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, templates: tuple[Template, ...], now: datetime
) -> Setting:
    """The same for templates that are named; previews use it too."""
    shop = await shops.get(session, shop_id=shop_id)
    terms = await _terms(session, shop_id, tiktok_shop_id, now)
    refs = list(dict.fromkeys(template.category for template in templates))
    return Setting(
        currency=shop.currency,
        terms=terms,
        templates=templates,
        trees=await _trees(session, shop_id, tiktok_shop_id, refs),
        leaves=await leaves.kept(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs, now=now),
    )


async def _terms(session: Session, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> ShopTerms:
    row = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    policy = category_policy(row.market, row.seller_type, policy_day(now), row.enforced_version)
    return ShopTerms(MARKET_RULES[row.market], row.seller_type, policy.listable, row.warehouse_id)


async def _trees(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, refs: list[CategoryRef]
) -> dict[CategoryRef, Tree]:
    nodes = await categories.by_refs(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)
    known = {
        version
        for version in {ref.version for ref in refs}
        if await categories.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)
    }
    return {ref: Tree(ref.version in known, _standing(nodes.get(ref))) for ref in refs}


def _standing(node: Category | None) -> CategoryStanding | None:
    if node is None:
        return None
    words = set(PermissionStatus)
    return CategoryStanding(
        node.name, node.is_leaf, frozenset(PermissionStatus(word) for word in node.permissions if word in words)
    )
