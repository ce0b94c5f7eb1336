"""Seeds + streams -> maximal matching regions (Schleimer et al. 2003 for the seeds; diagonals as in BLAST).

A *run* is a maximal stretch of equal normalised symbols on one diagonal. Runs that follow each other over small
gaps form a *region*. Regions are labelled by the exact streams, and of overlapping regions of one candidate file in
one original file the longer is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.matching.overlaps import Spans, without_overlaps
from simdetect.matching.runs import Runs, chain, grow
from simdetect.model import I64, MatchTable, Seeds
from simdetect.model.arrays import ranges

__all__ = ["VERBATIM_SHARE", "Limits", "find_regions"]

VERBATIM_SHARE = 0.95  # a region is verbatim when at least this share of its tokens has the same text
_SUCCESSORS = 8  # how many later runs are tried as the continuation of a run


@dataclass(frozen=True, slots=True)
class Limits:
    """k: tokens of a seed. min_tokens: regions with fewer equal tokens are dropped. max_gap: tokens that may lie
    between two runs of a region, on either side."""

    k: int
    min_tokens: int
    max_gap: int


def find_regions(comparison: Comparison, seeds: Seeds, limits: Limits) -> MatchTable:
    """Grow seeds to runs, join runs to regions, label them, and resolve overlaps.

    Rows come sorted by candidate file, original file, candidate start.
    """
    runs, n_cut = grow(comparison, chain(seeds, limits.k))
    region = _join(runs, comparison, limits.max_gap)
    n_equal = np.bincount(region, runs.length).astype(np.int64) if len(runs) else np.zeros(0, np.int64)
    kept = n_equal[region] >= limits.min_tokens
    table = _resolve(comparison, runs.take(kept), _renumber(region[kept]), limits.min_tokens)
    return replace(table, n_common_hashes=seeds.n_common, n_cut_runs=n_cut, n_cut_hashes=seeds.n_cut)


def _join(runs: Runs, comparison: Comparison, max_gap: int) -> I64:
    """Number the regions: (r,) int64, the region of each run. A run continues another when it starts at most
    max_gap tokens after its end on both sides, in the same files; the nearest is taken, each at most once."""
    n = len(runs)
    candidate, original = comparison.candidate.layout, comparison.original.layout
    pair = candidate.file_of(runs.candidate) * original.n_files + original.file_of(runs.original)
    order = np.lexsort((runs.original, runs.candidate, pair))
    r, pair = runs.take(order), pair[order]
    reach = int(candidate.offset[-1]) + max_gap + 2
    key = pair * reach + r.candidate
    end_candidate, end_original = r.candidate + r.length, r.original + r.length
    at = np.searchsorted(key, pair * reach + end_candidate)
    best, best_cost = np.full(n, -1), np.full(n, 2 * max_gap + 1)
    for step in range(_SUCCESSORS):
        later = np.minimum(at + step, n - 1)
        gap_candidate, gap_original = r.candidate[later] - end_candidate, r.original[later] - end_original
        fits = (at + step < n) & (pair[later] == pair) & (gap_candidate <= max_gap)
        fits &= (gap_original >= 0) & (gap_original <= max_gap)
        cost = gap_candidate + gap_original
        better = fits & (cost < best_cost)
        best[better], best_cost[better] = later[better], cost[better]
    region = np.empty(n, np.int64)
    region[order] = _components(best, best_cost)
    return region


def _components(successor: I64, cost: I64) -> I64:
    """Label chains of successors. Of several runs with one successor the cheapest, then first, keeps it."""
    n = len(successor)
    has = np.flatnonzero(successor >= 0)
    has = has[np.lexsort((has, cost[has], successor[has]))]
    _, first = np.unique(successor[has], return_index=True)
    previous = np.arange(n)
    previous[successor[has[first]]] = has[first]
    while True:  # pointer doubling: a chain of n runs takes log n rounds
        further = previous[previous]
        if np.array_equal(further, previous):
            return previous
        previous = further


def _renumber(region: I64) -> I64:
    return np.unique(region, return_inverse=True)[1].astype(np.int64)


def _resolve(comparison: Comparison, runs: Runs, region: I64, min_tokens: int) -> MatchTable:
    """Regions of runs -> the table, overlaps resolved per pair of files."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    n = int(np.max(region)) + 1 if len(region) else 0
    by_region = np.argsort(region, kind="stable")
    first = np.searchsorted(region[by_region], np.arange(n))  # every region has a run
    start_c, start_o = (np.minimum.reduceat(at[by_region], first) for at in (runs.candidate, runs.original))
    end_c, end_o = (np.maximum.reduceat((at + runs.length)[by_region], first) for at in (runs.candidate, runs.original))
    n_equal = np.bincount(region, runs.length, n).astype(np.int64)
    n_verbatim = np.bincount(region, _verbatim(comparison, runs), n).astype(np.int64)
    file_c, file_o = candidate.file_of(start_c), original.file_of(start_o)
    order = np.lexsort((start_o, start_c, -n_verbatim, -n_equal, file_o, file_c))
    kept = without_overlaps(Spans(file_c, file_o, start_c, end_c), order, candidate, min_tokens)
    kept = kept[np.lexsort((start_o[kept], start_c[kept], file_o[kept], file_c[kept]))]
    base_c, base_o = candidate.offset[file_c[kept]], original.offset[file_o[kept]]
    row_of_region = np.full(n, -1)
    row_of_region[kept] = np.arange(len(kept))
    runs, row = runs.take(row_of_region[region] >= 0), row_of_region[region][row_of_region[region] >= 0]
    in_order = np.lexsort((runs.candidate, row))
    runs, row = runs.take(in_order), row[in_order]
    u32 = np.uint32
    return MatchTable(
        candidate_file=file_c[kept].astype(u32),
        original_file=file_o[kept].astype(u32),
        candidate_start=(start_c[kept] - base_c).astype(u32),
        candidate_end=(end_c[kept] - base_c).astype(u32),
        original_start=(start_o[kept] - base_o).astype(u32),
        original_end=(end_o[kept] - base_o).astype(u32),
        n_equal=n_equal[kept].astype(u32),
        n_verbatim=n_verbatim[kept].astype(u32),
        is_verbatim=n_verbatim[kept] >= VERBATIM_SHARE * n_equal[kept],
        run_row=row.astype(u32),
        run_candidate=(runs.candidate - base_c[row]).astype(u32),
        run_original=(runs.original - base_o[row]).astype(u32),
        run_length=runs.length.astype(u32),
    )


def _verbatim(comparison: Comparison, runs: Runs) -> I64:
    """Tokens of each run whose exact texts agree too."""
    n_equal = np.zeros(len(runs), np.int64)
    budget = 1 << 22  # tokens compared at once, so that memory stays bounded
    cut = np.flatnonzero(np.diff(np.cumsum(runs.length) // budget)) + 1
    for part in np.split(np.arange(len(runs)), cut):
        if len(part):
            n_equal[part] = _verbatim_part(comparison, runs.take(part))
    return n_equal


def _verbatim_part(comparison: Comparison, runs: Runs) -> I64:
    candidate, original = comparison.candidate.layout, comparison.original.layout
    first = np.cumsum(runs.length) - runs.length
    inner = ranges(0, runs.length)
    at = np.repeat(runs.candidate, runs.length) + inner
    there = np.repeat(runs.original, runs.length) + inner
    n_equal: I64 = np.add.reduceat((candidate.exact[at] == original.exact[there]).astype(np.int64), first)
    return n_equal
