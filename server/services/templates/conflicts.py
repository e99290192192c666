"""Where templates of a TikTok shop get into each other's way: overlaps, rules that are dead, products nobody takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.domain.rules import Condition, RuleGroup
from server.domain.template_content import TemplateContent
from server.domain.templates import Template
from server.kit.ids import new_id
from server.services import tiktok_shops
from server.services.listings.rows import as_template
from server.services.templates.competition import standing_templates
from server.store.matching import template_matching
from server.store.matching.template_matching import Tallies
from server.store.session import Session
from server.tables import CategoryTemplate

__all__ = ["Tallies", "conflicts_in", "dead_conditions", "of_shop", "tallies"]


class DeadReason(StrEnum):
    """Why a template takes nothing."""

    NO_RULES = "NO_RULES"
    MATCHES_NOTHING = "MATCHES_NOTHING"
    ALWAYS_LOSES = "ALWAYS_LOSES"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Products for which the rules of both hold, and which the winner takes."""

    winner_id: UUID
    loser_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class DeadTemplate:
    """A template that takes nothing now; ``matched`` products would be its own if others did not go first."""

    template_id: UUID
    reason: DeadReason
    matched: int


@dataclass(frozen=True, slots=True)
class ShopConflicts:
    """Overlaps with the largest first, dead templates in order, and the products that nobody takes."""

    overlaps: tuple[Overlap, ...]
    dead: tuple[DeadTemplate, ...]
    untaken: int


@dataclass(frozen=True, slots=True)
class DeadCondition:
    """A condition that holds for no product of the store, with its path in the rules."""

    path: tuple[str, ...]
    condition: Condition


async def of_shop(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> ShopConflicts:
    """All conflicts between the templates of a TikTok shop, in one statement over the catalogue.

    The default is left out: it takes what is left, and is meant to lose.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, field=("tiktokShopId",))

    templates = await standing_templates(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    found = await template_matching.tallies(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=templates
    )
    return conflicts_in(templates, found)


def conflicts_in(templates: Sequence[Template], found: Tallies) -> ShopConflicts:
    """The pure part."""
    special = [one for one in templates if not one.is_default]
    overlaps = [
        Overlap(winner_id, one.id, count) for one in special for winner_id, count in found.of[one.id].lost_to.items()
    ]
    dead = [
        DeadTemplate(one.id, _why(one, found), found.of[one.id].matched) for one in special if not found.of[one.id].won
    ]
    ordered = sorted(overlaps, key=lambda one: (-one.count, one.winner_id, one.loser_id))
    return ShopConflicts(tuple(ordered), tuple(dead), found.untaken)


async def tallies(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> Tallies:
    """How many products each template's rules hold for, how many it takes, and who takes the others."""
    templates = await standing_templates(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    return await template_matching.tallies(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=templates)


async def dead_conditions(session: Session, *, shop_id: UUID, row: CategoryTemplate) -> list[DeadCondition]:
    """Conditions of a template that hold for no product: likely a slip of the pen. Counted all at once."""
    conditions = dict(_conditions(as_template(row).content.rules, ()))
    probes = {path: _probe(row, one) for path, one in conditions.items()}
    if not probes:
        return []
    found = await template_matching.tallies(
        session, shop_id=shop_id, tiktok_shop_id=row.tiktok_shop_id, templates=list(probes.values())
    )
    return [DeadCondition(path, conditions[path]) for path, probe in probes.items() if not found.of[probe.id].matched]


def _conditions(group: RuleGroup, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Condition]]:
    own = [((*path, "conditions", str(at)), one) for at, one in enumerate(group.conditions)]
    inside = [_conditions(one, (*path, "groups", str(at))) for at, one in enumerate(group.groups)]
    return own + [one for found in inside for one in found]


def _probe(row: CategoryTemplate, condition: Condition) -> Template:
    """A template of that one condition, to count with."""
    return Template(new_id(), row.name, None, content=TemplateContent(rules=RuleGroup(conditions=(condition,))))


def _why(template: Template, found: Tallies) -> DeadReason:
    if found.of[template.id].matched:
        return DeadReason.ALWAYS_LOSES
    return DeadReason.NO_RULES if template.content.rules.is_empty else DeadReason.MATCHES_NOTHING
