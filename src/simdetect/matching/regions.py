"""Seeds + streams -> maximal matching regions (Schleimer et al. 2003 for the seeds; diagonals as in BLAST).

A *run* is a maximal stretch of equal normalised symbols on one diagonal. Runs that follow each other over small
gaps form a *region*. Regions are labelled by the exact streams, and of overlapping regions of one candidate file in
one original file the longer is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdetect.model import I64, Bool, Corpus, MatchTable, Seeds
from simdetect.model.arrays import ranges

__all__ = ["VERBATIM_SHARE", "find_regions"]

VERBATIM_SHARE = 0.95  # a region is verbatim when at least this share of its tokens has the same text
_SUCCESSORS = 8  # how many later runs are tried as the continuation of a run
_ROUNDS = 64  # tokens by which all runs grow together; the few that grow further do so one by one
_CHUNK = 4096  # tokens compared at once when one run grows


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Maximal equal stretches. candidate, original: (r,) int64 first positions; length: (r,) int64."""

    candidate: I64
    original: I64
    length: I64

    def take(self, rows: I64 | Bool) -> Runs:
        """The chosen runs."""
        return Runs(self.candidate[rows], self.original[rows], self.length[rows])

    def __len__(self) -> int:
        return len(self.length)


def find_regions(
    candidate: Corpus, original: Corpus, seeds: Seeds, k: int, min_tokens: int, max_gap: int
) -> MatchTable:
    """Grow seeds to runs, join runs to regions, label them, and resolve overlaps.

    min_tokens: regions with fewer equal tokens are dropped. max_gap: tokens that may lie between two runs of a
    region, on either side. Rows come sorted by candidate file, original file, candidate start.
    """
    runs = _grow(candidate, original, _chain(seeds, k))
    region = _join(runs, candidate, original, max_gap)
    n_equal = np.bincount(region, runs.length).astype(np.int64) if len(runs) else np.zeros(0, np.int64)
    kept = n_equal[region] >= min_tokens
    return _resolve(candidate, original, runs.take(kept), _renumber(region[kept]), seeds.n_common, min_tokens)


def _chain(seeds: Seeds, k: int) -> Runs:
    """Seeds on one diagonal that overlap or touch are one stretch; winnowing leaves no wider gap inside a run."""
    diagonal = seeds.original - seeds.candidate
    order = np.lexsort((seeds.candidate, diagonal))
    start, diagonal = seeds.candidate[order], diagonal[order]
    if not len(start):
        return Runs(start, start, start)
    new = np.ones(len(start), np.bool_)
    new[1:] = (diagonal[1:] != diagonal[:-1]) | (start[1:] - start[:-1] > k)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(start)) - 1
    return Runs(start[first], start[first] + diagonal[first], start[last] - start[first] + k)


def _grow(candidate: Corpus, original: Corpus, runs: Runs) -> Runs:
    """Extend every stretch in both directions as far as the normalised symbols agree; drop doubles."""
    ahead = _extent(candidate, original, runs.candidate + runs.length, runs.original + runs.length, 1)
    back = _extent(candidate, original, runs.candidate - 1, runs.original - 1, -1)
    grown = Runs(runs.candidate - back, runs.original - back, runs.length + back + ahead)
    order = np.lexsort((grown.candidate, grown.original - grown.candidate))
    grown = grown.take(order)
    new = np.ones(len(grown), np.bool_)
    new[1:] = (np.diff(grown.candidate) != 0) | (np.diff(grown.original) != 0)
    return grown.take(new)


def _extent(candidate: Corpus, original: Corpus, at: I64, there: I64, step: int) -> I64:
    """How many symbols agree from each pair of positions on. Separators end every file and never agree."""
    extent = np.zeros(len(at), np.int64)
    left = np.arange(len(at))
    for _ in range(_ROUNDS):
        i, j = at[left] + step * extent[left], there[left] + step * extent[left]
        inside = (i >= 0) & (j >= 0) & (i < len(candidate.normal)) & (j < len(original.normal))
        left, i, j = left[inside], i[inside], j[inside]
        left = left[candidate.normal[i] == original.normal[j]]
        if not len(left):
            return extent
        extent[left] += 1
    for row in left.tolist():
        extent[row] += _extent_of_one(
            candidate, original, int(at[row] + step * extent[row]), int(there[row] + step * extent[row]), step
        )
    return extent


