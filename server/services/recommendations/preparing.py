"""What a slice's recommendations begin with: the products as they are said to the platform and to our own ranking."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryVersion
from server.domain.findings import Findings
from server.domain.market_rules import MARKET_RULES, MAX_DESCRIPTION, MarketRules
from server.domain.policy import category_policy, policy_day
from server.domain.policy_rows import RecommendInput
from server.domain.recommendations import Past
from server.domain.recommender import ProductText
from server.domain.validators.title import title as fitted_title
from server.kit.html import HtmlCleaner, text_of
from server.services import tiktok_shops
from server.services.recommendations.rows import past_of, product_text
from server.store import recommendations as store
from server.store.recommendations import SubjectRow
from server.store.session import Session
from server.tables import TaskItem

_CLEANER = HtmlCleaner(("p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "h1", "h2", "h3", "h4"), {})
"""Pictures are left out: the platform does not know their addresses, and reads no text in them (R7)."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a chunk asks: the tree of the day's policy, what the market takes, and what the platform is to be given."""

    version: CategoryVersion
    rules: MarketRules
    demanded: frozenset[RecommendInput]


@dataclass(frozen=True, slots=True)
class Subject:
    """A product to recommend for. ``decided_at`` is when its merchant last decided, as read before asking."""

    item: TaskItem
    product_id: UUID
    text: ProductText
    title: str
    description: str
    pictures: tuple[str, ...]
    past: Past
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Products to ask about, and items whose product is gone."""

    subjects: list[Subject]
    gone: list[TaskItem]


async def counter(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> Counter:
    """The shop's tree, market rules and demanded inputs now (T6, D10)."""
    row = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    policy = category_policy(row.market, row.seller_type, policy_day(now), row.enforced_version)
    return Counter(policy.recommended, MARKET_RULES[row.market], policy.recommend_inputs)


async def prepare(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, counter: Counter, items: Sequence[TaskItem]
) -> Slice:
    """Read the slice in two statements."""
    ids = [item.subject_id for item in items]
    products = await store.subjects(session, shop_id=shop_id, product_ids=ids)
    known = await store.in_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=ids)
    made = Slice([], [])
    for item in items:
        product, row = products.get(item.subject_id), known.get(item.subject_id)
        if product is None or product.deleted_at is not None:
            made.gone.append(item)
        else:
            decided_at = None if row is None else row.decided_at
            made.subjects.append(_subject(item, product, counter.rules, past_of(row), decided_at))
    return made


def _subject(
    item: TaskItem,
    product: SubjectRow,
    rules: MarketRules,
    past: Past,
    decided_at: datetime | None,
) -> Subject:
    return Subject(
        item=item,
        product_id=product.id,
        text=product_text(product),
        title=fitted_title(product.title, rules, shorten=True, found=Findings()),
        description=_description(product.description_html),
        pictures=tuple(product.pictures or ()),
        past=past,
        decided_at=decided_at,
    )


def _description(source: str) -> str:
    """Clean HTML; plain words, cut, when that is too long. Nothing when there are no words."""
    clean = _CLEANER.clean(source).strip()
    words = text_of(clean)
    if not words or len(clean) <= MAX_DESCRIPTION:
        return clean if words else ""
    return html.escape(words[: MAX_DESCRIPTION // 2], quote=False)
