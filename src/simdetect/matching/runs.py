"""Seeds on one diagonal -> maximal runs of equal normalised tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.model import I64, U64, Bool, Seeds
from simdetect.model.arrays import heads

__all__ = ["Runs", "chain", "grow"]

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


def chain(seeds: Seeds, k: int) -> Runs:
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


def grow(comparison: Comparison, runs: Runs) -> Runs:
    """Extend every stretch in both directions as far as the normalised symbols agree; drop doubles."""
    normal = comparison.candidate.layout.normal, comparison.original.layout.normal
    ahead = _extent(normal, runs.candidate + runs.length, runs.original + runs.length, 1)
    back = _extent(normal, runs.candidate - 1, runs.original - 1, -1)
    grown = Runs(runs.candidate - back, runs.original - back, runs.length + back + ahead)
    order = np.lexsort((grown.candidate, grown.original - grown.candidate))
    grown = grown.take(order)
    return grown.take(heads(grown.candidate, grown.original))


def _extent(normal: tuple[U64, U64], at: I64, there: I64, step: int) -> I64:
    """How many symbols agree from each pair of positions on. Separators end every file and never agree.

    normal: symbols of candidate and original, files end to end."""
    candidate, original = normal
    extent = np.zeros(len(at), np.int64)
    left = np.arange(len(at))
    for _ in range(_ROUNDS):
        i, j = at[left] + step * extent[left], there[left] + step * extent[left]
        inside = (i >= 0) & (j >= 0) & (i < len(candidate)) & (j < len(original))
        left, i, j = left[inside], i[inside], j[inside]
        left = left[candidate[i] == original[j]]
        if not len(left):
            return extent
        extent[left] += 1
    for row in left.tolist():
        extent[row] += _extent_of_one(
            normal, int(at[row] + step * extent[row]), int(there[row] + step * extent[row]), step
        )
    return extent


def _extent_of_one(normal: tuple[U64, U64], i: int, j: int, step: int) -> int:
    candidate, original = normal
    total = 0
    while i >= 0 and j >= 0:
        if step > 0:
            a, b = candidate[i : i + _CHUNK], original[j : j + _CHUNK]
            n = min(len(a), len(b))
            differs = np.flatnonzero(a[:n] != b[:n])
        else:
            n = min(_CHUNK, i + 1, j + 1)
            differs = np.flatnonzero((candidate[i - n + 1 : i + 1] != original[j - n + 1 : j + 1])[::-1])
        if len(differs) or n == 0:
            return total + (int(differs[0]) if len(differs) else 0)
        total, i, j = total + n, i + step * n, j + step * n
    return total