def _extent_of_one(candidate: Corpus, original: Corpus, i: int, j: int, step: int) -> int:
    total = 0
    while i >= 0 and j >= 0:
        if step > 0:
            a, b = candidate.normal[i : i + _CHUNK], original.normal[j : j + _CHUNK]
            n = min(len(a), len(b))
            differs = np.flatnonzero(a[:n] != b[:n])
        else:
            n = min(_CHUNK, i + 1, j + 1)
            differs = np.flatnonzero((candidate.normal[i - n + 1 : i + 1] != original.normal[j - n + 1 : j + 1])[::-1])
        if len(differs) or n == 0:
            return total + (int(differs[0]) if len(differs) else 0)
        total, i, j = total + n, i + step * n, j + step * n
    return total


def _join(runs: Runs, candidate: Corpus, original: Corpus, max_gap: int) -> I64:
    """Number the regions: (r,) int64, the region of each run. A run continues another when it starts at most
    max_gap tokens after its end on both sides, in the same files; the nearest is taken, each at most once."""
    n = len(runs)
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


def _resolve(
    candidate: Corpus, original: Corpus, runs: Runs, region: I64, n_common: int, min_tokens: int
) -> MatchTable:
    """Regions of runs -> the table, overlaps resolved per pair of files."""
    n = int(np.max(region)) + 1 if len(region) else 0
    by_region = np.argsort(region, kind="stable")
    first = np.searchsorted(region[by_region], np.arange(n))  # every region has a run
    start_c, start_o = (np.minimum.reduceat(at[by_region], first) for at in (runs.candidate, runs.original))
    end_c, end_o = (np.maximum.reduceat((at + runs.length)[by_region], first) for at in (runs.candidate, runs.original))
    n_equal = np.bincount(region, runs.length, n).astype(np.int64)
    n_verbatim = np.bincount(region, _verbatim(candidate, original, runs), n).astype(np.int64)
    file_c, file_o = candidate.file_of(start_c), original.file_of(start_o)
    order = np.lexsort((start_o, start_c, -n_verbatim, -n_equal, file_o, file_c))
    kept = _without_overlaps(file_c, file_o, start_c, end_c, order, candidate, min_tokens)
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
        n_common_hashes=n_common,
    )


def _verbatim(candidate: Corpus, original: Corpus, runs: Runs) -> I64:
    """Tokens of each run whose exact texts agree too."""
    n_equal = np.zeros(len(runs), np.int64)
    budget = 1 << 22  # tokens compared at once, so that memory stays bounded
    cut = np.flatnonzero(np.diff(np.cumsum(runs.length) // budget)) + 1
    for part in np.split(np.arange(len(runs)), cut):
        if len(part):
            n_equal[part] = _verbatim_part(candidate, original, runs.take(part))
    return n_equal


def _verbatim_part(candidate: Corpus, original: Corpus, runs: Runs) -> I64:
    first = np.cumsum(runs.length) - runs.length
    inner = ranges(0, runs.length)
    at = np.repeat(runs.candidate, runs.length) + inner
    there = np.repeat(runs.original, runs.length) + inner
    n_equal: I64 = np.add.reduceat((candidate.exact[at] == original.exact[there]).astype(np.int64), first)
    return n_equal


def _without_overlaps(
    file_c: I64, file_o: I64, start: I64, end: I64, order: I64, candidate: Corpus, min_tokens: int
) -> I64:
    """Rows to keep: in the given order, each must bring enough candidate tokens that no kept row of its pair has.

    Only rows that overlap another of their pair have to be tried one by one, and of those of one span the first: if it
    brings too little, so do the others.
    """
    pair = file_c * (int(file_o.max(initial=0)) + 1) + file_o
    doubtful = _overlaps(pair, start, end)
    kept = np.flatnonzero(~doubtful).tolist()
    order = order[doubtful[order]]
    order = order[_first_of_span(pair[order], start[order], end[order])]
    new = np.ones(len(order), np.bool_)
    new[1:] = np.diff(pair[order]) != 0
    base, lengths = candidate.offset[file_c], candidate.lengths()[file_c]
    first, last = (start - base).tolist(), (end - base).tolist()
    used = np.zeros(0, np.bool_)
    for row, is_new in zip(order.tolist(), new.tolist(), strict=True):
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
