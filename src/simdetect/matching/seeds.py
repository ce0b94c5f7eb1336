"""Equal k-grams of candidate and original, paired: where regions can begin."""

from __future__ import annotations

from typing import Final

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.model import I64, U64, Bool, Layout, Seeds, ranges, sorted_distinct
from simdetect.tokens.symbols import is_among

__all__ = ["find_seeds"]

# Pairs for each token of both sides, and pairs whatever the size. Where all functions are alike there are up to 64
# pairs for each token, and 4 MB took 60 s.
_MOST_PAIRS: Final = 2
_FREE_PAIRS: Final = 1 << 22


def find_seeds(comparison: Comparison, max_postings: int, k: int, *, any_family: bool = False) -> Seeds:
    """Pair the candidate's fingerprints with equal ones of the original.

    Only files of one language family match, unless any_family.
    A hash that occurs more than max_postings times on either side is *common*: pairing all its occurrences would be
    quadratic and says little. Of those only occurrences whose exact texts agree are paired, of touching ones
    only the ends, and of what then remains the max_postings nearest in position, so that a tree always matches itself.
    Where all pairs together are too many for the size of both sides, hashes that occur less often are common too.
    """
    candidate, original = comparison.candidate.layout, comparison.original.layout
    postings = original.postings
    own = candidate.fingerprint
    low = np.searchsorted(postings.hash, own, "left")
    n_original = np.searchsorted(postings.hash, own, "right") - low
    found = np.flatnonzero(n_original)
    values, inverse, n_own = np.unique(own[found], return_inverse=True, return_counts=True)
    most = np.maximum(n_original[found], n_own[inverse])
    budget = _MOST_PAIRS * (len(candidate.normal) + len(original.normal)) + _FREE_PAIRS
    limit = _affordable(most, n_original[found], max_postings, budget)
    is_common = most > limit
    plain = _expand(found[~is_common], low, n_original)
    exact = _common_pairs(comparison, found[is_common], limit, k)
    seeds = np.concatenate([_positions(comparison, *plain), exact], axis=1)
    if not any_family:
        seeds = seeds[:, comparison.same_family(candidate.file_of(seeds[0]), original.file_of(seeds[1]))]
    n_common = len(sorted_distinct(inverse[is_common])) if len(values) else 0
    n_cut = len(sorted_distinct(inverse[(most > limit) & (most <= max_postings)])) if len(values) else 0
    return Seeds(seeds[0], seeds[1], n_common, n_cut)


def _affordable(most: I64, n_pairs: I64, max_postings: int, budget: int) -> int:
    """How often a hash may occur on a side so that all pairs are within a budget; max_postings at most, 1 at least.

    most: how often the hash of each row does, n_pairs: pairs that the row has.
    """
    per_limit = np.bincount(np.minimum(most, max_postings + 1), n_pairs, max_postings + 2)
    within = np.cumsum(per_limit[: max_postings + 1]) <= budget
    return max(1, int(np.flatnonzero(within)[-1])) if within.any() else 1


def _expand(rows: I64, low: I64, count: I64) -> tuple[I64, I64]:
    """All (row, posting) pairs: posting runs over low[row] .. low[row] + count[row]."""
    n = count[rows]
    return np.repeat(rows, n), ranges(low[rows], n)


def _positions(comparison: Comparison, row: I64, posting: I64) -> I64:
    """(2, s) int64: positions of paired fingerprints in the two layouts."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    postings = original.postings
    return np.stack([candidate.position[row], original.offset[postings.file[posting]] + postings.position[posting]])


def _common_pairs(comparison: Comparison, rows: I64, limit: int, k: int) -> I64:
    """Pairs of common fingerprints: equal texts only, ends of runs only, the `limit` nearest in position."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    if not len(rows):
        return np.zeros((2, 0), np.int64)
    own = rows[_run_ends(candidate, rows, k)]
    of_original = np.flatnonzero(is_among(original.fingerprint, sorted_distinct(candidate.fingerprint[own])))
    of_original = of_original[_run_ends(original, of_original, k)]
    text = _exact_hash(candidate, candidate.position[own], k)
    there = original.position[of_original]
    texts, rank = np.unique(_exact_hash(original, there, k), return_inverse=True)
    reach = max(len(candidate.exact), len(original.exact)) + 1
    key = rank * reach + there
    order = np.argsort(key, kind="stable")
    key, there = key[order], there[order]
    rank_of = np.searchsorted(texts, text)
    known = np.flatnonzero(texts[np.minimum(rank_of, len(texts) - 1)] == text)
    own, rank_of = own[known], rank_of[known]
    low, high = np.searchsorted(key, rank_of * reach), np.searchsorted(key, (rank_of + 1) * reach)
    n = np.minimum(high - low, limit)
    at = np.searchsorted(key, rank_of * reach + candidate.position[own])
    row, posting = _expand(np.arange(len(own)), np.clip(at - limit // 2, low, high - n), n)
    return np.stack([candidate.position[own[row]], there[posting]])


def _run_ends(layout: Layout, rows: I64, k: int) -> Bool:
    """Which rows are not in the middle of three equal fingerprints that touch: the ends of repetitive stretches.

    rows: (n,) int64 fingerprints of the layout, all occurrences of a hash or none.
    """
    hashes, position = layout.fingerprint[rows], layout.position[rows]
    order = np.lexsort((position, hashes))
    hashes, position = hashes[order], position[order]
    file = layout.file_of(position)
    touches = (np.diff(hashes) == 0) & (np.diff(file) == 0) & (np.diff(position) <= k)
    ends = np.ones(len(rows), np.bool_)
    ends[order[1:-1]] = ~(touches[1:] & touches[:-1])
    return ends


def _exact_hash(layout: Layout, position: I64, k: int) -> U64:
    """A hash of the k exact symbols at each position."""
    value = np.zeros(len(position), np.uint64)
    for i in range(k):
        value = value * np.uint64(0x9E3779B97F4A7C15) + layout.exact[position + i]
        value ^= value >> np.uint64(29)
    return value
