"""Which names, literals and words of the candidate handouts, or documents, say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simdetect.matching.comparison import Program
from simdetect.model import I64, U64, Bool, TokenRole
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.symbols import is_among
from simdetect.weighing.handouts import HandoutIndex
from simdetect.weighing.text_runs import BREAK, RUN_WORDS, decimal_symbol, names_in, words_in

__all__ = ["ALL_BITS", "mentioned", "said", "said_words"]

ALL_BITS = np.uint64((1 << 64) - 1)
_SAID_SHARE = 2 / 3  # of a literal's words
_PORTION_BYTES = 4 << 20  # of documents that are read at once


def said(handouts: HandoutIndex, candidate: Program, wanted: Bool) -> I64:
    """Which tokens the handouts say: (n,) int64 over the candidate's layout, 0 or 1 + the handout.

    wanted: (n,) bool, tokens to judge.
    """
    source = np.zeros(len(wanted), np.int64)
    if not len(handouts.name):
        return source
    known: dict[int, int] = {}
    for file, content, start in candidate.parts():
        tokens, chosen = file.tokens, wanted[start : start + file.n_tokens]
        here = source[start : start + len(tokens)]
        names = np.flatnonzero(chosen & ((tokens.role == TokenRole.NAME) | (tokens.role == TokenRole.NUMBER)))
        here[names] = _look_up(handouts.name, handouts.name_file, tokens.exact[names])
        for at in np.flatnonzero(chosen & (tokens.role == TokenRole.NUMBER) & (here == 0)).tolist():
            here[at] = _decimal_source(handouts, content[tokens.start[at] : tokens.end[at]])
        for at in np.flatnonzero(chosen & (tokens.role == TokenRole.STRING)).tolist():
            symbol = int(tokens.exact[at])
            if symbol not in known:
                known[symbol] = _literal_source(handouts, content[tokens.start[at] : tokens.end[at]])
            here[at] = known[symbol]
    return source


def said_words(handouts: HandoutIndex, words: U64) -> I64:
    """Which words stand in a run of three that a handout has: (n,) int64, 0 or 1 + the handout. words: (n,) uint64."""
    source = np.zeros(len(words), np.int64)
    if len(words) < RUN_WORDS or not len(handouts.run):
        return source
    found = _look_up(handouts.run, handouts.run_file, hash_kgrams(words, RUN_WORDS))
    for i in range(RUN_WORDS):
        here = source[i : i + len(found)]
        np.copyto(here, found, where=(here == 0) & (found > 0))
    return source


def mentioned(documents: Sequence[bytes], symbols: U64, mask: np.uint64 = ALL_BITS) -> I64:
    """Which names some document mentions: (n,) int64, 0 or 1 + the first that does. symbols: (n,) uint64. mask: the
    bits that they have."""
    source = np.zeros(len(symbols), np.int64)
    if not len(symbols):
        return source
    order = np.argsort(symbols)
    ordered = symbols[order]
    first = np.full(len(symbols), len(documents), np.int64)
    for start, end in _portions(documents):
        named, document = names_in(documents[start:end])
        named &= mask
        known = np.flatnonzero(is_among(named, ordered))
        at = np.searchsorted(ordered, named[known])
        np.minimum.at(first, at, document[known] + start)
    first = first[np.searchsorted(ordered, ordered)]  # of equal symbols
    source[order] = np.where(first < len(documents), 1 + first, 0)
    return source


def _portions(documents: Sequence[bytes]) -> list[tuple[int, int]]:
    """Runs of documents, first and behind last, of some size together."""
    ends = np.cumsum([len(document) for document in documents])
    cuts = np.flatnonzero(np.diff(ends // _PORTION_BYTES)) + 1
    return list(pairwise([0, *cuts.tolist(), len(documents)])) if len(documents) else []


def _look_up(table: U64, files: I64, values: U64) -> I64:
    """0, or 1 + the file of each value that the table holds."""
    if not len(table):
        return np.zeros(len(values), np.int64)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, 1 + files[at], 0)


def _decimal_source(handouts: HandoutIndex, number: bytes) -> int:
    """0, or 1 + the handout that has a decimal of that value."""
    symbol = decimal_symbol(number) if b"." in number or b"e" in number or b"E" in number else None
    if symbol is None:
        return 0
    return int(_look_up(handouts.name, handouts.name_file, np.array([symbol]))[0])


def _literal_source(handouts: HandoutIndex, literal: bytes) -> int:
    """0, or 1 + the handout that says most of a literal. A literal without words is said by none."""
    words = words_in(literal)
    is_break = words == BREAK
    source = np.zeros(len(words), np.int64)
    ends = np.flatnonzero(np.concatenate([is_break, [True]])).tolist()
    start = 0
    for end in ends:
        n = min(RUN_WORDS, end - start)
        if n:
            found = _look_up(handouts.run, handouts.run_file, hash_kgrams(words[start:end], n))
            for i in np.flatnonzero(found).tolist():
                source[start + i : start + i + n] = found[i]
        start = end + 1
    n_words, n_said = int(np.count_nonzero(~is_break)), int(np.count_nonzero(source))
    return int(np.bincount(source[source > 0]).argmax()) if n_words and n_said >= _SAID_SHARE * n_words else 0
