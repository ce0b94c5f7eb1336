"""Which files of the originals have which texts: names, constants, words of comments and literals; and names and
constants as any language would write them, which are those of the layer *translated*.

Of originals in memory all tokens are looked at; an index is asked for what the candidate has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from simdetect.layers.shared import distinct, n_distinct_of
from simdetect.model import I64, U64, AnalysedFile, AnalysedTree, Layer, is_of_layer
from simdetect.tokens.symbols import is_among

__all__ = ["first_byte", "holders", "n_distinct"]


def holders(trees: Sequence[AnalysedTree], layer: Layer, symbols: U64) -> tuple[I64, U64]:
    """The files that have these texts, counted through all trees.

    symbols: (s,) uint64, distinct and ascending. Returns (h,) int64 files and (h,) uint64 symbols, each pair once, by
    symbol and file. Of a text in more than MOST_FILES files an index names only some more than those.
    """
    files, found, first = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], 0
    for tree in trees:
        own = _held(tree, layer, symbols) if tree.stored is None else tree.stored.holders(layer, symbols)
        files.append(own[0] + first)
        found.append(own[1])
        first += len(tree.files)
    file, symbol = np.concatenate(files), np.concatenate(found)
    order = np.lexsort((file, symbol))
    return file[order], symbol[order]


def _held(tree: AnalysedTree, layer: Layer, symbols: U64) -> tuple[I64, U64]:
    file, symbol = _texts(tree, layer)
    hit = is_among(symbol, symbols)
    file, symbol = file[hit], symbol[hit]
    once = distinct(file, symbol, np.zeros(len(file), np.int64))
    return once.file, once.symbol


def _texts(tree: AnalysedTree, layer: Layer) -> tuple[I64, U64]:
    """All texts of a tree in memory, with their files."""
    parts = [_texts_of(file, layer)[0] for file in tree.files]
    file = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return file, np.concatenate([np.zeros(0, np.uint64), *parts])


def _texts_of(file: AnalysedFile, layer: Layer) -> tuple[U64, I64]:
    """The texts of a file and the bytes where they start, in no order."""
    if layer is Layer.MISSPELLING:
        prose = file.prose
        start = np.concatenate([prose.start, prose.literal_start]).astype(np.int64)
        return np.concatenate([prose.word, prose.literal_word]), start
    tokens = file.tokens
    if layer is Layer.TRANSLATED:
        at = np.flatnonzero(tokens.neutral)
        return tokens.neutral[at], tokens.start[at].astype(np.int64)
    at = np.flatnonzero(is_of_layer(tokens.role, layer))
    return tokens.exact[at], tokens.start[at].astype(np.int64)


def forms(trees: Sequence[AnalysedTree], symbols: U64) -> tuple[I64, U64, U64]:
    """How the files of all trees write names and constants that they share with other languages.

    symbols: (s,) uint64 neutral symbols, distinct and ascending. Returns (h,) int64 files, (h,) uint64 neutral symbols
    and (h,) uint64 exact symbols, in no order; an index leaves out some of texts in more than MOST_FILES files.
    """
    none = np.zeros(0, np.uint64)
    parts, first = [(np.zeros(0, np.int64), none, none)], 0
    for tree in trees:
        file, symbol, exact = _forms(tree, symbols) if tree.stored is None else tree.stored.forms(symbols)
        parts.append((file + first, symbol, exact))
        first += len(tree.files)
    files, found, written = zip(*parts, strict=True)
    return np.concatenate(files), np.concatenate(found), np.concatenate(written)


def _forms(tree: AnalysedTree, symbols: U64) -> tuple[I64, U64, U64]:
    file = np.repeat(np.arange(len(tree.files)), [len(own.tokens) for own in tree.files])
    neutral, exact = (
        np.concatenate([np.zeros(0, np.uint64), *(getattr(own.tokens, name) for own in tree.files)])
        for name in ("neutral", "exact")
    )
    hit = is_among(neutral, symbols)
    return file[hit], neutral[hit], exact[hit]


def n_distinct(trees: Sequence[AnalysedTree], layer: Layer, *, is_neutral: bool = False) -> I64:
    """Number of distinct names, or constants, of each file of all trees: (m,) int64. is_neutral: of neutral symbols."""
    counts = [
        n_distinct_of(*_counted(tree, layer, is_neutral), len(tree.files))
        if tree.stored is None
        else tree.stored.n_distinct(layer, is_neutral)
        for tree in trees
    ]
    return np.concatenate([np.zeros(0, np.int64), *counts])


def _counted(tree: AnalysedTree, layer: Layer, is_neutral: bool) -> tuple[I64, U64]:
    if not is_neutral:
        return _texts(tree, layer)
    parts = [own.tokens.neutral[is_of_layer(own.tokens.role, layer)] for own in tree.files]
    parts = [part[part != 0] for part in parts]
    file = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return file, np.concatenate([np.zeros(0, np.uint64), *parts])


def first_byte(file: AnalysedFile, layer: Layer, symbol: int) -> int:
    """Where a text that a file has first stands in it."""
    texts, start = _first_bytes(file, layer)
    return int(start[np.searchsorted(texts, np.uint64(symbol))])


@lru_cache(64)  # texts of one file are shown one after the other, and of those that share most again and again
def _first_bytes(file: AnalysedFile, layer: Layer) -> tuple[U64, I64]:
    """The distinct texts of a file, ascending, and where each first stands."""
    texts, start = _texts_of(file, layer)
    items = distinct(np.zeros(len(texts), np.int64), texts, start)
    return items.symbol, items.at
