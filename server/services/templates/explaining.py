"""Which template takes a product, and for every other one why it does not (seed id N11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.category_choices import TakenBy
from server.domain.rule_tests import failing
from server.domain.templates import Lost, Template, choose, ordered
from server.domain.traits import Traits
from server.services.templates.competition import standing_templates
from server.store import product_traits, template_assignments
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Explanation:
    """The winner with the reason, and all others in the order in which they are asked, each with its own.

    Without a winner ``taken_by`` is None, and every template is among the losers.
    """

    winner: Template | None
    taken_by: TakenBy | None
    because: str
    lost: tuple[Lost, ...]


async def explain(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Explanation]:
    """The products explained in three statements, however many there are; strangers are left out."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    templates = await standing_templates(session, **where)
    traits = await product_traits.by_ids(session, shop_id=shop_id, product_ids=product_ids)
    assigned = await template_assignments.of_products(session, **where, product_ids=list(product_ids))
    return explained(traits, templates, assigned)


def explained(
    traits: Mapping[UUID, Traits], templates: Sequence[Template], assigned: Mapping[UUID, UUID]
) -> dict[UUID, Explanation]:
    """The same of values: the pure part."""
    asked = ordered(templates)
    return {product_id: _one(one, asked, assigned.get(product_id)) for product_id, one in traits.items()}


def _one(traits: Traits, asked: Sequence[Template], assigned: UUID | None) -> Explanation:
    match = choose(traits, asked, assigned)
    if match is not None:
        return Explanation(match.template, _how(match.template, assigned), match.because, match.lost)
    lost = tuple(Lost(one, failing(one.content.rules, traits)) for one in asked)
    because = "no template's rules hold for it, and there is no default" if asked else "there is no template"
    return Explanation(None, None, because, lost)


def _how(winner: Template, assigned: UUID | None) -> TakenBy:
    if winner.id == assigned:
        return TakenBy.ASSIGNMENT
    return TakenBy.DEFAULT if winner.is_default else TakenBy.RULE
