"""MinHash sketches of files and units, and an LSH shortlist (datasketch).

A sketch estimates the Jaccard similarity of two sets of shingles: short k-grams of normalised tokens, which survive
more editing than regions of equal tokens. Broder, SEQUENCES 1997; Indyk and Motwani, STOC 1998.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from typing import Any

import numpy as np

from simdetect.model import F64, I64, U16, U64, AnalysedFile, Units
from simdetect.model.arrays import ranges, sorted_distinct
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.symbols import mix

__all__ = [
    "N_PERMUTATIONS",
    "SHINGLE_TOKENS",
    "best_bands",
    "estimate_jaccard",
    "least_hashes",
    "shortlist",
    "sketch",
    "sketches_of",
    "unit_shingles",
]

SHINGLE_TOKENS = 5  # of a shingle of a file's sketch
N_PERMUTATIONS = 128  # standard error of an estimate about 0.09 at worst
_SEED = 1
_AT_A_TIME = 1024  # shingles: with 128 permutations of each a megabyte, which stays in the processor's cache
_EMPTY = np.iinfo(np.uint16).max
_importing = Lock()


def sketch(shingles: Sequence[U64]) -> U16:
    """Sketch sets of shingle hashes.

    shingles: arrays (s,) uint64 of hashes, doubles allowed. Returns (sets, 128) uint16; a row of an empty set is
    all ones and resembles nothing. Of each least hash the low 16 bits are kept: they agree by chance once in 65,536,
    and an index of many files stays small. Li and König, WWW 2010.
    """
    rows = np.full((len(shingles), N_PERMUTATIONS), _EMPTY, np.uint16)
    for row, hashes in zip(rows, shingles, strict=True):
        if len(hashes):
            row[:] = least_hashes(hashes).astype(np.uint16)
    return rows


def sketches_of(files: Sequence[AnalysedFile]) -> U16:
    """(n, 128) uint16: stored sketches, and those of files that have none yet."""
    missing = [file for file in files if file.sketch is None]
    made = iter(sketch([hash_kgrams(file.tokens.normal, SHINGLE_TOKENS) for file in missing]))
    rows = [next(made) if file.sketch is None else file.sketch for file in files]
    return np.stack(rows) if rows else sketch([])


def unit_shingles(symbols: U64, units: Units, k: int) -> list[U64]:
    """Shingles of each function, method, type ... of a file, to sketch and shortlist units as files are.

    symbols: (t,) uint64 normalised tokens of the file. Returns one array of k-gram hashes a unit; empty for units of
    fewer than k tokens.
    """
    hashes = hash_kgrams(symbols, k)
    ends = np.maximum(units.start.astype(np.int64), units.end.astype(np.int64) - k + 1)
    return [hashes[first:last] for first, last in zip(units.start.tolist(), ends.tolist(), strict=True)]


def least_hashes(shingles: U64) -> U64:
    """What datasketch's `MinHash` of a set holds, to the bit; its own update takes one Python number after the other.

    shingles: (s,) uint64, doubles allowed. Returns (128,) uint64, the least hash under each permutation.
    """
    factor, summand = _permutations()
    least = np.full(N_PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
    values = _scrambled(sorted_distinct(shingles))
    for first in range(0, len(values), _AT_A_TIME):
        permuted = factor * values[first : first + _AT_A_TIME]
        permuted += summand
        np.minimum(least, permuted.min(axis=1), out=least)
    return least


def _scrambled(values: U64) -> U64:
    """The finalizer of MurmurHash3, which datasketch applies first. In place."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values ^= values >> np.uint64(33)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(33)
    return values


@cache
def _permutations() -> tuple[U64, U64]:
    """Factors and summands of datasketch's affine permutations, (128, 1) uint64 each."""
    made = _minhash_module().MinHash(num_perm=N_PERMUTATIONS, seed=_SEED, scheme="affine64").permutations
    return made[0][:, np.newaxis], made[1][:, np.newaxis]


