"""Decisions of listing and edit tasks kept with all that they were made of (N7); ``replaying`` makes them again.

Kept in two steps: before the calls what was decided of the store's side, after them what was met on the way.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategorySource, Considered
from server.domain.drafting import Place, ShopTerms
from server.domain.drafts import Built
from server.domain.facts import ProductFacts
from server.domain.layers import Effective
from server.domain.listings import ListingStatus
from server.domain.overrides import Override
from server.domain.ownership import Ownership
from server.domain.snapshots import Snapshot
from server.domain.templates import Template, Traits
from server.services.listings.creating.planning import Planned
from server.store import decisions as store
from server.store.decisions import KeptDecision, KeptFrame
from server.store.session import Session

SHAPE = 2
"""The form in which decisions are kept. Raise it when those of before cannot be read any more: a test tells."""

KEPT = timedelta(days=90)
"""How long decisions can be made again."""

_FAST = 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Used:
    """The template as it was; its content is in ``Effective``, its rules stand with the task's competition."""

    id: UUID
    name: str
    revision: int
    category: CategoryRef | None = None

    @classmethod
    def of(cls, template: Template) -> "Used":
        """Of a template as the rules of listing see it."""
        return cls(template.id, template.name, template.revision, template.category)


@dataclass(frozen=True, slots=True)
class Common:
    """What all products of a frame share. ``terms`` hold the policy's date, ``tree_read_at`` is the tree's."""

    terms: ShopTerms
    effective: Effective
    place: Place
    template: Used | None = None
    enforced: CategoryVersion | None = None
    tree_read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EditBasis:
    """What an edit starts from: how the listing stands, what TikTok Shop was told of it, and who owns its fields.

    ``listed`` are the store's variants that are there, ``mine`` what an edit was telling whose answer was lost.
    """

    listed: tuple[str, ...]
    status: ListingStatus
    remote_skus: Sequence[Mapping[str, Any]]
    category_id: str | None
    category_version: CategoryVersion | None
    elsewhere_at: datetime | None
    sent: Snapshot | None
    ownership: Ownership
    interrupted: bool = False
    mine: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What is one product's alone. ``basis`` is there for edits.

    ``settled`` is the template that took the product when the task began; where templates competed, ``traits`` are what
    they saw of it then.
    """

    facts: ProductFacts
    override: Override | None
    considered: Considered | None = None
    traits: Traits | None = None
    basis: EditBasis | None = None
    settled: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The category that was decided on."""

    ref: CategoryRef | None
    source: CategorySource | None
    because: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided before any call. ``unchanged``: an edit had nothing to send, and looked at nothing."""

    built: Built | None
    template: UUID | None
    category: Chosen
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """One item's decision and what it was made of."""

    item_id: UUID
    common: Common
    own: Own
    verdict: Verdict


COMMON = TypeAdapter(Common)
OWN = TypeAdapter(Own)
VERDICT = TypeAdapter(Verdict)


def decided(
    item_id: UUID,
    planned: Planned,
    common: Common,
    facts: ProductFacts,
    built: Built | None,
    *,
    traits: Traits | None = None,
    settled: UUID | None = None,
    basis: EditBasis | None = None,
    unchanged: bool = False,
) -> Decided:
    """A decision about a planned product."""
    choice = planned.category
    template = None if planned.template is None else planned.template.id
    verdict = Verdict(built, template, Chosen(choice.ref, choice.source, choice.because), unchanged)
    return Decided(item_id, common, Own(facts, planned.override, choice.considered, traits, basis, settled), verdict)


async def remember(
    session: Session, *, shop_id: UUID, task_id: UUID, decided: Sequence[Decided], now: datetime
) -> None:
    """Keep a slice's decisions in two statements; a repeated attempt keeps the newest."""
    packed_ones = {id(one.common): packed(COMMON, one.common) for one in decided}
    digests = {at: sha256(body).hexdigest() for at, body in packed_ones.items()}
    frames = {digests[at]: KeptFrame(digests[at], body) for at, body in packed_ones.items()}
    rows = [
        KeptDecision(one.item_id, digests[id(one.common)], packed(OWN, one.own), packed(VERDICT, one.verdict))
        for one in decided
    ]
    await store.keep(
        session,
        shop_id=shop_id,
        task_id=task_id,
        shape=SHAPE,
        frames=list(frames.values()),
        decisions=rows,
        now=now,
    )


async def forget_old(session: Session, *, now: datetime) -> int:
    """Drop decisions of all shops that are older than ``KEPT``; returns how many."""
    return await store.drop_old(session, before=now - KEPT)


def packed(shape: TypeAdapter[T], value: T) -> bytes:
    """Compressed JSON."""
    return zlib.compress(shape.dump_json(value), _FAST)


def unpacked(shape: TypeAdapter[T], body: bytes) -> T:
    """Read back; ``ValueError`` for what is not of this shape (any more), ``zlib.error`` for what is none."""
    return shape.validate_json(zlib.decompress(body))
