"""Whole functions that agree from end to end: what chance hardly does.

A region of independent programs begins and ends anywhere: in the middle of one function and of another. One in which
nearly all of a function is aligned with nearly all of another hardly occurs among them, so less surprise is enough
there. Recall that renamed everything leaves no other mark in a large file.
"""

from __future__ import annotations

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.model import F64, I64, Aligned, MatchTable, Units
from simdetect.model.arrays import heads

__all__ = ["LEAST_TOKENS", "WHOLE_SHARE", "function_bits", "heaviest_pair"]

LEAST_TOKENS = 30  # aligned, of a function: shorter ones are alike by chance
WHOLE_SHARE = 0.8  # of the longer of two functions, from which they agree as a whole


def function_bits(aligned: Aligned, table: MatchTable, comparison: Comparison) -> F64:
    """Bits of structure in the heaviest whole function, or type, of each region: (r,) float64 by row of the table.

    Two of them agree as a whole when the tokens aligned between them are LEAST_TOKENS or more, and WHOLE_SHARE of
    either.
    """
    candidate, original = comparison.candidate, comparison.original
    found = np.zeros(len(table))
    start = np.flatnonzero(heads(aligned.row))
    end = np.append(start[1:], len(aligned.row))
    long = end - start >= LEAST_TOKENS
    for first, last in zip(start[long].tolist(), end[long].tolist(), strict=True):
        row = int(aligned.row[first])
        file_c, file_o = int(table.candidate_file[row]), int(table.original_file[row])
        found[row] = heaviest_pair(
            candidate.files[file_c].tokens.units,
            original.files[file_o].tokens.units,
            aligned.candidate[first:last] - candidate.layout.offset[file_c],
            aligned.original[first:last] - original.layout.offset[file_o],
            aligned.structure[first:last],
        )
    return found


def heaviest_pair(candidate_units: Units, original_units: Units, candidate: I64, original: I64, value: F64) -> float:
    """The most that a unit of the candidate and one of the original that agree as a whole are worth, 0 when none do.

    candidate, original: (n,) int64, aligned tokens of either file, each at most once; value: (n,) float64, what each
    pair of them is worth.
    """
    order = np.argsort(candidate)
    candidate, original, value = candidate[order], original[order], value[order]
    start, end = _covered(original_units, np.sort(original))
    best = 0.0
    for a, b in np.stack(_covered(candidate_units, candidate), 1).tolist():
        first, last = np.searchsorted(candidate, [a, b]).tolist()
        there = original[first:last]
        # Nearly all of them are in the other unit, and so is the middle one.
        middle = np.partition(there, len(there) // 2)[len(there) // 2]
        for i in np.flatnonzero((start <= middle) & (middle < end)).tolist():
            inside = (there >= start[i]) & (there < end[i])
            n = int(np.count_nonzero(inside))
            if n >= LEAST_TOKENS and n >= WHOLE_SHARE * max(b - a, int(end[i] - start[i])):
                best = max(best, float(value[first:last][inside].sum()))
    return best


def _covered(units: Units, position: I64) -> tuple[I64, I64]:
    """Where the units start and end of whose tokens nearly all are at positions. position: (n,) int64, ascending."""
    start, end = units.start.astype(np.int64), units.end.astype(np.int64)
    n = np.searchsorted(position, end) - np.searchsorted(position, start)
    kept = (n >= LEAST_TOKENS) & (n >= WHOLE_SHARE * (end - start))
    return start[kept], end[kept]
