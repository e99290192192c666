"""From features to probabilities: one linear score per candidate, softmax among them, then a calibrating curve."""

from dataclasses import dataclass

import numpy as np

from server.domain.recommender.columns import Places, Row

CERTAIN = 0.995  # no text alone makes a leaf surer than this


@dataclass(frozen=True, slots=True)
class Blend:
    """Fitted constants. ``weights`` per feature; ``curve``: intercept and slopes of the log odds (see ``signs``)."""

    weights: tuple[float, ...]
    curve: tuple[float, float, float, float]


def softmax(scores: Row) -> Row:
    """Shares that add up to 1."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def signs(shares: Row, family: Places, known: Row) -> Row:
    """What the curve sees of each candidate: 1, its log odds, those of its family (same parent), has the shop used it."""
    together = np.bincount(family, shares)[family]
    return np.stack([np.ones(len(shares)), _log_odds(shares), _log_odds(together), known], axis=1)


def calibrated(shares: Row, family: Places, known: Row, curve: tuple[float, float, float, float]) -> Row:
    """Probability of being right, per candidate; the best keeps its own, the others fit into what it leaves."""
    log_odds = signs(shares, family, known) @ np.array(curve)
    sure = np.minimum(1 / (1 + np.exp(-log_odds)), CERTAIN)
    best = int(np.argmax(shares))
    others = np.minimum(sure, sure[best])
    others[best] = 0.0
    room = 1 - sure[best]
    if others.sum() > room:
        others *= room / others.sum()
    others[best] = sure[best]
    return np.asarray(others)


def _log_odds(shares: Row) -> Row:
    kept = np.clip(shares, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)))
