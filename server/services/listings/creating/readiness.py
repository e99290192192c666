"""Whether products could be listed as they are now, judged by the same functions that list and preview them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.drafting import build
from server.domain.problems import Problem, Severity
from server.services.listings.creating.framing import Frames, setting_of
from server.services.listings.creating.planning import Planned
from server.services.listings.creating.preparing import NO_TEMPLATE
from server.services.listings.rows import as_facts
from server.store import facts
from server.store.facts import ProductRows
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Readiness:
    """One product's plan in a TikTok shop, and what listing it would find wrong before any call."""

    planned: Planned
    problems: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Nothing keeps it from being sent; warnings may be there."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


@dataclass(frozen=True, slots=True)
class ReadySlice:
    """The shop's own among the products, by id; and the leaves whose demands had to be left out."""

    products: Mapping[UUID, Readiness]
    missing: tuple[CategoryRef, ...]


async def of_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID], now: datetime
) -> ReadySlice:
    """How each product stands with the template that takes it, in a number of statements that does not grow with them.

    Leaves that it misses can be read, and this asked again. ``NotFound`` when there is no such TikTok shop.
    """
    setting = await setting_of(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=product_ids, now=now
    )
    rows = await facts.read(session, shop_id=shop_id, product_ids=product_ids)
    frames = setting.frames({})
    found = {
        product_id: Readiness(planned, _problems(planned, frames, rows[product_id], setting.currency))
        for product_id, planned in setting.planned.items()
        if product_id in rows
    }
    return ReadySlice(found, tuple(setting.missing))


def _problems(planned: Planned, frames: Frames, row: ProductRows, currency: str) -> tuple[Problem, ...]:
    if planned.template is None and planned.category.ref is None:
        return (NO_TEMPLATE,)
    return build(frames.by_key[planned.key], as_facts(row, currency), planned.override).problems
