"""A task's decisions made again by today's code from what was kept of them: rows are read, and nobody is asked."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from server.domain.differences import differences
from server.domain.drafting import Frame, ShopTerms, frame
from server.domain.drafts import Built
from server.kit.json import loads
from server.services.listings.editing.preparing import EditReady
from server.services.listings.replay import competing
from server.services.listings.replay.competing import Competition
from server.services.listings.replay.decisions import COMMON, OWN, SHAPE, VERDICT, Chosen, Common, Verdict, unpacked
from server.services.listings.replay.kept_outcomes import EDIT, LISTING
from server.services.listings.replay.remaking import (
    edit_again,
    listing_again,
    template_then,
    terms_again,
    verdict_again,
)
from server.store import decisions as store
from server.store.session import Session
from server.tables import Decision

Differences = dict[str, tuple[object, object]]
"""Path to what stood there then, and what stands there now."""

_TERMS: TypeAdapter[ShopTerms] = TypeAdapter(ShopTerms)
_BUILT: TypeAdapter[Built | None] = TypeAdapter(Built | None)
_CHOSEN = TypeAdapter(Chosen)

_SENT = "completed."
"""What differs before the pictures are there differs afterwards; it is told once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision made again by today's code from the inputs of then; ``common`` names their versions."""

    item_id: UUID
    product_title: str
    at: datetime
    built: Built | None
    differences: Mapping[str, tuple[object, object]]
    common: Common


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A decision that was kept in a shape which this version cannot read."""

    item_id: UUID
    at: datetime
    shape: int


@dataclass(frozen=True, slots=True)
class _Shared:
    """What decisions share, made again."""

    common: Common
    frame: Frame
    differences: Differences


async def replay(
    session: Session, *, shop_id: UUID, task_id: UUID, after: UUID | None, amount: int
) -> list[Replayed | Unreadable]:
    """The task's next decisions in the order of their items, made again; empty at the end."""
    kept = await store.page(session, shop_id=shop_id, task_id=task_id, after=after, amount=amount)
    wanted = list({one.frame_digest for one in kept if one.shape == SHAPE})
    bodies = await store.frames(session, shop_id=shop_id, task_id=task_id, digests=wanted)
    shared = {digest: one for digest, body in bodies.items() if (one := _shared(body)) is not None}
    competition = await _competition(session, shop_id, task_id) if shared else None
    return [_again(row, shared.get(row.frame_digest), competition) for row in kept]


async def _competition(session: Session, shop_id: UUID, task_id: UUID) -> Competition | None:
    try:
        return await competing.of_task(session, shop_id=shop_id, task_id=task_id)
    except (ValueError, zlib.error):
        return None


def _shared(body: bytes) -> _Shared | None:
    try:
        common = unpacked(COMMON, body)
    except (ValueError, zlib.error):
        return None
    terms = terms_again(common)
    changed = {} if terms == common.terms else differences(_told(common.terms), _told(terms))
    named = {f"terms.{path}": found for path, found in changed.items()}
    return _Shared(common, frame(terms, common.effective, common.place), named)


def _told(terms: ShopTerms) -> object:
    """As JSON, the trees in one order: a set has none."""
    told = loads(_TERMS.dump_json(terms))
    return told | {"listable": sorted(terms.listable)}


def _again(row: Decision, shared: _Shared | None, competition: Competition | None) -> Replayed | Unreadable:
    """What cannot be read is told, never guessed."""
    if row.shape != SHAPE or shared is None:
        return Unreadable(row.item_id, row.at, row.shape)
    try:
        own, then = unpacked(OWN, row.product), unpacked(VERDICT, row.decided)
    except (ValueError, zlib.error):
        return Unreadable(row.item_id, row.at, row.shape)
    now, ready = verdict_again(shared.frame, shared.common, own, then, competition)
    settled = replace(then, template=template_then(own, then, competition))
    changed = {**shared.differences, **_of_verdict(settled, now, competition)}
    if row.outcome is not None:
        try:
            later = _of_outcome(row.outcome, then, now, ready)
        except (ValueError, zlib.error):
            return Unreadable(row.item_id, row.at, row.shape)
        changed |= {path: found for path, found in later.items() if changed.get(path.removeprefix(_SENT)) != found}
    return Replayed(row.item_id, own.facts.title, row.at, now.built, changed, shared.common)


def _of_verdict(then: Verdict, now: Verdict, competition: Competition | None) -> Differences:
    found = _between("", _BUILT, then.built, now.built)
    if then.template != now.template:
        found["template"] = (_name(then.template, competition), _name(now.template, competition))
    found |= _between("category.", _CHOSEN, then.category, now.category)
    if then.unchanged != now.unchanged:
        found["unchanged"] = (then.unchanged, now.unchanged)
    return found


def _of_outcome(body: bytes, then: Verdict, now: Verdict, ready: EditReady | None) -> Differences:
    if ready is None:
        met = unpacked(LISTING, body)
        return _between("", LISTING, met, listing_again(now.built, then.built, met))
    seen = unpacked(EDIT, body)
    return _between("", EDIT, seen, edit_again(ready, then.built, seen))


def _name(template_id: UUID | None, competition: Competition | None) -> object:
    """As people know it; names may be alike."""
    known = {one.id: one.name for one in competition.competitors} if competition else {}
    return None if template_id is None else f"{known.get(template_id, 'a template')} ({template_id})"


def _between(prefix: str, shape: TypeAdapter[T], then: T, now: T) -> Differences:
    found = differences(loads(shape.dump_json(then)), loads(shape.dump_json(now)))
    return {prefix + path: values for path, values in found.items()}
