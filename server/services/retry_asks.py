"""What failed items are asked for when they are tried again: the same as before, with templates as they are now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.domain.tasks import TaskKind
from server.domain.templates import Template
from server.services import tiktok_shops
from server.services.listings.rows import as_template
from server.services.recommendations import threshold_of
from server.store import templates as template_rows
from server.store.matching import template_matching
from server.store.retrying import FailedItem
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Ask:
    """What one task can take up again in one go.

    ``forced`` is the template that the products were named with. Without one all templates compete for products that
    were named; for those that came by template or import (``by_rules``) only the active ones and the ``named``.
    """

    kind: TaskKind
    tiktok_shop_id: UUID
    forced: UUID | None = None
    by_rules: bool = False
    named: tuple[UUID, ...] = ()
    check: bool = False
    action: str | None = None

    def order(self) -> tuple[str, ...]:
        """The order in which tasks are opened; the same for the same asks."""
        fields = (self.kind, self.tiktok_shop_id, self.forced, self.by_rules, *self.named, self.check, self.action)
        return tuple(str(one) for one in fields)


async def grouped(session: Session, *, shop_id: UUID, items: Iterable[FailedItem]) -> dict[Ask, list[FailedItem]]:
    """The items by what they are asked for again. A template that is gone forces nothing any more."""
    templates: dict[UUID, list[Template]] = {}
    found: dict[Ask, list[FailedItem]] = {}
    for one in items:
        if one.tiktok_shop_id not in templates:
            templates[one.tiktok_shop_id] = await _templates(session, shop_id, one.tiktok_shop_id)
        found.setdefault(_ask(one, templates[one.tiktok_shop_id]), []).append(one)
    return {ask: found[ask] for ask in sorted(found, key=Ask.order)}


def _ask(one: FailedItem, templates: Iterable[Template]) -> Ask:
    active = {template.id: template.is_active for template in templates}
    said = one.input.get("template_id")
    template_id = UUID(said) if said is not None and UUID(said) in active else None
    check = bool(one.input.get("check"))
    match one.kind:
        case TaskKind.LISTING if "products" in one.input:
            return Ask(one.kind, one.tiktok_shop_id, forced=template_id, check=check)
        case TaskKind.LISTING:
            ids = [template_id] if template_id is not None else map(UUID, one.input.get("template_ids", ()))
            named = tuple(sorted(named for named in ids if active.get(named) is False))
            return Ask(one.kind, one.tiktok_shop_id, by_rules=True, named=named, check=check)
        case TaskKind.CHECK:
            return Ask(one.kind, one.tiktok_shop_id, forced=template_id)
        case TaskKind.STATUS:
            return Ask(one.kind, one.tiktok_shop_id, action=one.input["action"])
        case _:
            return Ask(one.kind, one.tiktok_shop_id)


async def input_of(session: Session, *, shop_id: UUID, ask: Ask, products: int) -> Mapping[str, Any]:
    """What the new task keeps of the question: another try of its failures finds the same again."""
    forced = str(ask.forced) if ask.forced else None
    checked = {"check": True} if ask.check else {}
    match ask.kind:
        case TaskKind.LISTING if ask.by_rules:
            return {"template_id": None, "template_ids": [str(one) for one in ask.named]} | checked
        case TaskKind.LISTING:
            return {"template_id": forced, "products": products} | checked
        case TaskKind.CHECK:
            return {"template_id": forced}
        case TaskKind.STATUS:
            return {"action": ask.action}
        case TaskKind.RECOMMENDATION:
            shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=ask.tiktok_shop_id)
            return {"filter": None, "threshold": threshold_of(shop)}
        case _:
            return {"products": products}


async def takers(session: Session, *, shop_id: UUID, ask: Ask, product_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The template with which each product is listed, or checked, as things are now."""
    if ask.forced is not None:
        return dict.fromkeys(product_ids, ask.forced)
    winners = await template_matching.winners(
        session,
        shop_id=shop_id,
        tiktok_shop_id=ask.tiktok_shop_id,
        templates=await competitors(session, shop_id=shop_id, ask=ask),
        product_ids=product_ids,
    )
    return {product_id: winners.get(product_id) for product_id in product_ids}


async def competitors(session: Session, *, shop_id: UUID, ask: Ask) -> list[Template]:
    """The templates that compete for the products; none where one was named."""
    if ask.forced is not None:
        return []
    templates = await _templates(session, shop_id, ask.tiktok_shop_id)
    return [one for one in templates if not ask.by_rules or one.is_active or one.id in ask.named]


async def _templates(session: Session, shop_id: UUID, tiktok_shop_id: UUID) -> list[Template]:
    rows = await template_rows.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    return [as_template(row) for row in rows]
