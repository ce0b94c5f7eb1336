"""Original files that a candidate file shares most names with, whether or not anything else agrees.

A report states how much each candidate file resembles the original most like it. Where matching found no pair, this
finds one to state it of: of the originals that hold its names, those where the shared names weigh most against all
names of both. An estimate: how much the names of an original weigh is taken from their number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.matching.holders import holders, n_distinct
from simdetect.matching.items import distinct, join
from simdetect.model import F64, I64, AnalysedFile, Items, Layer, SharedRows, is_of_layer, sorted_distinct
from simdetect.weighing.background import Background, text_surprise

__all__ = ["closest"]

_MOST = 2  # originals of a candidate file
_TYPICAL_BITS = 10.0  # of a name, for the estimate


def closest(
    comparison: Comparison, wanted: Sequence[int], background: Callable[[str], Background]
) -> dict[int, list[int]]:
    """The closest original files of candidate files, best first; no entry for those that share no name.

    wanted: candidate files. background: the model of a language family. Only files of one language family are
    compared; a name in too many files of the originals (`model.MOST_FILES`) finds none.
    """
    if not len(wanted):
        return {}
    trees = comparison.original.trees
    items, bits = _names(comparison.candidate.files, wanted, background)
    rows = join(items, *holders(trees, Layer.NAME, sorted_distinct(items.symbol)), comparison.same_family)
    return _best(rows, items, bits, n_distinct(trees, Layer.NAME))


def _names(
    candidates: Sequence[AnalysedFile], wanted: Sequence[int], background: Callable[[str], Background]
) -> tuple[Items, F64]:
    """The distinct names of the wanted files, sorted by symbol, and their bits."""
    files, symbols, bits = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], [np.zeros(0)]
    for index in wanted:
        tokens = candidates[index].tokens
        names = sorted_distinct(tokens.exact[is_of_layer(tokens.role, Layer.NAME)])
        files.append(np.full(len(names), index, np.int64))
        symbols.append(names)
        bits.append(text_surprise(background(candidates[index].family), names))
    file, symbol = np.concatenate(files), np.concatenate(symbols)
    items = distinct(file, symbol, np.arange(len(file)))
    return items, np.concatenate(bits)[items.at]


def _best(rows: SharedRows, items: Items, bits: F64, n_names: I64) -> dict[int, list[int]]:
    """Originals of each candidate file by the estimated share of their names, _MOST of them."""
    if not len(rows):
        return {}
    all_bits = np.bincount(items.file, bits)
    by_text = {(f, s): b for f, s, b in zip(items.file.tolist(), items.symbol.tolist(), bits.tolist(), strict=True)}
    pair, inverse = np.unique(rows.candidate_file * len(n_names) + rows.original_file, return_inverse=True)
    worth = [by_text[key] for key in zip(rows.candidate_file.tolist(), rows.symbol.tolist(), strict=True)]
    both = np.bincount(inverse, worth, len(pair))
    file, original = pair // len(n_names), pair % len(n_names)
    share = both / np.maximum(both, all_bits[file] + _TYPICAL_BITS * n_names[original] - both)
    found: dict[int, list[int]] = {}
    for row in np.lexsort((original, -share, file)).tolist():
        own = found.setdefault(int(file[row]), [])
        if len(own) < _MOST:
            own.append(int(original[row]))
    return found
