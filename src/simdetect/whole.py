"""Whole functions that agree from end to end: what chance hardly does.

A region of independent programs begins and ends anywhere: in the middle of one function and of another. One in which
nearly all of a function is aligned with nearly all of another hardly occurs among them, so less surprise is enough
there. Recall that renamed everything leaves no other mark in a large file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.model import F64, I64, Aligned, AnalysedFile, Corpus, MatchTable, Units

__all__ = ["LEAST_TOKENS", "WHOLE_SHARE", "function_bits", "heaviest_pair"]

LEAST_TOKENS = 30  # aligned, of a function: shorter ones are alike by chance
WHOLE_SHARE = 0.9  # of the longer of two functions, from which they agree as a whole


def function_bits(
    aligned: Aligned,
    table: MatchTable,
    own: Sequence[AnalysedFile],
    theirs: Sequence[AnalysedFile],
    candidate: Corpus,
    original: Corpus,
) -> F64:
    """Bits of structure in the heaviest whole function, or type, of each region: (r,) float64 by row of the table.

    Two of them agree as a whole when the tokens aligned between them are LEAST_TOKENS or more, and WHOLE_SHARE of
    either.
    """
    found = np.zeros(len(table))
    new = np.ones(len(aligned.row), np.bool_)
    new[1:] = np.diff(aligned.row) != 0
    start = np.flatnonzero(new)
    end = np.append(start[1:], len(aligned.row))
    long = end - start >= LEAST_TOKENS
    for first, last in zip(start[long].tolist(), end[long].tolist(), strict=True):
        row = int(aligned.row[first])
        file_c, file_o = int(table.candidate_file[row]), int(table.original_file[row])
        mine = _inside(own[file_c].tokens.units, aligned.candidate[first:last] - candidate.offset[file_c])
        other = _inside(theirs[file_o].tokens.units, aligned.original[first:last] - original.offset[file_o])
        found[row] = heaviest_pair(mine, other, aligned.structure[first:last])
    return found


def _inside(units: Units, position: I64) -> I64:
    """Units nearly all of whose tokens are at the positions: (u, 3) int64, which positions, from and to, and the
    tokens of the unit. position: (n,) int64, ascending, in tokens of the file."""
    start, end = units.start.astype(np.int64), units.end.astype(np.int64)
    first, last = np.searchsorted(position, start), np.searchsorted(position, end)
    kept = (last - first >= LEAST_TOKENS) & (last - first >= WHOLE_SHARE * (end - start))
    return np.stack([first, last, end - start], 1)[kept]


def heaviest_pair(mine: I64, other: I64, value: F64) -> float:
    """The most that one of `mine` and one of `other` that agree as a whole are worth, 0 when none do.

    mine, other: (u, 3) int64, of units by their start: from and to which aligned tokens, and how many tokens they have.
    value: (n,) float64 of every aligned token. Whatever of a unit is not aligned with the other is at most a tenth of
    it, so that they start close to each other: only such pairs are looked at.
    """
    slack = np.ceil(mine[:, 2] * (1 / WHOLE_SHARE - 1))
    low = np.searchsorted(other[:, 0], mine[:, 0] - slack, "left")
    n = np.searchsorted(other[:, 0], mine[:, 0] + slack, "right") - low
    left = np.repeat(np.arange(len(mine)), n)
    right = np.repeat(low - (np.cumsum(n) - n), n) + np.arange(int(n.sum()))
    first = np.maximum(mine[left, 0], other[right, 0])
    last = np.minimum(mine[left, 1], other[right, 1])
    size = np.maximum(mine[left, 2], other[right, 2])
    agree = (last - first >= LEAST_TOKENS) & (last - first >= WHOLE_SHARE * size)
    total = np.concatenate([[0.0], np.cumsum(value)])
    return float((total[last[agree]] - total[first[agree]]).max(initial=0.0))
