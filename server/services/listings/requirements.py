"""What a leaf still asks of a merchant who fills in its attributes, as far as its demands are known."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.questions import Questions, questions
from server.domain.template_content import AttributeChoice
from server.kit.errors import NotFound
from server.services import leaf_reading
from server.store.session import Session


async def open_questions(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef, answers: Sequence[AttributeChoice]
) -> Questions:
    """The smallest set still missing and why. Asks nobody: ``NotFound`` when the leaf was never read."""
    known = await leaf_reading.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[ref])
    if ref not in known:
        raise NotFound("What this leaf demands is not known yet: ask for its attributes first.", field=("category",))
    return questions(known[ref].leaf, answers)
