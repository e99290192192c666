"""What products would be sent as: planned, framed and built by the same functions that list them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from server.clients.tiktok_bodies import CreateProductBody
from server.domain.categories import CategoryRef
from server.domain.drafting import build
from server.domain.drafts import Built
from server.domain.templates import Template
from server.services.listings.creating.bodies import create_body
from server.services.listings.creating.framing import setting_of
from server.services.listings.creating.planning import Planned
from server.services.listings.editing.preparing import built_for
from server.services.listings.rows import as_facts
from server.store import facts
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class SentAs:
    """One product: its plan, what would be built of it, and the body of the call as far as it is known.

    Pictures are not uploaded for a look: where TikTok's URIs would stand the body has the store's addresses.
    """

    product_id: UUID
    planned: Planned
    built: Built
    body: CreateProductBody | None


@dataclass(frozen=True, slots=True)
class SentSlice:
    """Products in the order in which they were named, and the leaves whose demands had to be left out."""

    products: tuple[SentAs, ...]
    missing: tuple[CategoryRef, ...]


async def sent_as(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    taken: Mapping[UUID, UUID | None],
    listed: Mapping[UUID, Collection[str]] = MappingProxyType({}),
    now: datetime,
) -> SentSlice:
    """What each product of ``taken`` would be sent as with the template that it names there.

    Products of ``listed`` are built as edits are, with those of their variants that are on TikTok Shop.
    """
    product_ids = list(taken)
    setting = await setting_of(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=product_ids,
        templates=templates,
        taken=taken,
        now=now,
    )
    frames = setting.frames({})
    rows = await facts.read(session, shop_id=shop_id, product_ids=product_ids)
    made = []
    for product_id in product_ids:
        framed, row = frames.of(product_id, taken[product_id]), rows.get(product_id)
        if framed is None or row is None:
            continue
        (frame, override), product, planned = framed, as_facts(row, setting.currency), setting.planned[product_id]
        there = listed.get(product_id)
        built = build(frame, product, override) if there is None else built_for(planned, frame, product, there)
        body = None if built.draft is None else create_body(built.draft, setting.terms.seller_type)
        made.append(SentAs(product_id, planned, built, body))
    return SentSlice(tuple(made), tuple(setting.missing))
