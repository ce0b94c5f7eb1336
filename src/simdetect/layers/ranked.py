"""Pairs of files by all kinds of evidence together: for each candidate file, its originals, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.model import ADDED, F64, FEATURES, I64, sorted_distinct

__all__ = ["FilePairs", "Ranked", "rank"]


@dataclass(frozen=True, slots=True, eq=False)
class FilePairs:
    """What a kind of evidence says of pairs of files. candidate_file, original_file: (p,) int64, each pair once or
    more. features: (p,) float64 by name, what each row adds to the pair."""

    candidate_file: I64
    original_file: I64
    features: Mapping[str, F64]


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Pairs of files that share anything that counts, by candidate file, best original first.

    candidate_file, original_file: (p,) int64. features: (p, features) float64 in the order of `FEATURES`. bits: (p,)
    float64, all kinds together.
    """

    candidate_file: I64
    original_file: I64
    features: F64
    bits: F64

    def __len__(self) -> int:
        return len(self.bits)


def rank(found: Sequence[FilePairs]) -> Ranked:
    """Every pair of files that some kind of evidence names, with its features added up."""
    n = 1 + max((int(np.max(part.original_file, initial=0)) for part in found), default=0)
    keys = [part.candidate_file * n + part.original_file for part in found]
    pairs = sorted_distinct(np.concatenate([np.zeros(0, np.int64), *keys]))
    features = np.zeros((len(pairs), len(FEATURES)))
    for part, key in zip(found, keys, strict=True):
        at = np.searchsorted(pairs, key)
        for name, value in part.features.items():
            features[:, FEATURES.index(name)] += np.bincount(at, value, len(pairs))
    first = FEATURES.index(ADDED[0])
    bits = features[:, first : first + len(ADDED)].sum(axis=1)
    candidate, original = pairs // n, pairs % n
    order = np.lexsort((original, -bits, candidate))
    return Ranked(candidate[order], original[order], features[order], bits[order])