def _minhash_module() -> Any:
    """`datasketch.minhash` without the rest of its package, which loads scipy's integration: 0.4 s of every scan."""
    name = "datasketch"
    with _importing, suppress(ImportError):
        found = find_spec(name)
        if name not in sys.modules and found is not None:
            sys.modules[name] = module_from_spec(found)  # knows where its modules lie; nothing of it has run
            try:
                return import_module(f"{name}.minhash")
            finally:  # whoever imports the package later gets all of it
                for loaded in list(sys.modules):
                    if loaded.partition(".")[0] == name:
                        sys.modules.pop(loaded, None)
    return import_module(f"{name}.minhash")


def estimate_jaccard(first: U16, second: U16) -> float:
    """Estimated Jaccard similarity of two sketched sets, 0..1. first, second: (128,) uint16."""
    if (first == _EMPTY).all():
        return 0.0
    return float(np.mean(first == second))


def shortlist(candidates: U16, originals: U16, threshold: float) -> list[tuple[int, int, float]]:
    """Pairs of rows that probably resemble each other by at least threshold, by (candidate, -estimate, original).

    candidates, originals: (n, 128) uint16 from `sketch`. threshold: Jaccard, 0 < threshold <= 1. LSH keeps the work
    near linear in the number of rows; estimates below the threshold are left out.
    """
    candidate, original = _sharing_a_band(candidates, originals, *best_bands(threshold))
    estimate = np.mean(candidates[candidate] == originals[original], axis=1) if len(candidate) else np.zeros(0)
    near = np.flatnonzero(estimate >= threshold)
    candidate, original, estimate = candidate[near], original[near], estimate[near]
    order = np.lexsort((original, -estimate, candidate))
    return list(zip(candidate[order].tolist(), original[order].tolist(), estimate[order].tolist(), strict=True))


def _sharing_a_band(candidates: U16, originals: U16, n_bands: int, n_rows: int) -> tuple[I64, I64]:
    """Pairs of rows that agree in a whole band, by candidate and original; empty sets have none."""
    candidate_keys, original_keys = _band_keys(candidates, n_bands, n_rows), _band_keys(originals, n_bands, n_rows)
    order = np.argsort(original_keys.ravel(), kind="stable")
    keys = original_keys.ravel()[order]
    low, high = (np.searchsorted(keys, candidate_keys.ravel(), side) for side in ("left", "right"))
    count = high - low
    row = np.repeat(np.arange(candidate_keys.size) // max(1, n_bands), count)
    at = ranges(low, count)
    is_full = (candidates != _EMPTY).any(axis=1)
    # One number a pair: rows of two are sorted in 20 times the time, 70 s for 1,500 files that are all alike.
    pairs = np.unique((row * len(originals) + order[at] // n_bands)[is_full[row]])
    n_originals = max(1, len(originals))
    return pairs // n_originals, pairs % n_originals


def _band_keys(sketches: U16, n_bands: int, n_rows: int) -> U64:
    """(n, bands) uint64: a hash of each band with its number."""
    keys = np.tile(np.arange(1, n_bands + 1, dtype=np.uint64), (len(sketches), 1))
    for i in range(n_rows):
        keys = mix(keys * np.uint64(0x9E3779B97F4A7C15) + sketches[:, i : n_bands * n_rows : n_rows])
    return keys


@cache
def best_bands(threshold: float) -> tuple[int, int]:
    """Bands, and rows of each, with the least sum of missed and superfluous pairs over all similarities: of sets with
    Jaccard s, 1 - (1 - s**rows)**bands share a band."""
    step = 1 / 1000
    s: F64 = np.arange(step / 2, 1, step)
    best, least = (1, 1), np.inf
    for n_rows in range(1, N_PERMUTATIONS + 1):
        for n_bands in range(1, N_PERMUTATIONS // n_rows + 1):
            found = 1 - (1 - s**n_rows) ** n_bands
            error = float(np.sum(np.where(s < threshold, found, 1 - found)))
            if error < least:
                best, least = (n_bands, n_rows), error
    return best
