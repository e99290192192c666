"""What is wrong with templates themselves, today: their category, its demands, their blocks, the shop."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.category_choices import CategoryChoice, CategorySource, TakenBy
from server.domain.layers import effective
from server.domain.problems import Problem
from server.domain.template_json import content_from_json
from server.domain.templates import Template
from server.services import tiktok_shops
from server.services.listings.creating.framing import around
from server.services.listings.creating.planning import FrameKey, Planned, layers_of
from server.services.listings.rows import as_template
from server.store.session import Session
from server.tables import CategoryTemplate

_LEFT_OPEN = frozenset({"CATEGORY_UNDECIDED"})
"""No fault of a template that names no category: it is decided product by product."""


async def problems_of(
    session: Session, *, shop_id: UUID, rows: Sequence[CategoryTemplate], now: datetime
) -> dict[UUID, tuple[Problem, ...]]:
    """The problems that every product of a template would have, by template.

    Against the kept tree and the kept demands of the leaf: a category that vanished since, or was forbidden, is told.
    """
    found: dict[UUID, tuple[Problem, ...]] = {}
    for tiktok_shop_id in dict.fromkeys(row.tiktok_shop_id for row in rows):
        mine = [as_template(row) for row in rows if row.tiktok_shop_id == tiktok_shop_id]
        found |= await problems_of_templates(
            session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=mine, now=now
        )
    return found


async def problems_of_templates(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, templates: Sequence[Template], now: datetime
) -> dict[UUID, tuple[Problem, ...]]:
    """The same for templates of one TikTok shop, saved or not."""
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    defaults, _ = content_from_json(shop.defaults)
    layers = await layers_of(session, shop_id=shop_id, defaults=defaults, templates=templates)
    planned = {}
    for one in templates:
        source = None if one.category is None else CategorySource.TEMPLATE
        choice = CategoryChoice(one.category, source, "the template names it")
        key = FrameKey(one.id, one.category, choice.source)
        planned[one.id] = Planned(one, TakenBy.RULE, choice, effective(layers[one.id]), None, key)
    setting = await around(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, planned=planned, now=now)
    frames = setting.frames({}).by_key
    return {
        template_id: tuple(
            problem
            for problem in frames[one.key].problems
            if one.category.ref is not None or problem.code not in _LEFT_OPEN
        )
        for template_id, one in planned.items()
    }
