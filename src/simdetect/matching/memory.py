"""Token look-up in files that are in memory, and the one place that says where those of a tree lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from simdetect.matching.items import distinct, n_distinct_of
from simdetect.model import (
    I64,
    LAYERS,
    U64,
    AnalysedFile,
    AnalysedTree,
    Fingerprints,
    Layer,
    TextsOf,
    TokenLookup,
    is_of_layer,
)
from simdetect.tokens.symbols import is_among

__all__ = ["MemoryLookup", "first_byte", "lookup_of"]


def lookup_of(tree: AnalysedTree) -> TokenLookup:
    """How to ask a tree for its tokens and texts."""
    return tree.stored or MemoryLookup(tree.files)


class MemoryLookup:
    """`TokenLookup` of files in memory: all their tokens are looked at."""

    def __init__(self, files: Sequence[AnalysedFile]) -> None:
        self._files = files

    def load(self, wanted: U64, exact: U64, normal: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load`; the symbols of every file are written."""
        start = 0
        for file in self._files:
            end = start + file.n_tokens
            exact[start:end], normal[start:end] = file.tokens.exact, file.tokens.normal
            start = end + 1
        return self._wanted(wanted, lambda file: file.fingerprints, lambda file: file.n_tokens)

    def load_words(self, wanted: U64, word: U64) -> tuple[U64, I64]:
        """As `TokenLookup.load_words`."""
        start = 0
        for file in self._files:
            end = start + len(file.prose.word)
            word[start:end] = file.prose.word
            start = end + 1
        return self._wanted(wanted, lambda file: file.prose.fingerprints, lambda file: len(file.prose.word))

    def _wanted(
        self, wanted: U64, prints: Callable[[AnalysedFile], Fingerprints], length: Callable[[AnalysedFile], int]
    ) -> tuple[U64, I64]:
        """The wanted fingerprints of all files and their places, files end to end with a separator after each."""
        hashes, places, start = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], 0
        for file in self._files:
            own = prints(file)
            hashes.append(own.hash)
            places.append(own.position + np.int64(start))
            start += length(file) + 1
        fingerprint = np.concatenate(hashes)
        found = np.flatnonzero(is_among(fingerprint, wanted))
        return fingerprint[found], np.concatenate(places)[found]

    def n_words(self) -> I64:
        """As `TokenLookup.n_words`."""
        return np.array([len(file.prose.word) for file in self._files], np.int64)

    def holders(self, layer: Layer, symbols: U64) -> tuple[I64, U64]:
        """As `TokenLookup.holders`; of a text in many files, all of them."""
        file, symbol = self._texts(layer)
        hit = is_among(symbol, symbols)
        file, symbol = file[hit], symbol[hit]
        once = distinct(file, symbol, np.zeros(len(file), np.int64))
        return once.file, once.symbol

    def forms(self, symbols: U64) -> tuple[I64, U64, U64]:
        """As `TokenLookup.forms`."""
        file = self._file_of([len(file.tokens) for file in self._files])
        neutral, exact = (
            np.concatenate([np.zeros(0, np.uint64), *(getattr(own.tokens, name) for own in self._files)])
            for name in ("neutral", "exact")
        )
        hit = is_among(neutral, symbols)
        return file[hit], neutral[hit], exact[hit]

    def n_distinct(self, layer: Layer, is_neutral: bool = False) -> I64:
        """As `TokenLookup.n_distinct`."""
        counted = self._neutral(layer) if is_neutral else self._texts(layer)
        return n_distinct_of(*counted, len(self._files))

    def _texts(self, layer: Layer) -> tuple[I64, U64]:
        """All texts of a layer, with their files."""
        parts = [_texts_of(file, layer)[0] for file in self._files]
        return self._file_of([len(part) for part in parts]), np.concatenate([np.zeros(0, np.uint64), *parts])

    def _neutral(self, layer: Layer) -> tuple[I64, U64]:
        """All texts of a layer as any language would write them, with their files."""
        parts = [file.tokens.neutral[is_of_layer(file.tokens.role, layer)] for file in self._files]
        parts = [part[part != 0] for part in parts]
        return self._file_of([len(part) for part in parts]), np.concatenate([np.zeros(0, np.uint64), *parts])

    def _file_of(self, counts: Sequence[int]) -> I64:
        return np.repeat(np.arange(len(self._files)), counts)


def _texts_of(file: AnalysedFile, layer: Layer) -> tuple[U64, I64]:
    """The texts of a file and the bytes where they start, in no order."""
    if LAYERS[layer].texts is TextsOf.WORDS:
        prose = file.prose
        start = np.concatenate([prose.start, prose.literal_start]).astype(np.int64)
        return np.concatenate([prose.word, prose.literal_word]), start
    tokens = file.tokens
    if LAYERS[layer].texts is TextsOf.NEUTRAL:
        at = np.flatnonzero(tokens.neutral)
        return tokens.neutral[at], tokens.start[at].astype(np.int64)
    at = np.flatnonzero(is_of_layer(tokens.role, layer))
    return tokens.exact[at], tokens.start[at].astype(np.int64)


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
