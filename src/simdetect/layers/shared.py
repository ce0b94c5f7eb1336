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

import numpy as np

from simdetect.model import F64, I64, Bool, SharedRows
from simdetect.model.arrays import heads

__all__ = ["compete", "worth"]


def worth(bits: F64, n_distinct: I64) -> F64:
    """What items are worth, at least 0: (s,) float64.

    bits: (s,) float64 of their texts. n_distinct: (s,) int64, texts of that kind in the original file.
    """
    return np.maximum(0.0, bits - np.log2(np.maximum(1, n_distinct)))


def compete(shared: SharedRows, value: F64, least: float) -> Bool:
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
        counted[rows[heads(file, symbol)]] = True
    return counted
