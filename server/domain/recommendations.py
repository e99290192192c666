"""Which of the candidates is proposed for a product, or why none is: permissions, the merchant's word, circles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.domain.candidates import CandidateSource, LeafCandidate
from server.domain.categories import CategoryRef

THRESHOLD = 0.3
"""Less probable candidates are shown, not proposed, unless the merchant says otherwise."""
_REMEMBERED = 12
"""Proposals kept of a product: a circle of advice shows within fewer."""


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
