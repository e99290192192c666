"""The leaves that may be right for a product: the platform's answer, a mapping and our own ranking weighed together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.mappings import MappingOrigin
from server.domain.recommender import Ground, Reason

TRUST = 0.7
"""How often the platform's leaf is taken to be right. Set by hand: it gives no score, and no labelled answers exist."""
MAPPED_TRUST = {MappingOrigin.MANUAL: 0.9, MappingOrigin.RECOMMENDED: 0.8}
"""How probable a mapped leaf is at least, set by hand; of a learned mapping the share of choices that agreed."""
_UNRANKED = 0.5
"""How much of what our ranking leaves open a leaf gets that only the platform names. Set by hand."""
_OTHER_NAMED = (1 - TRUST) / 3
"""How often the platform errs to one given leaf of our ranking: its errors are near misses. Set by hand."""
_MEMORY = frozenset({Ground.HABIT, Ground.PAST_PRODUCT, Ground.SAME_PRODUCT, Ground.SOURCE_CATEGORY})


class CandidateSource(StrEnum):
    """Who speaks for a candidate."""

    TIKTOK = "TIKTOK"
    MAPPING = "MAPPING"
    MEMORY = "MEMORY"
    TEXT = "TEXT"


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf in its tree, with what the shop may do there (in the platform's words)."""

    ref: CategoryRef
    path: tuple[str, ...]
    permissions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Products may be listed there; no word about it means yes (TikTok fact sheet 3.7)."""
        return not self.permissions or PermissionStatus.AVAILABLE in self.permissions


@dataclass(frozen=True, slots=True)
class LocalCandidate:
    """A leaf of our own ranking."""

    place: Place
    probability: float
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedPlace:
    """The leaf that the product's source category ``name`` is mapped to, and how sure that makes of it."""

    place: Place
    name: str
    trust: float


def mapped_trust(origin: MappingOrigin, agreeing: int | None, seen: int | None) -> float:
    """How probable a mapped leaf is at least; a learned mapping is as sure as its choices, never as sure as a hand."""
    if origin in MAPPED_TRUST:
        return MAPPED_TRUST[origin]
    return ((agreeing or 0) + 1) / ((seen or 0) + 2) * MAPPED_TRUST[MappingOrigin.MANUAL]


@dataclass(frozen=True, slots=True)
class LeafCandidate:
    """A leaf that may be right, who says so, and how probable it is when all are heard."""

    place: Place
    probability: float
    sources: tuple[CandidateSource, ...]
    because: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The form kept in rows."""
        reasons = [{"ground": one.ground, "words": list(one.words), "example": one.example} for one in self.because]
        return {
            "id": self.place.ref.id,
            "version": self.place.ref.version,
            "path": list(self.place.path),
            "permissions": list(self.place.permissions),
            "probability": round(self.probability, 4),
            "sources": list(self.sources),
            "because": reasons,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "LeafCandidate":
        """Read back what ``to_json`` wrote."""
        ref = CategoryRef(data["id"], CategoryVersion(data["version"]))
        return cls(
            Place(ref, tuple(data["path"]), tuple(data["permissions"])),
            data["probability"],
            tuple(CandidateSource(one) for one in data["sources"]),
            tuple(Reason(Ground(one["ground"]), tuple(one["words"]), one["example"]) for one in data["because"]),
        )


def blend(
    platform: Place | None, local: Sequence[LocalCandidate], mapped: MappedPlace | None = None
) -> tuple[LeafCandidate, ...]:
    """All candidates, most probable first. Without platform and mapping our own probabilities stand as they are.

    A mapping is no second witness, for the memory behind our ranking has learned the same: it lifts its leaf to what
    it is trusted with. The platform counts as a witness that names the right leaf with ``TRUST``; what our ranking
    leaves open is the chance that the leaf is one it did not name.
    """
    own = [LeafCandidate(one.place, one.probability, _sources(one.because), one.because) for one in local]
    if mapped is not None:
        own = _lifted(own, mapped)
    if platform is None:
        return tuple(sorted(own, key=lambda one: -one.probability))
    left_open = max(0.0, 1 - sum(one.probability for one in own))
    named = next((one for one in own if one.place.ref == platform.ref), None)
    if named is None:
        named = LeafCandidate(platform, left_open * _UNRANKED, ())
        left_open -= named.probability
        own.append(named)
    weights = [one.probability * (TRUST if one is named else _OTHER_NAMED) for one in own]
    whole = sum(weights) + left_open * (1 - TRUST)
    heard = [replace(one, probability=weight / whole) for one, weight in zip(own, weights, strict=True)]
    at = own.index(named)
    heard[at] = replace(heard[at], place=platform, sources=(CandidateSource.TIKTOK, *named.sources))
    return tuple(sorted(heard, key=lambda one: -one.probability))


def _lifted(own: Sequence[LeafCandidate], mapped: MappedPlace) -> list[LeafCandidate]:
    """The mapped leaf at least as probable as the mapping is trusted; the others share what is left as before."""
    known = next((one for one in own if one.place.ref == mapped.place.ref), LeafCandidate(mapped.place, 0.0, ()))
    reason = Reason(Ground.MAPPING, example=mapped.name)
    lifted = replace(
        known,
        probability=max(known.probability, mapped.trust),
        sources=(CandidateSource.MAPPING, *known.sources),
        because=(reason, *known.because),
    )
    scale = (1 - lifted.probability) / (1 - known.probability) if known.probability < 1 else 0.0
    rest = [replace(one, probability=one.probability * scale) for one in own if one is not known]
    return [lifted, *rest]


def _sources(because: Iterable[Reason]) -> tuple[CandidateSource, ...]:
    grounds = {reason.ground for reason in because}
    found = [CandidateSource.MEMORY] if grounds & _MEMORY else []
    return (*found, CandidateSource.TEXT) if Ground.WORDS in grounds or not found else tuple(found)
