"""The platform names one leaf and no score: how that answer moves our own probabilities."""

from server.domain.recommender.values import Candidate, Ground, Ranking, Reason

TRUST = 0.8  # how often the platform names the right leaf; by hand, until a shop's own approvals tell
ERRING = 0.1  # how often, when it errs, it errs to one given leaf: its errors are near misses, so this is not small
UNSEEN = 0.02  # what a leaf that is not on our list may have at least


def with_platform(ranking: Ranking, leaf_id: str, trust: float = TRUST) -> Ranking:
    """Bayes' rule over our candidates and the leaf the platform recommends; the sum stays at most 1."""
    ours = {candidate.leaf_id: candidate for candidate in ranking.candidates}
    rest = max(1.0 - sum(candidate.probability for candidate in ranking.candidates), 0.0)
    prior = {leaf: candidate.probability for leaf, candidate in ours.items()}
    if leaf_id not in prior:
        prior[leaf_id] = max(rest / 2, UNSEEN)
        rest /= 2
    raised = {leaf: share * (trust if leaf == leaf_id else (1 - trust) * ERRING) for leaf, share in prior.items()}
    whole = sum(raised.values()) + rest * (1 - trust) * ERRING
    said = Reason(Ground.PLATFORM)
    moved = [
        Candidate(
            leaf,
            share / whole if whole > 0 else 0.0,
            (*((said,) if leaf == leaf_id else ()), *(ours[leaf].because if leaf in ours else ())),
        )
        for leaf, share in raised.items()
    ]
    return Ranking(tuple(sorted(moved, key=lambda candidate: -candidate.probability)))
