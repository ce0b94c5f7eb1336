"""Which files of the originals have which texts: names, constants, words of comments and literals; and names and
constants as any language would write them, which are those of the layer *translated*. Files count through all trees.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.matching.memory import lookup_of
from simdetect.model import I64, U64, AnalysedTree, Layer

__all__ = ["forms", "holders", "n_distinct"]


def holders(trees: Sequence[AnalysedTree], layer: Layer, symbols: U64) -> tuple[I64, U64]:
    """The files that have these texts.

    symbols: (s,) uint64, distinct and ascending. Returns (h,) int64 files and (h,) uint64 symbols, each pair once, by
    symbol and file. Of a text in more than MOST_FILES files an index names only some more than those.
    """
    files, found, first = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], 0
    for tree in trees:
        file, symbol = lookup_of(tree).holders(layer, symbols)
        files.append(file + first)
        found.append(symbol)
        first += len(tree.files)
    file, symbol = np.concatenate(files), np.concatenate(found)
    order = np.lexsort((file, symbol))
    return file[order], symbol[order]


def forms(trees: Sequence[AnalysedTree], symbols: U64) -> tuple[I64, U64, U64]:
    """How the files of all trees write names and constants that they share with other languages.

    symbols: (s,) uint64 neutral symbols, distinct and ascending. Returns (h,) int64 files, (h,) uint64 neutral symbols
    and (h,) uint64 exact symbols, in no order; an index leaves out some of texts in more than MOST_FILES files.
    """
    none = np.zeros(0, np.uint64)
    parts, first = [(np.zeros(0, np.int64), none, none)], 0
    for tree in trees:
        file, symbol, exact = lookup_of(tree).forms(symbols)
        parts.append((file + first, symbol, exact))
        first += len(tree.files)
    files, found, written = zip(*parts, strict=True)
    return np.concatenate(files), np.concatenate(found), np.concatenate(written)


def n_distinct(trees: Sequence[AnalysedTree], layer: Layer, *, is_neutral: bool = False) -> I64:
    """Number of distinct names, or constants, of each file of all trees: (m,) int64. is_neutral: of neutral symbols."""
    counts = [lookup_of(tree).n_distinct(layer, is_neutral) for tree in trees]
    return np.concatenate([np.zeros(0, np.int64), *counts])
