"""From features to probabilities: one linear score per candidate, softmax among them, then a calibrating curve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from server.domain.recommender.columns import Places, Row, summed

CERTAIN = 0.995  # no text alone makes a leaf surer than this


@dataclass(frozen=True, slots=True)
class Blend:
    """Fitted constants: ``weights`` per feature, ``curve`` per sign (see ``signs``)."""

    weights: tuple[float, ...]
    curve: tuple[float, ...]


def softmax(scores: Row) -> Row:
    """Shares that add up to 1."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def signs(shares: Row, family: Places, telling: Row) -> Row:
    """What the curve sees of each candidate: 1, its log odds, those of its family (same parent), telling features."""
    together = summed(family, shares, 0)[family]
    odds = np.stack([np.ones(len(shares)), _log_odds(shares), _log_odds(together)], axis=1)
    return np.concatenate([odds, telling], axis=1)


def calibrated(shares: Row, family: Places, telling: Row, curve: Sequence[float]) -> Row:
    """Probabilities of being right: the best by the curve; the others share what it leaves, never more than it has."""
    best = int(np.argmax(shares))
    log_odds = float(np.clip(signs(shares, family, telling)[best] @ np.array(curve), -20.0, 20.0))
    sure = min(1 / (1 + math.exp(-log_odds)), CERTAIN)
    others = shares.copy()
    others[best] = 0.0
    whole = float(others.sum())
    probabilities = np.minimum(others * ((1 - sure) / whole if whole > 0 else 0.0), sure)
    probabilities[best] = sure
    return np.asarray(probabilities)


def _log_odds(shares: Row) -> Row:
    kept = np.clip(shares, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)))
