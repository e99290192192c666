"""Word counts per label, added and taken back one example at a time: a naive Bayes that never needs retraining."""

import math
from collections.abc import Sequence

import numpy as np

from server.domain.recommender.columns import Places, Row

Terms = Sequence[tuple[str, float]]

_SMOOTHING = 0.05


class WordMemory:
    """Counts of weighted terms per label. Labels are columns of the tree, or numbers of the branches above them."""

    def __init__(self) -> None:
        self.labels: list[int] = []
        self._place: dict[int, int] = {}
        self._counts: dict[str, dict[int, float]] = {}
        self._sizes: list[float] = []
        self._examples: list[int] = []
        self._ready: dict[str, tuple[Places, Row, float]] = {}

    def add(self, terms: Terms, label: int, times: int) -> None:
        """Learn an example (``times`` 1) or take it back (-1). Weights are whole numbers, so sums stay exact."""
        place = self._place.get(label)
        if place is None:
            place = self._place[label] = len(self.labels)
            self.labels.append(label)
            self._sizes.append(0.0)
            self._examples.append(0)
        self._examples[place] += times
        for term, weight in terms:
            counts = self._counts.setdefault(term, {})
            counts[place] = counts.get(place, 0.0) + times * weight
            self._sizes[place] += times * weight
            self._ready.pop(term, None)
            if counts[place] <= 0:
                del counts[place]
            if not counts:
                del self._counts[term]

    def columns(self) -> Places:
        """The labels as an index array, in the order of ``examples`` and ``evidence``."""
        return np.array(self.labels, dtype=np.int32)

    def examples(self) -> Row:
        """How many examples each label has."""
        return np.array(self._examples, dtype=np.float64)

    def evidence(self, terms: Terms) -> Row:
        """Mean log likelihood ratio per term, label against all labels: above 0 where the words are habitual."""
        gain = np.zeros(len(self.labels))
        sizes = np.array(self._sizes)
        total = float(sizes.sum())
        spread = _SMOOTHING * len(self._counts)
        said = known = usual = 0.0
        for term, weight in terms:
            said += weight
            found = self._compiled(term)
            if found is not None:
                places, logs, log_count = found
                gain[places] += weight * logs
                known += weight
                usual += weight * log_count
        if not known:
            return gain
        background = usual - known * math.log(total + spread)
        return np.asarray((gain + known * (math.log(_SMOOTHING) - np.log(sizes + spread)) - background) / said)

    def telling(self, terms: Terms, label: int) -> list[str]:
        """The terms that speak for the label, most telling first."""
        place = self._place.get(label)
        if place is None:
            return []
        total = math.fsum(self._sizes)
        found: list[tuple[float, str]] = []
        for term, weight in terms:
            counts = self._counts.get(term, {})
            if place in counts:
                usual = math.fsum(counts.values()) / total
                found.append((-weight * math.log(counts[place] / self._sizes[place] / usual), term))
        return [term for loss, term in sorted(found) if loss <= 0]

    def _compiled(self, term: str) -> tuple[Places, Row, float] | None:
        ready = self._ready.get(term)
        if ready is None and (counts := self._counts.get(term)):
            values = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
            places = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
            ready = self._ready[term] = (
                places,
                np.log1p(values / _SMOOTHING),
                math.log(float(values.sum()) + _SMOOTHING),
            )
        return ready
