"""Decisions kept with their inputs, and made again from them (mission N7)."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from server.domain.differences import differences
from server.domain.drafting import Place, ShopTerms, build, frame
from server.domain.drafts import Built
from server.domain.facts import ProductFacts
from server.domain.layers import Effective
from server.domain.overrides import Override
from server.kit.json import loads
from server.store import decisions as store
from server.store.decisions import KeptDecision, KeptFrame
from server.store.session import Session

_FAST = 1
KEPT = timedelta(days=90)
"""How long decisions can be made again."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Common:
    """What all products of a frame share: everything ``drafting.frame`` is given."""

    terms: ShopTerms
    effective: Effective
    place: Place


@dataclass(frozen=True, slots=True)
class Own:
    """What is one product's alone: everything else that ``drafting.build`` is given."""

    facts: ProductFacts
    override: Override | None


@dataclass(frozen=True, slots=True)
class Decided:
    """One item's decision and what it was made of."""

    item_id: UUID
    common: Common
    own: Own
    built: Built


_COMMON = TypeAdapter(Common)
_OWN = TypeAdapter(Own)
_BUILT = TypeAdapter(Built)


async def remember(
    session: Session, *, shop_id: UUID, task_id: UUID, decided: Sequence[Decided], now: datetime
) -> None:
    """Keep a slice's decisions in two statements; a repeated attempt keeps the newest."""
    packed = {id(one.common): _packed(_COMMON, one.common) for one in decided}
    digests = {at: sha256(body).hexdigest() for at, body in packed.items()}
    frames = {digests[at]: KeptFrame(digests[at], body) for at, body in packed.items()}
    rows = [
        KeptDecision(one.item_id, digests[id(one.common)], _packed(_OWN, one.own), _packed(_BUILT, one.built))
        for one in decided
    ]
    await store.keep(session, shop_id=shop_id, task_id=task_id, frames=list(frames.values()), decisions=rows, now=now)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision made again by today's code from the inputs of then. ``differences``: path to (then, now)."""

    item_id: UUID
    product_title: str
    at: datetime
    built: Built
    differences: Mapping[str, tuple[object, object]]


async def replay(session: Session, *, shop_id: UUID, task_id: UUID, after: UUID | None, amount: int) -> list[Replayed]:
    """The task's next decisions in the order of their items, made again; empty at the end.

    Read rows only: nothing is changed, nobody is asked.
    """
    kept = await store.page(session, shop_id=shop_id, task_id=task_id, after=after, amount=amount)
    wanted = list({one.frame_digest for one in kept})
    bodies = await store.frames(session, shop_id=shop_id, task_id=task_id, digests=wanted)
    common = {digest: _unpacked(_COMMON, body) for digest, body in bodies.items()}
    framed = {digest: frame(one.terms, one.effective, one.place) for digest, one in common.items()}
    found = []
    for row in kept:
        own = _unpacked(_OWN, row.product)
        built = build(framed[row.frame_digest], own.facts, own.override)
        changed = differences(loads(zlib.decompress(row.decided)), loads(_BUILT.dump_json(built)))
        found.append(Replayed(row.item_id, own.facts.title, row.at, built, changed))
    return found


async def forget_old(session: Session, *, now: datetime) -> int:
    """Drop decisions of all shops that are older than ``KEPT``; returns how many."""
    return await store.drop_old(session, before=now - KEPT)


def _packed(shape: TypeAdapter[T], value: T) -> bytes:
    return zlib.compress(shape.dump_json(value), _FAST)


def _unpacked(shape: TypeAdapter[T], body: bytes) -> T:
    return shape.validate_json(zlib.decompress(body))
