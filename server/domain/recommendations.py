"""Which leaf to propose for a product: the platform's answer and our own ranking, weighed against each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.mappings import MappingOrigin
from server.domain.recommender import Ground, Reason

THRESHOLD = 0.3
"""Less probable candidates are shown, not proposed, unless the merchant says otherwise."""
TRUST = 0.7
"""How often the platform's leaf is taken to be right. Set by hand: it gives no score, and no labelled answers exist."""
MAPPED_TRUST = {MappingOrigin.MANUAL: 0.9, MappingOrigin.RECOMMENDED: 0.8}
"""How probable a mapped leaf is at least, set by hand; of a learned mapping the share of choices that agreed."""
_UNRANKED = 0.5
_OTHER_NAMED = (1 - TRUST) / 3
_REMEMBERED = 12
_MEMORY = frozenset({Ground.HABIT, Ground.PAST_PRODUCT, Ground.SAME_PRODUCT, Ground.SOURCE_CATEGORY})


class RecommendationState(StrEnum):
    """Where a recommendation stands with the merchant."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    NONE = "NONE"


class NoProposal(StrEnum):
    """Why nothing is proposed."""

    NO_MATCH = "NO_MATCH"
    UNSURE = "UNSURE"
    NOT_PERMITTED = "NOT_PERMITTED"
    ADVICE_CYCLE = "ADVICE_CYCLE"
    INPUT_MISSING = "INPUT_MISSING"
    WRONG_LANGUAGE = "WRONG_LANGUAGE"


ADVICE: Mapping[NoProposal, str] = {
    NoProposal.NO_MATCH: "TikTok Shop has no matching category. Use the full product name as the title, edit it and "
    "retry, or choose a category by hand.",
    NoProposal.UNSURE: "No category is probable enough. Say in title, type or description what the product is and "
    "retry, or choose a category by hand.",
    NoProposal.NOT_PERMITTED: "The categories that fit are closed to this shop. Apply for one in Seller Center's "
    "Qualification Center, or choose another.",
    NoProposal.ADVICE_CYCLE: "The advice goes in circles: a category that was left is advised again. Nothing is "
    "proposed by itself any more; choose the category by hand.",
    NoProposal.INPUT_MISSING: "TikTok Shop recommends by title, description and picture. Give the product the one that "
    "is missing and retry, or choose a category by hand.",
    NoProposal.WRONG_LANGUAGE: "TikTok Shop recommends in the language of the shop's market only. Write title and "
    "description in it and retry, or choose a category by hand.",
}


class CandidateSource(StrEnum):
    """Who speaks for a candidate."""

    TIKTOK = "TIKTOK"
    MAPPING = "MAPPING"
    MEMORY = "MEMORY"
    TEXT = "TEXT"


class PlatformAnswer(StrEnum):
    """What came of asking TikTok Shop."""

    RECOMMENDED = "RECOMMENDED"
    NO_MATCH = "NO_MATCH"
    REFUSED = "REFUSED"
    UNREACHABLE = "UNREACHABLE"
    LIMITED = "LIMITED"
    NOT_AUTHORIZED = "NOT_AUTHORIZED"
    INPUT_MISSING = "INPUT_MISSING"
    WRONG_LANGUAGE = "WRONG_LANGUAGE"


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


@dataclass(frozen=True, slots=True)
class Past:
    """What was proposed before, oldest first and each change once, and what the merchant made of it."""

    proposals: tuple[CategoryRef, ...] = ()
    rejected: tuple[CategoryRef, ...] = ()
    chosen: CategoryRef | None = None

    def then(self, ref: CategoryRef) -> tuple[CategoryRef, ...]:
        """The proposals with a new one; the same again is no change."""
        if self.proposals[-1:] == (ref,):
            return self.proposals
        return (*self.proposals, ref)[-_REMEMBERED:]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a refresh makes of a product. ``reason`` is there when ``state`` is ``NONE``."""

    state: RecommendationState
    candidates: tuple[LeafCandidate, ...]
    proposed: CategoryRef | None = None
    reason: NoProposal | None = None
    proposals: tuple[CategoryRef, ...] = ()


def judge(
    answer: PlatformAnswer, candidates: Sequence[LeafCandidate], past: Past, threshold: float = THRESHOLD
) -> Judgement:
    """Propose the best leaf that is open to the shop and was not rejected, or say why none is proposed.

    Where the platform finds nothing or lacks what it judges by, only the merchant's own earlier choices outweigh it.
    """
    ordered = tuple(sorted(candidates, key=lambda one: (_is_out(one, past), -one.probability)))
    reason = _obstacle(answer, ordered, past, threshold)
    if reason is not None:
        return Judgement(RecommendationState.NONE, ordered, None, reason, past.proposals)
    proposed = ordered[0].place.ref
    proposals = past.then(proposed)
    if goes_in_circles(proposals):
        return Judgement(RecommendationState.NONE, ordered, None, NoProposal.ADVICE_CYCLE, proposals)
    settled = past.chosen == proposed
    state = RecommendationState.APPROVED if settled else RecommendationState.PENDING
    return Judgement(state, ordered, proposed, None, proposals)


def goes_in_circles(proposals: Sequence[CategoryRef]) -> bool:
    """A leaf that had been left is advised again."""
    return len(set(proposals)) < len(proposals)


def _is_out(one: LeafCandidate, past: Past) -> bool:
    return not one.place.is_open or one.place.ref in past.rejected


def _obstacle(
    answer: PlatformAnswer, ordered: Sequence[LeafCandidate], past: Past, threshold: float
) -> NoProposal | None:
    best = ordered[0] if ordered else None
    remembered = best is not None and bool(_SAID_BEFORE & {*best.sources})
    if answer in _FINDS_NOTHING and not remembered:
        return _FINDS_NOTHING[answer]
    closed = [one for one in ordered if not one.place.is_open and one.probability >= threshold]
    if best is not None and not _is_out(best, past) and best.probability >= threshold:
        return None
    if closed:
        return NoProposal.NOT_PERMITTED
    if answer is PlatformAnswer.WRONG_LANGUAGE:
        return NoProposal.WRONG_LANGUAGE
    return _FINDS_NOTHING.get(answer, NoProposal.UNSURE)


_SAID_BEFORE = frozenset({CandidateSource.MEMORY, CandidateSource.MAPPING})
_FINDS_NOTHING: Mapping[PlatformAnswer, NoProposal] = {
    PlatformAnswer.NO_MATCH: NoProposal.NO_MATCH,
    PlatformAnswer.INPUT_MISSING: NoProposal.INPUT_MISSING,
}
