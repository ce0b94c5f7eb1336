"""Names, constants and misspellings that a candidate file shares with an original file, wherever they stand.

Regions need neighbours that agree. What survives when code is restructured are single words: names of internal
things, odd constants, misspellings. Of each, the first occurrence on either side is an *item*. An item is worth what
its text is in unrelated code, less the bits that say which of the original file's many texts it is: a long file shares
some name with any program, and that is no surprise.

    worth = min(bits of the text, bits of its parts) - log2(distinct texts of that kind in the original file)

The files of an original compete: each text counts once a candidate file, for the original file where it is worth most,
of those that share enough to count at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simdetect.model import F64, I64, MOST_FILES, U64, Bool
from simdetect.model.arrays import ranges
from simdetect.tokens.symbols import keyed

__all__ = ["Items", "Shared", "compete", "distinct", "join", "n_distinct_of", "worth"]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Texts of files, each once a file. file: (n,) int64. symbol: (n,) uint64. at: (n,) int64, where it first stands:
    an index into the arrays it was made of."""

    file: I64
    symbol: U64
    at: I64

    def __len__(self) -> int:
        return len(self.file)

    def take(self, rows: I64 | Bool) -> Items:
        """The chosen items."""
        return Items(self.file[rows], self.symbol[rows], self.at[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Items that a candidate file and an original file share, one row each.

    candidate_file, original_file: (s,) int64. symbol: (s,) uint64. candidate_at: (s,) int64 as in `Items`.
    """

    candidate_file: I64
    original_file: I64
    symbol: U64
    candidate_at: I64

    def __len__(self) -> int:
        return len(self.symbol)

    def take(self, rows: I64 | Bool) -> Shared:
        """The chosen rows."""
        return Shared(
            self.candidate_file[rows],
            self.original_file[rows],
            self.symbol[rows],
            self.candidate_at[rows],
        )


def distinct(file: I64, symbol: U64, at: I64) -> Items:
    """Each text once a file, where it first stands; sorted by (symbol, file). file, at: ascending together."""
    order = np.lexsort((at, file, symbol))
    file, symbol, at = file[order], symbol[order], at[order]
    new = np.ones(len(file), np.bool_)
    new[1:] = (np.diff(file) != 0) | (symbol[1:] != symbol[:-1])
    return Items(file[new], symbol[new], at[new])


def n_distinct_of(file: I64, symbol: U64, n_files: int) -> I64:
    """Number of distinct symbols of each file: (n_files,) int64."""
    _, first = np.unique(keyed(file, symbol), return_index=True)
    return np.bincount(file[first], minlength=n_files).astype(np.int64)


def join(own: Items, file: I64, symbol: U64, comparable: Callable[[I64, I64], Bool]) -> Shared:
    """Every pair of a candidate's item and an original file with its text, but for texts in too many files.

    own: sorted by symbol. file: (h,) int64 files of the original and symbol: (h,) uint64 what they have, each pair
    once, sorted by symbol and file. comparable: (candidate files, original files) -> whether they may be compared.
    """
    low = np.searchsorted(symbol, own.symbol, "left")
    n = np.searchsorted(symbol, own.symbol, "right") - low
    n[n > MOST_FILES] = 0
    mine = np.repeat(np.arange(len(own)), n)
    other = ranges(low, n)
    kept = comparable(own.file[mine], file[other])
    mine, other = mine[kept], other[kept]
    return Shared(own.file[mine], file[other], own.symbol[mine], own.at[mine])


def worth(bits: F64, n_distinct: I64) -> F64:
    """What items are worth, at least 0: (s,) float64.

    bits: (s,) float64 of their texts. n_distinct: (s,) int64, texts of that kind in the original file.
    """
    return np.maximum(0.0, bits - np.log2(np.maximum(1, n_distinct)))


def compete(shared: Shared, value: F64, least: float) -> Bool:
    """Which rows count, so that each text counts once a candidate file, where it is worth most: (s,) bool.

    value: (s,) float64, what each is worth. least: pairs of files whose items are worth less together do not count.
    More items never lower the sum of those that count.
    """
    _, pair = np.unique(np.stack([shared.candidate_file, shared.original_file]), axis=1, return_inverse=True)
    pair = pair.ravel()
    total = np.bincount(pair, value)[pair] if len(pair) else value
    rows = np.flatnonzero((total >= least) & (value > 0))
    rows = rows[
        np.lexsort(
            (shared.original_file[rows], -total[rows], -value[rows], shared.symbol[rows], shared.candidate_file[rows])
        )
    ]
    counted = np.zeros(len(shared), np.bool_)
    if len(rows):
        file, symbol = shared.candidate_file[rows], shared.symbol[rows]
        new = np.ones(len(rows), np.bool_)
        new[1:] = (np.diff(file) != 0) | (symbol[1:] != symbol[:-1])
        counted[rows[new]] = True
    return counted
