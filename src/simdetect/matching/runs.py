"""Seeds on one diagonal -> maximal runs of equal normalised tokens.

The work is bounded by the size of both sides. In a generated table every row equals every other one: there are as many
diagonals as rows, and a run on each is as long as the table. The runs with most seeds are grown first. When the work is
spent, what lies inside one of them is left out, for of overlapping regions the longest is kept; what does not stays as
long as it is, and the number of those is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.model import I64, U64, Bool, Seeds
from simdetect.model.arrays import heads

__all__ = ["Runs", "chain", "grow"]

_ROUNDS: Final = 64  # tokens by which all runs grow together; the few that grow further do so one by one
_CHUNK: Final = 4096  # tokens compared at once when one run grows
_MOST_WORK: Final = 16  # tokens compared one run after the other, for each token of both sides
_FREE_WORK: Final = 1 << 22  # tokens compared whatever the size


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


@dataclass(slots=True)
class _Work:
    """Tokens that may still be compared. Runs one after the other, so that it is the same on every machine."""

    left: int

    def extent(self, normal: tuple[U64, U64], i: int, j: int, step: int) -> int:
        """How many symbols agree from a pair of positions on."""
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
            self.left -= n
            if len(differs) or n == 0:
                return total + (int(differs[0]) if len(differs) else 0)
            total, i, j = total + n, i + step * n, j + step * n
        return total


def grow(comparison: Comparison, runs: Runs) -> tuple[Runs, int]:
    """Extend every stretch in both directions as far as the normalised symbols agree; drop doubles.

    Returns the runs, and how many of them may be longer than they are told to be.
    """
    candidate, original = comparison.candidate.layout, comparison.original.layout
    normal = candidate.normal, original.normal
    ahead, may_ahead = _extent(normal, runs.candidate + runs.length, runs.original + runs.length, 1)
    back, may_back = _extent(normal, runs.candidate - 1, runs.original - 1, -1)
    grown = Runs(runs.candidate - back, runs.original - back, runs.length + back + ahead)
    long = np.flatnonzero(may_ahead | may_back)
    n_cut = 0
    if len(long):
        work = _Work(_MOST_WORK * (len(normal[0]) + len(normal[1])) + _FREE_WORK)
        further, rest = _grow_further(normal, grown.take(long), runs.length[long], work)
        kept = rest.take(~_inside(comparison, rest, further))
        n_cut = len(kept)
        ended = np.ones(len(grown), np.bool_)
        ended[long] = False
        grown = _together([grown.take(ended), further, kept])
    order = np.lexsort((grown.candidate, grown.original - grown.candidate))
    grown = grown.take(order)
    return grown.take(heads(grown.candidate, grown.original)), n_cut


def _together(parts: Sequence[Runs]) -> Runs:
    return Runs(
        np.concatenate([part.candidate for part in parts]),
        np.concatenate([part.original for part in parts]),
        np.concatenate([part.length for part in parts]),
    )


def _extent(normal: tuple[U64, U64], at: I64, there: I64, step: int) -> tuple[I64, Bool]:
    """How many symbols agree from each pair of positions on, at most _ROUNDS, and which may be more. Separators end
    every file and never agree.

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
            break
        extent[left] += 1
    may_grow = np.zeros(len(at), np.bool_)
    may_grow[left] = True
    return extent, may_grow


def _grow_further(normal: tuple[U64, U64], runs: Runs, weight: I64, work: _Work) -> tuple[Runs, Runs]:
    """Runs that agree beyond both their ends, to their full length; and those for which no work was left.

    weight: tokens of the seeds of each. The diagonals with most of them come first; what lies in the run before on one
    is a part of that.
    """
    order = _heaviest_first(runs, weight)
    columns = (runs.candidate[order].tolist(), runs.original[order].tolist(), runs.length[order].tolist())
    grown: list[tuple[int, int, int]] = []
    diagonal, end = None, -1
    for number, (i, j, n) in enumerate(zip(*columns, strict=True)):
        if j - i == diagonal and i < end:
            continue
        if work.left < 0:
            rest = runs.take(order[number:])
            return _runs_of(grown), rest
        back = work.extent(normal, i - 1, j - 1, -1)
        n += back + work.extent(normal, i + n, j + n, 1)
        grown.append((i - back, j - back, n))
        diagonal, end = j - i, i - back + n
    return _runs_of(grown), runs.take(order[:0])


def _heaviest_first(runs: Runs, weight: I64) -> I64:
    """The order of runs: by the seeds on their diagonal, then along it."""
    diagonals, inverse = np.unique(runs.original - runs.candidate, return_inverse=True)
    total = np.bincount(inverse, weight, len(diagonals))
    order: I64 = np.lexsort((runs.candidate, inverse, -total[inverse]))
    return order


def _runs_of(rows: Sequence[tuple[int, int, int]]) -> Runs:
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Runs(table[:, 0], table[:, 1], table[:, 2])


def _inside(comparison: Comparison, runs: Runs, grown: Runs) -> Bool:
    """Which runs lie in a grown one of the same files on the candidate's side: (r,) bool."""
    if not len(grown):
        return np.zeros(len(runs), np.bool_)
    reach = int(comparison.candidate.layout.offset[-1]) + 1
    pair, end = _pairs(comparison, grown) * reach, grown.candidate + grown.length
    order = np.argsort(pair + grown.candidate, kind="stable")
    start, furthest = (pair + grown.candidate)[order], np.maximum.accumulate((pair + end)[order])
    own = _pairs(comparison, runs) * reach
    before = np.searchsorted(start, own + runs.candidate, "right") - 1
    found: Bool = (before >= 0) & (furthest[np.maximum(before, 0)] >= own + runs.candidate + runs.length)
    return found


def _pairs(comparison: Comparison, runs: Runs) -> I64:
    """A number for the two files of each run, 0 and more."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    found: I64 = candidate.file_of(runs.candidate) * original.n_files + original.file_of(runs.original)
    return found
