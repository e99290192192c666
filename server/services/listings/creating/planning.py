"""How each product is listed: by which template, in which category, with what content. Everybody asks here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategoryChoice, CategorySource, Taken, TakenBy
from server.domain.layers import Effective, Layer, effective
from server.domain.overrides import Override, override_from_json
from server.domain.policy import category_policy, policy_day
from server.domain.template_content import TemplateContent
from server.domain.template_json import content_from_json
from server.domain.templates import Template
from server.services import category_choices, tiktok_shops
from server.services.listings.rows import as_template, category_of
from server.store import overrides, template_assignments, template_blocks
from server.store import templates as template_rows
from server.store.matching import template_matching
from server.store.session import Session
from server.tables import ProductOverride


@dataclass(frozen=True, slots=True)
class FrameKey:
    """Products with equal keys are checked and built alike; ``product_id`` is set where an override is a layer."""

    template_id: UUID | None
    category: CategoryRef | None
    source: CategorySource | None
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One product's plan. Without a template its category may still be known, and its content is the shop's defaults.

    ``override`` holds what is the product's alone; its template content is a layer of ``effective`` already.
    """

    template: Template | None
    taken_by: TakenBy
    category: CategoryChoice
    effective: Effective
    override: Override | None
    key: FrameKey


async def plan(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    templates: Sequence[Template] | None = None,
    taken: Mapping[UUID, UUID | None] | None = None,
    now: datetime,
) -> dict[UUID, Planned]:
    """The plans of these products, in a number of statements that does not grow with them.

    ``templates`` are those that compete, by rules and by hand (None: all of the TikTok shop); ``taken`` names each
    product's template where that was settled before. Ids of strangers are planned as products that nothing takes.
    """
    if templates is None:
        templates = [
            as_template(row)
            for row in await template_rows.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
        ]
    by_id = {one.id: one for one in templates}
    winners = await _taken(session, shop_id, tiktok_shop_id, templates, product_ids, taken)
    rows = await overrides.by_products(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=list(product_ids)
    )
    products = {
        product_id: Taken(by_id.get(winner) if winner else None, by, _own_category(rows.get(product_id)))
        for product_id, (winner, by) in winners.items()
    }
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    listable = category_policy(shop.market, shop.seller_type, policy_day(now), shop.enforced_version).listable
    choices = await _choices(session, shop_id, tiktok_shop_id, products, listable)
    layers = await layers_of(session, shop_id=shop_id, defaults=_content(shop.defaults), templates=templates)
    return _planned(products, choices, rows, layers)


async def layers_of(
    session: Session, *, shop_id: UUID, defaults: TemplateContent, templates: Sequence[Template]
) -> dict[UUID | None, list[tuple[Layer, TemplateContent]]]:
    """The layers of each template, the weakest first; under None those of a product that no template takes."""
    ids = {block_id for template in templates for block_id in template.blocks}
    rows = await template_blocks.by_ids(session, shop_id=shop_id, ids=sorted(ids)) if ids else {}
    blocks = {block_id: _content(row.content) for block_id, row in rows.items()}
    found: dict[UUID | None, list[tuple[Layer, TemplateContent]]] = {None: [(Layer.SHOP_DEFAULTS, defaults)]}
    for one in templates:
        shared = [(Layer.BLOCK, blocks[block_id]) for block_id in one.blocks if block_id in blocks]
        found[one.id] = [(Layer.SHOP_DEFAULTS, defaults), *shared, (Layer.TEMPLATE, one.content)]
    return found


async def _taken(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    product_ids: Sequence[UUID],
    settled: Mapping[UUID, UUID | None] | None,
) -> dict[UUID, tuple[UUID | None, TakenBy]]:
    """Each product's template and how it came to it."""
    assigned = await template_assignments.of_products(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=list(product_ids)
    )
    defaults = {one.id for one in templates if one.is_default}
    if settled is None:
        won = await template_matching.winners(
            session,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            templates=templates,
            product_ids=list(product_ids),
        )
        winners: dict[UUID, UUID | None] = {product_id: won.get(product_id) for product_id in product_ids}
    else:
        winners = {product_id: settled[product_id] for product_id in product_ids if product_id in settled}
    return {
        product_id: (winner, _how(winner, assigned.get(product_id), defaults)) for product_id, winner in winners.items()
    }


def _how(winner: UUID | None, assigned: UUID | None, defaults: Collection[UUID]) -> TakenBy:
    if winner is not None and winner == assigned:
        return TakenBy.ASSIGNMENT
    return TakenBy.DEFAULT if winner is None or winner in defaults else TakenBy.RULE


async def _choices(
    session: Session,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    products: Mapping[UUID, Taken],
    listable: Collection[CategoryVersion],
) -> dict[UUID, CategoryChoice]:
    if not products:
        return {}
    return await category_choices.decide(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, products=products, listable=listable
    )


def _planned(
    products: Mapping[UUID, Taken],
    choices: Mapping[UUID, CategoryChoice],
    rows: Mapping[UUID, ProductOverride],
    layers: Mapping[UUID | None, Sequence[tuple[Layer, TemplateContent]]],
) -> dict[UUID, Planned]:
    joined = {template_id: effective(below) for template_id, below in layers.items()}
    made: dict[UUID, Planned] = {}
    for product_id, taken in products.items():
        template_id = taken.template.id if taken.template else None
        choice = choices[product_id]
        row = rows.get(product_id)
        override = override_from_json(row.content)[0] if row is not None and row.content else None
        content, owner = joined[template_id], None
        if override is not None and override.is_layer:
            content, owner = effective([*layers[template_id], (Layer.OVERRIDE, override.content)]), product_id
        key = FrameKey(template_id, choice.ref, choice.source, owner)
        made[product_id] = Planned(taken.template, taken.by, choice, content, override, key)
    return made


def _own_category(row: ProductOverride | None) -> CategoryRef | None:
    return category_of(row.category_id, row.category_version) if row is not None else None


def _content(data: Mapping[str, object]) -> TemplateContent:
    """What rows hold was checked when it was written."""
    return content_from_json(data)[0]
