"""The templates that competed for a listing task's products, kept once for the task so that it can be judged again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from server.domain.rules import RuleGroup
from server.domain.template_content import TemplateContent
from server.domain.templates import Template, Traits, choose
from server.services.listings.replay.decisions import packed, unpacked
from server.store import decisions as store
from server.store import product_traits, template_assignments
from server.store.decisions import KeptFrame
from server.store.session import Session

_DIGEST = "templates"


@dataclass(frozen=True, slots=True)
class Competitor:
    """One template as it competed."""

    id: UUID
    name: str
    revision: int
    rank: int
    is_default: bool
    rules: RuleGroup


@dataclass(frozen=True, slots=True)
class Competition:
    """All of them, when the task was opened, and which of its products were given to which template by hand.

    Without ``given`` it was kept before that was noted: then nothing is judged again.
    """

    at: datetime
    competitors: tuple[Competitor, ...]
    given: Mapping[UUID, UUID] | None = None

    def winner(self, product_id: UUID, traits: Traits) -> UUID | None:
        """The template that takes the product by today's rules of taking."""
        assigned = None if self.given is None else self.given.get(product_id)
        match = choose(traits, [_template(one) for one in self.competitors], assigned)
        return None if match is None else match.template.id


COMPETITION = TypeAdapter(Competition)


async def remember(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    task_id: UUID,
    templates: Sequence[Template],
    product_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Keep who competed for the products. Where none has rules there is nothing to judge: the default takes all."""
    if not any(not one.is_default for one in templates):
        return
    given = await template_assignments.of_products(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=list(product_ids)
    )
    competitors = tuple(
        Competitor(one.id, one.name, one.revision, one.rank, one.is_default, one.content.rules) for one in templates
    )
    frame = KeptFrame(_DIGEST, packed(COMPETITION, Competition(now, competitors, given)))
    await store.keep_frames(session, shop_id=shop_id, task_id=task_id, frames=[frame])


async def traits_of(
    session: Session, *, shop_id: UUID, task_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Traits]:
    """What rules see of the products that are as they were when the task was opened.

    Nothing for a task whose templates did not compete.
    """
    if not await store.has_frame(session, shop_id=shop_id, task_id=task_id, digest=_DIGEST):
        return {}
    return await product_traits.unchanged(session, shop_id=shop_id, product_ids=product_ids, task_id=task_id)


async def of_task(session: Session, *, shop_id: UUID, task_id: UUID) -> Competition | None:
    """Who competed, if anybody did. ``ValueError`` for what cannot be read any more."""
    found = await store.frames(session, shop_id=shop_id, task_id=task_id, digests=[_DIGEST])
    return unpacked(COMPETITION, found[_DIGEST]) if found else None


def _template(one: Competitor) -> Template:
    content = TemplateContent(rules=one.rules)
    return Template(one.id, one.name, None, one.is_default, rank=one.rank, revision=one.revision, content=content)
