"""MinHash sketches of files and units, and an LSH shortlist (datasketch).

A sketch estimates the Jaccard similarity of two sets of shingles: short k-grams of normalised tokens, which survive
more editing than the regions of `match`. Broder, SEQUENCES 1997; Indyk and Motwani, STOC 1998.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from datasketch import MinHash, MinHashLSH

from simdetect.grams import hash_kgrams
from simdetect.model import U64, Units

__all__ = ["N_PERMUTATIONS", "estimate_jaccard", "shortlist", "sketch", "unit_shingles"]

N_PERMUTATIONS = 128  # standard error of an estimate about 0.09 at worst
_SEED = 1
_BLANK = MinHash(num_perm=N_PERMUTATIONS, seed=_SEED, hashfunc=int, scheme="affine64")


def sketch(shingles: Sequence[U64]) -> U64:
    """Sketch sets of shingle hashes, all in one vectorised pass each.

    shingles: arrays (s,) uint64 of hashes, doubles allowed. Returns (sets, 128) uint64; a row of an empty set is
    all ones and resembles nothing.
    """
    rows = np.full((len(shingles), N_PERMUTATIONS), np.iinfo(np.uint64).max, np.uint64)
    for row, own in zip(rows, shingles, strict=True):
        if len(own):
            row[:] = _minhash(own).hashvalues
    return rows


def unit_shingles(symbols: U64, units: Units, k: int) -> list[U64]:
    """Shingles of each function, method, type ... of a file, to sketch and shortlist units as files are.

    symbols: (t,) uint64 normalised tokens of the file. Returns one array of k-gram hashes a unit; empty for units of
    fewer than k tokens.
    """
    hashes = hash_kgrams(symbols, k)
    ends = np.maximum(units.start.astype(np.int64), units.end.astype(np.int64) - k + 1)
    return [hashes[first:last] for first, last in zip(units.start.tolist(), ends.tolist(), strict=True)]


def _minhash(shingles: U64) -> MinHash:
    made = _BLANK.copy()
    made.update_batch(np.unique(shingles).tolist())
    return made


def estimate_jaccard(first: U64, second: U64) -> float:
    """Estimated Jaccard similarity of two sketched sets, 0..1. first, second: (128,) uint64."""
    if (first == np.iinfo(np.uint64).max).all():
        return 0.0
    return float(np.mean(first == second))


def shortlist(candidates: U64, originals: U64, threshold: float) -> list[tuple[int, int, float]]:
    """Pairs of rows that probably resemble each other by at least threshold, by (candidate, -estimate, original).

    candidates, originals: (n, 128) uint64 from `sketch`. threshold: Jaccard, 0 < threshold <= 1. LSH keeps the work
    near linear in the number of rows; estimates below the threshold are left out.
    """
    lsh = MinHashLSH(num_perm=N_PERMUTATIONS, params=_bands(threshold))
    empty = np.iinfo(np.uint64).max
    for row in range(len(originals)):
        if originals[row, 0] != empty:
            lsh.insert(row, _as_minhash(originals[row]), check_duplication=False)
    found = []
    for row in range(len(candidates)):
        if candidates[row, 0] == empty:
            continue
        for other in lsh.query(_as_minhash(candidates[row])):
            estimate = estimate_jaccard(candidates[row], originals[other])
            if estimate >= threshold:
                found.append((row, int(other), estimate))
    return sorted(found, key=lambda pair: (pair[0], -pair[2], pair[1]))


@cache
def _bands(threshold: float) -> tuple[int, int]:
    """Bands and rows that suit a threshold: datasketch integrates numerically to find them, for 20 ms."""
    lsh = MinHashLSH(threshold=threshold, num_perm=N_PERMUTATIONS)
    return lsh.b, lsh.r


def _as_minhash(values: U64) -> MinHash:
    made = _BLANK.copy()
    made.hashvalues = values
    return made
