"""A flat inverted index: per term, rows of (place, weight, weight), summed by numpy."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]
Places = NDArray[np.int32]
Entries = dict[str, list[tuple[int, float, float]]]


class Columns:
    """Read-only once built; 12 bytes an entry."""

    def __init__(self, entries: Entries) -> None:
        self._span: dict[str, tuple[int, int]] = {}
        rows: list[tuple[int, float, float]] = []
        for term, found in entries.items():
            self._span[term] = (len(rows), len(rows) + len(found))
            rows.extend(found)
        self._places = np.array([row[0] for row in rows], dtype=np.int32)
        self._first = np.array([row[1] for row in rows], dtype=np.float32)
        self._second = np.array([row[2] for row in rows], dtype=np.float32)

    def gather(self, weights: Mapping[str, float]) -> tuple[Places, Row, Row]:
        """The places of all known terms, with their first and second weights times the query's."""
        spans = [(self._span[term], weight) for term, weight in weights.items() if term in self._span]
        if not spans:
            return self._places[:0], np.zeros(0), np.zeros(0)
        parts = [slice(start, end) for (start, end), _ in spans]
        times = np.repeat([weight for _, weight in spans], [part.stop - part.start for part in parts])
        first = np.concatenate([self._first[part] for part in parts])
        second = np.concatenate([self._second[part] for part in parts])
        return np.concatenate([self._places[part] for part in parts]), first * times, second * times


def summed(places: Places, weights: Row, size: int) -> Row:
    """The weights added up per place, as a row of at least ``size``."""
    row: Row = np.bincount(places, weights, minlength=size).astype(np.float64, copy=False)
    return row
