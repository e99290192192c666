"""Which template takes a product, and for every other one why it does not (capability N11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from server.domain.category_choices import TakenBy
from server.domain.rule_tests import failing
from server.domain.templates import Lost, Template, choose, ordered
from server.domain.traits import Traits
from server.services.templates.competition import standing_templates
from server.store import product_traits
from server.store.matching import template_matching
from server.store.matching.template_matching import Matched
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Explanation:
    """The winner with the reason. Without one ``taken_by`` is None, and every template is among the losers.

    ``asked`` are all templates in order; the losers' reasons are worked out only for those somebody looks at, because
    a shop may have a thousand of them.
    """

    winner: Template | None
    taken_by: TakenBy | None
    because: str
    traits: Traits
    matched: Matched
    asked: Sequence[Template]

    @property
    def lost_count(self) -> int:
        """How many templates do not take it."""
        return len(self.asked) - (self.winner is not None)

    def lost(self, first: int | None = None, *, would: bool | None = None) -> tuple[Lost, ...]:
        """The first losers in the order in which they are asked; only those that would take it, or only the others."""
        return tuple(islice(self._lost(would), first))

    def _lost(self, would: bool | None) -> Iterator[Lost]:
        takers = set(self.matched.takers)
        for one in self.asked:
            if one is self.winner or would not in (None, one.id in takers):
                continue
            yield self._reason(one)

    def _reason(self, loser: Template) -> Lost:
        """Against the winner alone the pure rule says the same as against all."""
        match = None
        if self.winner is not None:
            match = choose(self.traits, [self.winner, loser], self.matched.assigned)
        return match.lost[0] if match is not None else Lost(loser, failing(loser.content.rules, self.traits))


async def explain(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Explanation]:
    """The products explained in three statements, however many there are; strangers are left out."""
    templates = await standing_templates(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    asked = ordered(templates)
    traits = await product_traits.by_ids(session, shop_id=shop_id, product_ids=product_ids)
    matched = await template_matching.matches(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        templates=templates,
        product_ids=list(traits),
    )
    by_id = {one.id: one for one in asked}
    return {
        one.product_id: _one(traits[one.product_id], one, asked, by_id.get(one.winner) if one.winner else None)
        for one in matched
    }


def _one(traits: Traits, matched: Matched, asked: Sequence[Template], winner: Template | None) -> Explanation:
    match = None if winner is None else choose(traits, [winner], matched.assigned)
    if winner is not None and match is not None:
        return Explanation(winner, _how(winner, matched.assigned), match.because, traits, matched, asked)
    because = "no template's rules hold for it, and there is no default" if asked else "there is no template"
    return Explanation(None, None, because, traits, matched, asked)


def _how(winner: Template, assigned: UUID | None) -> TakenBy:
    if winner.id == assigned:
        return TakenBy.ASSIGNMENT
    return TakenBy.DEFAULT if winner.is_default else TakenBy.RULE
