"""Matching what merchants write to the values of a leaf's attribute, as far as the leaf's demands are known."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.value_matching import ValueMatch, match
from server.kit.errors import Invalid, NotFound
from server.services import leaf_reading
from server.store.session import Session

MAX_TEXTS = 250
LONGEST = 255


async def match_values(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef, attribute_id: str, texts: Sequence[str]
) -> list[ValueMatch]:
    """The best value for each text, in the same order. Asks nobody: the leaf must have been read before."""
    if not 1 <= len(texts) <= MAX_TEXTS or any(len(text) > LONGEST for text in texts):
        message = f"Give 1 to {MAX_TEXTS} texts of at most {LONGEST} characters."
        raise Invalid(message, code="BAD_USER_INPUT", field=("texts",))
    known = await leaf_reading.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[ref])
    if ref not in known:
        raise NotFound("What this leaf demands is not known yet: ask for its attributes first.", field=("ref",))
    for attribute in known[ref].leaf.attributes:
        if attribute.id == attribute_id:
            return [match(text, attribute.values) for text in texts]
    raise NotFound(f"This leaf has no attribute {attribute_id}.", field=("attributeId",))
