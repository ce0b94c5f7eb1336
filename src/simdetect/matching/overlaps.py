"""Which of regions that overlap are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdetect.model import I64, Bool, Layout
from simdetect.model.arrays import heads

__all__ = ["Spans", "without_overlaps"]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Where regions lie: (n,) int64 each. candidate_file, original_file; start, end: positions of the candidate."""

    candidate_file: I64
    original_file: I64
    start: I64
    end: I64

    @property
    def pair(self) -> I64:
        """A number for each pair of files."""
        return self.candidate_file * (int(self.original_file.max(initial=0)) + 1) + self.original_file


def without_overlaps(spans: Spans, order: I64, candidate: Layout, min_tokens: int) -> I64:
    """Rows to keep: in the given order, each must bring enough candidate tokens that no kept row of its pair has.

    Only rows that overlap another of their pair have to be tried one by one, and of those of one span the first: if it
    brings too little, so do the others.
    """
    pair, start, end = spans.pair, spans.start, spans.end
    doubtful = _overlaps(pair, start, end)
    kept = np.flatnonzero(~doubtful).tolist()
    order = order[doubtful[order]]
    order = order[_first_of_span(pair[order], start[order], end[order])]
    base, lengths = candidate.offset[spans.candidate_file], candidate.lengths()[spans.candidate_file]
    first, last = (start - base).tolist(), (end - base).tolist()
    used = np.zeros(0, np.bool_)
    for row, is_new in zip(order.tolist(), heads(pair[order]).tolist(), strict=True):
        if is_new:
            used = np.zeros(lengths[row], np.bool_)
        span = used[first[row] : last[row]]
        if len(span) - np.count_nonzero(span) >= max(min_tokens, len(span) / 2):
            span[:] = True
            kept.append(row)
    return np.array(kept, np.int64)


def _first_of_span(pair: I64, start: I64, end: I64) -> Bool:
    """Which rows are the first of their pair with their span."""
    by_span = np.lexsort((end, start, pair))
    first = np.ones(len(pair), np.bool_)
    repeated = np.logical_and.reduce([np.diff(key[by_span]) == 0 for key in (pair, start, end)])
    first[by_span[1:][repeated]] = False
    return first


def _overlaps(pair: I64, start: I64, end: I64) -> Bool:
    """Which rows share candidate tokens with another row of their pair."""
    order = np.lexsort((start, pair))
    base = np.cumsum(np.append(0, np.diff(pair[order]) != 0)[: len(order)]) * (int(end.max(initial=0)) + 1)
    low, high = start[order] + base, end[order] + base
    reached = np.maximum.accumulate(high)
    touches = low[1:] < reached[:-1]
    found = np.zeros(len(order), np.bool_)
    found[order[1:]] = touches  # overlaps one before it
    following = np.minimum.accumulate(low[::-1])[::-1]
    found[order[:-1]] |= following[1:] < high[:-1]  # or one after it
    return found
