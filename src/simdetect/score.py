"""Regions -> numbers: strength, coverage, ranked originals. First version: shares and lengths, no surprise yet.

The weight of a region is a column that `evidence.py` may fill with bits; here it is its length, where tokens that
agree in text count double.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.model import F64, I64, U8, U64, Bool, Corpus, MatchTable

__all__ = ["Pairs", "Selection", "containment_and_jaccard", "region_weights", "score_pairs", "select"]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every pair of files that share a region, by candidate file, strongest original first.

    candidate_file, original_file: (p,) int64. weight: (p,) float64, the sum over the pair's regions.
    matched, original_matched: (p,) int64, distinct tokens of either file in those regions. longest: (p,) int64.
    """

    candidate_file: I64
    original_file: I64
    weight: F64
    matched: I64
    original_matched: I64
    longest: I64

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which regions count for a candidate file when all originals compete for its tokens.

    rows: (s,) int64 rows of the table, by candidate file, heaviest first. verbatim, renamed: (files,) int64 candidate
    tokens in regions of that layer, each token counted once. longest: (files,) int64 tokens of the longest region.
    original_matched: (original files,) int64 tokens of the originals in counted regions.
    """

    rows: I64
    verbatim: I64
    renamed: I64
    longest: I64
    original_matched: I64


def region_weights(table: MatchTable) -> F64:
    """Length of each region, tokens of equal text counted twice: (r,) float64."""
    return table.n_equal.astype(np.float64) + table.n_verbatim


def score_pairs(table: MatchTable, weight: F64) -> Pairs:
    """Add the regions up by pair of files. The table's rows are sorted by (candidate file, original file)."""
    file_c, file_o = table.candidate_file.astype(np.int64), table.original_file.astype(np.int64)
    new = np.ones(len(table), np.bool_)
    new[1:] = (np.diff(file_c) != 0) | (np.diff(file_o) != 0)
    first = np.flatnonzero(new)
    if not len(first):
        none = np.zeros(0, np.int64)
        return Pairs(none, none, np.zeros(0), none, none, none)
    pair = np.cumsum(new) - 1
    total = np.add.reduceat(weight, first)
    order = np.lexsort((file_o[first], -total, file_c[first]))
    return Pairs(
        candidate_file=file_c[first][order],
        original_file=file_o[first][order],
        weight=total[order],
        matched=_union(pair, table.candidate_start, table.candidate_end, len(first))[order],
        original_matched=_union(pair, table.original_start, table.original_end, len(first))[order],
        longest=np.maximum.reduceat(table.n_equal.astype(np.int64), first)[order],
    )


def _union(group: I64, start: npt.NDArray[Any], end: npt.NDArray[Any], n_groups: int) -> I64:
    """Number of tokens that the spans of each group cover together."""
    if not len(group):
        return np.zeros(n_groups, np.int64)
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order].astype(np.int64), end[order].astype(np.int64)
    base = group * (int(end.max()) + 1)  # groups lie apart, so a running maximum restarts with each
    reached = np.maximum.accumulate(base + end)
    before = np.concatenate([[0], reached[:-1]])
    gain = np.maximum(0, base + end - np.maximum(base + start, before))
    return np.bincount(group, gain, n_groups).astype(np.int64)


def select(table: MatchTable, weight: F64, candidate: Corpus, original: Corpus) -> Selection:
    """Let all originals compete: heaviest first, a region counts when at least half of its tokens are still free."""
    file_c = table.candidate_file.astype(np.int64)
    order = np.lexsort((table.original_start, table.original_file, table.candidate_start, -weight, file_c))
    layer = np.zeros(len(candidate.normal), np.uint8)
    start = candidate.offset[file_c] + table.candidate_start
    end = candidate.offset[file_c] + table.candidate_end
    rows = np.array(
        [row for row in order.tolist() if _claim(layer, start[row], end[row], table.is_verbatim[row])], np.int64
    )
    longest = np.zeros(candidate.n_files, np.int64)
    np.maximum.at(longest, file_c[rows], table.n_equal[rows].astype(np.int64))
    return Selection(
        rows=rows,
        verbatim=_per_file(candidate, layer == 1),
        renamed=_per_file(candidate, layer == 2),
        longest=longest,
        original_matched=_union(
            table.original_file[rows].astype(np.int64),
            table.original_start[rows],
            table.original_end[rows],
            original.n_files,
        ),
    )


def _claim(layer: U8, start: int, end: int, is_verbatim: bool) -> bool:
    free = layer[start:end] == 0
    if 2 * np.count_nonzero(free) < end - start:
        return False
    layer[start:end][free] = 1 if is_verbatim else 2
    return True


def _per_file(corpus: Corpus, chosen: Bool) -> I64:
    total = np.concatenate([[0], np.cumsum(chosen)]).astype(np.int64)
    return total[corpus.offset[1:]] - total[corpus.offset[:-1]]


def containment_and_jaccard(candidate: U64, original: U64) -> tuple[float, float]:
    """Share of the candidate's distinct fingerprints that the original has, and Jaccard of the two sets.

    candidate, original: (f,) uint64, sorted and distinct. Broder, SEQUENCES 1997.
    """
    if not len(candidate) or not len(original):
        return 0.0, 0.0
    at = np.minimum(np.searchsorted(original, candidate), len(original) - 1)
    shared = int(np.count_nonzero(original[at] == candidate))
    return shared / len(candidate), shared / (len(candidate) + len(original) - shared)
