"""What the author was handed -> what agreement with the original proves nothing.

A *handout* is a file the author had: a document, help text, a specification, code to build on. Two things follow:

- *text*: a name, number or string literal of the candidate that a handout says has no bits of its own. A literal is
  said when most of its words stand in runs of three words (all its words, when fewer) that occur in one handout:
  white space, case, punctuation, escapes and placeholders do not matter, nor into how many literals a side splits.
  What stands between two such literals of one table or help text, at most _BETWEEN tokens, has no structure bits.
- *code*: where the candidate agrees with code in a handout, tokens have no structure bits, and names no bits unless the
  candidate has another name there.

A region that loses most of its bits that way is excluded and says which handout it agrees with. What is left of a
region can be remarkable all the same (recalled code around a given interface): then that counts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simdetect.model import (
    F64,
    I64,
    U64,
    AnalysedFile,
    Bool,
    Corpus,
    ExclusionReason,
    MatchTable,
    RegionBits,
    TokenBits,
    TokenRole,
    TokenStream,
)
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.symbols import hash_spans, is_among
from simdetect.tokens.words import NAME_BYTE, WORD_BYTE, runs_of, symbols_of

__all__ = [
    "ALL_BITS",
    "AS_DOCUMENT",
    "HandedTokens",
    "Handout",
    "HandoutIndex",
    "as_code",
    "between",
    "covered",
    "index_handouts",
    "inside",
    "licence_literals",
    "licence_words",
    "mentioned",
    "mostly",
    "mostly_handed",
    "said",
    "said_words",
    "touched",
]

AS_DOCUMENT = "document"  # why the tokens of a document are lexical
ALL_BITS = np.uint64((1 << 64) - 1)

_RUN_WORDS = 3
_SAID_SHARE = 2 / 3  # of a literal's words
# Short runs of equal structure occur between any two programs; only clear agreement with given code takes bits away.
_CLEAR_BITS = 40.0
# What may be left of a region that is mostly given before it counts after all: recalled code beside a given table.
_REMARKABLE_BITS = 100.0
_BETWEEN = 10  # `{"name", KIND_NAME, FLAG},` and less

_BREAK = " \x01 "
_PLACEHOLDER = re.compile(
    r"%[-+#0-9.*]*(?:hh|ll|[hlzjtLq])?[a-zA-Z]|%\(\w+\)[a-z]|[%$#]?\{[^{}]{0,60}\}|\\\(\w+\)|\$\w+"
    r"|</?[A-Za-z][^<>\n]{0,80}>"
)
_ESCAPE = re.compile(r"\\(?:f\[\w*\]|f[BIRP](?=\W|[a-z-])|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_HYPHENATED = re.compile(rb"[A-Za-z][A-Za-z0-9]*+(?:-[A-Za-z0-9]++)++")  # possessive: most words have no hyphen
_LICENCE_BYTES = 30
_PORTION_BYTES = 4 << 20  # of documents that are read at once
_LICENCE = re.compile(
    rb"(?i)permission is hereby granted|without any warranty|merchantability|licensed under the"
    rb"|general public licen[cs]e|redistribution and use in source|all rights reserved"
    rb"|under the terms of the|this is free software"
)
_FENCE = re.compile(rb"^[ \t]*(?:```|~~~)[^\n]*", re.MULTILINE)

_WORD_OR_BREAK = WORD_BYTE.copy()
_WORD_OR_BREAK[1] = True  # a break is a word that nothing else is


@dataclass(frozen=True, slots=True, eq=False)
class Handout:
    """One file that was handed out. reason: given or base. code: the file, or a document in each language it may hold
    code of. is_named: whether it was named as handed out; one that the candidate merely holds takes no bits from the
    structure of code that it quotes."""

    path: str
    reason: ExclusionReason
    content: bytes
    code: tuple[AnalysedFile, ...]
    is_named: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class HandedTokens:
    """Tokens of the candidate corpus that were handed out. code, text: (n,) int64, 0 or 1 + the handout that has them
    as code or as text. is_same: (n,) bool, tokens of given code whose text agrees too. between: (n,) bool, tokens
    between literals of given text. quoted: (n,) bool, tokens that agree with code in a document that nobody named: they
    keep their structure."""

    code: I64
    is_same: Bool
    text: I64
    between: Bool
    quoted: Bool

    @property
    def source(self) -> I64:
        """(n,) int64, 0 or 1 + the handout of each token."""
        return np.where(self.code > 0, self.code, self.text)

    def left(self, bits: TokenBits) -> TokenBits:
        """Bits of tokens without what was handed out."""
        structure = np.where((self.code > 0) | self.between, 0.0, bits.structure)
        return replace(bits, structure=structure, name=np.where(self.is_same | (self.text > 0), 0.0, bits.name))


@dataclass(frozen=True, slots=True, eq=False)
class HandoutIndex:
    """Names and runs of words of all handouts. name: (n,) uint64 symbols, ascending; name_file: (n,) int64 the first
    handout that has each. run: (m,) uint64 hashes of one to three words, ascending; run_file likewise."""

    name: U64
    name_file: I64
    run: U64
    run_file: I64


def index_handouts(handouts: Sequence[Handout]) -> HandoutIndex:
    """What the handouts say: their texts, and of code also the literals end to end, as the program would print them."""
    names = [_names(handout.content) for handout in handouts]
    runs = [
        np.concatenate([part for text in (handout.content, *_literals(handout)) for part in _runs(_words(text))])
        for handout in handouts
    ]
    return HandoutIndex(*_first_file(names), *_first_file(runs))


def _literals(handout: Handout) -> Iterator[bytes]:
    for file in handout.code:
        if file.tokens.degraded != AS_DOCUMENT:
            at = np.flatnonzero(file.tokens.role == TokenRole.STRING)
            spans = zip(file.tokens.start[at].tolist(), file.tokens.end[at].tolist(), strict=True)
            yield b" ".join(handout.content[start:end] for start, end in spans)


def _first_file(parts: Sequence[U64]) -> tuple[U64, I64]:
    values = np.concatenate([np.zeros(0, np.uint64), *parts])
    files = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    distinct, first = np.unique(values, return_index=True)
    return distinct, files[first].astype(np.int64)


def _names(text: bytes) -> U64:
    """Symbols of all names and numbers in a text, and of the names that options written with hyphens become."""
    return _named([text])[0]


def _named(documents: Sequence[bytes]) -> tuple[U64, I64]:
    """Symbols of all names and numbers in documents, and of the names that options written with hyphens become: (n,)
    uint64, doubles among them; and (n,) int64 the document that each stands in."""
    plain = [document.replace(b"\\-", b"-") for document in documents]  # as manual pages write it
    text = b"\n".join(plain)
    start, end = runs_of(text, NAME_BYTE)
    options: dict[bytes, int] = {}  # where each first stands
    for match in _HYPHENATED.finditer(text):
        options.setdefault(match[0], match.start())
    variants = [name for option in options for name in _option_names(option)]
    length = np.array([len(name) for name in variants], np.int64)
    last = np.cumsum(length)
    symbols = hash_spans(text, start, end), hash_spans(b"".join(variants), last - length, last)
    places = np.append(start, np.repeat(np.fromiter(options.values(), np.int64, len(options)), _N_VARIANTS))
    ends = np.cumsum([len(document) + 1 for document in plain])
    return np.concatenate(symbols), np.searchsorted(ends, places, "right").astype(np.int64)


_N_VARIANTS = 5


def _option_names(option: bytes) -> tuple[bytes, ...]:
    """ "dry-run" -> dry_run, DRY_RUN, DryRun, dryRun, dryrun."""
    parts = option.lower().split(b"-")
    camel = b"".join(part.capitalize() for part in parts)
    return b"_".join(parts), b"_".join(parts).upper(), camel, camel[:1].lower() + camel[1:], b"".join(parts)


def _words(content: bytes) -> U64:
    """The words of a text or literal in order, a break for each placeholder."""
    text = content.decode("utf-8", "replace")
    plain = _PLACEHOLDER.sub(_BREAK, html.unescape(text) if "&" in text else text)
    return symbols_of(_ESCAPE.sub(" ", plain).lower().encode(), _WORD_OR_BREAK)


_BREAK_SYMBOL = hash_spans(b"\x01", np.array([0]), np.array([1]))[0]


def _runs(words: U64) -> list[U64]:
    """Hashes of every run of one, two and three words."""
    return [hash_kgrams(words, n) if len(words) >= n else words[:0] for n in range(1, _RUN_WORDS + 1)]


# --- text ----------------------------------------------------------------------------------------------------------


def said(
    handouts: HandoutIndex, files: Sequence[AnalysedFile], contents: Sequence[bytes], offset: I64, wanted: Bool
) -> I64:
    """Which tokens the handouts say: (n,) int64 over the corpus, 0 or 1 + the handout.

    files, contents: of the candidate. offset: where each file starts in the corpus. wanted: (n,) bool, tokens to judge.
    """
    source = np.zeros(len(wanted), np.int64)
    if not len(handouts.name):
        return source
    known: dict[int, int] = {}
    for tokens, content, start, chosen in _judged(files, contents, offset, wanted):
        here = source[start : start + len(tokens)]
        names = np.flatnonzero(chosen & ((tokens.role == TokenRole.NAME) | (tokens.role == TokenRole.NUMBER)))
        here[names] = _look_up(handouts.name, handouts.name_file, tokens.exact[names])
        for at in np.flatnonzero(chosen & (tokens.role == TokenRole.STRING)).tolist():
            symbol = int(tokens.exact[at])
            if symbol not in known:
                known[symbol] = _literal_source(handouts, content[tokens.start[at] : tokens.end[at]])
            here[at] = known[symbol]
    return source


def licence_literals(files: Sequence[AnalysedFile], contents: Sequence[bytes], offset: I64, wanted: Bool) -> Bool:
    """Which tokens are long literals of licence text: (n,) bool. Arguments as of `said`."""
    found = np.zeros(len(wanted), np.bool_)
    for tokens, content, start, chosen in _judged(files, contents, offset, wanted):
        is_long = (tokens.role == TokenRole.STRING) & (tokens.end - tokens.start >= _LICENCE_BYTES)
        for at in np.flatnonzero(is_long & chosen).tolist():
            found[start + at] = _LICENCE.search(content, int(tokens.start[at]), int(tokens.end[at])) is not None
    return found


def licence_words(files: Sequence[AnalysedFile], contents: Sequence[bytes], offset: I64) -> Bool:
    """Which words of comments belong to a licence: (n,) bool over the corpus of words.

    Comments with nothing but white space between them are one. offset: where each file starts in that corpus.
    """
    found = np.zeros(int(offset[-1]), np.bool_)
    for file, content, first in zip(files, contents, offset.tolist(), strict=False):
        if _LICENCE.search(content) is None:
            continue
        starts, ends = file.tokens.comment_start.tolist(), file.tokens.comment_end.tolist()
        for low, high in _blocks(content, starts, ends):
            if _LICENCE.search(content, low, high) is not None:
                own = np.searchsorted(file.prose.start, [low, high])
                found[first + own[0] : first + own[1]] = True
    return found


def _blocks(content: bytes, starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Spans of comments that only white space separates."""
    low = high = -1
    for start, end in zip(starts, ends, strict=True):
        if low >= 0 and content[high:start].strip():
            yield low, high
            low = start
        low, high = (start if low < 0 else low), end
    if low >= 0:
        yield low, high


def said_words(handouts: HandoutIndex, words: U64) -> I64:
    """Which words stand in a run of three that a handout has: (n,) int64, 0 or 1 + the handout. words: (n,) uint64."""
    source = np.zeros(len(words), np.int64)
    if len(words) < _RUN_WORDS or not len(handouts.run):
        return source
    found = _look_up(handouts.run, handouts.run_file, hash_kgrams(words, _RUN_WORDS))
    for i in range(_RUN_WORDS):
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
        named, document = _named(documents[start:end])
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


def _judged(
    files: Sequence[AnalysedFile], contents: Sequence[bytes], offset: I64, wanted: Bool
) -> Iterator[tuple[TokenStream, bytes, int, Bool]]:
    """Of each file its tokens and text, where it starts in the corpus, and which of its tokens to judge."""
    for file, content, start in zip(files, contents, offset.tolist(), strict=False):
        yield file.tokens, content, start, wanted[start : start + len(file.tokens)]


def _look_up(table: U64, files: I64, values: U64) -> I64:
    """0, or 1 + the file of each value that the table holds."""
    if not len(table):
        return np.zeros(len(values), np.int64)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, 1 + files[at], 0)


def _literal_source(handouts: HandoutIndex, literal: bytes) -> int:
    """0, or 1 + the handout that says most of a literal. A literal without words is said by none."""
    words = _words(literal)
    is_break = words == _BREAK_SYMBOL
    source = np.zeros(len(words), np.int64)
    ends = np.flatnonzero(np.concatenate([is_break, [True]])).tolist()
    start = 0
    for end in ends:
        n = min(_RUN_WORDS, end - start)
        if n:
            found = _look_up(handouts.run, handouts.run_file, hash_kgrams(words[start:end], n))
            for i in np.flatnonzero(found).tolist():
                source[start + i : start + i + n] = found[i]
        start = end + 1
    n_words, n_said = int(np.count_nonzero(~is_break)), int(np.count_nonzero(source))
    return int(np.bincount(source[source > 0]).argmax()) if n_words and n_said >= _SAID_SHARE * n_words else 0


# --- code ----------------------------------------------------------------------------------------------------------


def as_code(document: bytes) -> bytes:
    """A document to be tokenised as code: without the fences around its code blocks, which would open literals."""
    return _FENCE.sub(b"", document)


def covered(table: MatchTable, candidate: Corpus, code: Corpus, bits: RegionBits, source: I64) -> tuple[I64, Bool]:
    """Which tokens agree with given code.

    table, bits: regions of candidate and code. source: (files,) int64, handout of each file of code.
    Returns (n,) int64 over the candidate corpus, 0 or 1 + the handout; (n,) bool, tokens whose text agrees too.
    """
    found, is_same = np.zeros(len(candidate.exact), np.int64), np.zeros(len(candidate.exact), np.bool_)
    clear = table.is_verbatim | (bits.total >= _CLEAR_BITS)
    for run in np.flatnonzero(clear[table.run_row]).tolist():
        row, length = table.run_row[run], int(table.run_length[run])
        own = int(candidate.offset[table.candidate_file[row]]) + int(table.run_candidate[run])
        theirs = int(code.offset[table.original_file[row]]) + int(table.run_original[run])
        free = found[own : own + length] == 0
        found[own : own + length][free] = 1 + source[table.original_file[row]]
        is_same[own : own + length] |= candidate.exact[own : own + length] == code.exact[theirs : theirs + length]
    return found, is_same


# --- regions -------------------------------------------------------------------------------------------------------


def inside(table: MatchTable, candidate: Corpus) -> Bool:
    """Which tokens of the candidate corpus lie in a region: (n,) bool."""
    step = np.zeros(len(candidate.exact) + 1, np.int64)
    start = candidate.offset[table.candidate_file]
    np.add.at(step, start + table.candidate_start, 1)
    np.add.at(step, start + table.candidate_end, -1)
    found: Bool = np.cumsum(step)[:-1] > 0
    return found


def touched(table: MatchTable, candidate: Corpus, source: I64) -> I64:
    """Rows of the regions that hold a token that was handed out. source: (n,) int64, not 0 for such tokens."""
    before = np.concatenate([[0], np.cumsum(source > 0)])
    start = candidate.offset[table.candidate_file]
    return np.flatnonzero(before[start + table.candidate_end] > before[start + table.candidate_start])


def between(handed: Bool) -> Bool:
    """Tokens from one handed literal to the next, where they lie close together. handed: (n,) bool."""
    at = np.flatnonzero(handed)
    close = np.flatnonzero(np.diff(at) <= _BETWEEN)
    step = np.zeros(len(handed) + 1, np.int64)
    np.add.at(step, at[close], 1)
    np.add.at(step, at[close + 1] + 1, -1)
    found: Bool = np.cumsum(step)[:-1] > 0
    return found


def mostly_handed(table: MatchTable, candidate: Corpus, source: I64, full: F64, left: F64, *, floor: float) -> I64:
    """Which regions do not count because they were mostly handed out: (r,) int64, 0 or 1 + the handout to blame.

    source: (n,) int64, 0 or 1 + the handout of each token.
    full, left: (r,) float64, bits with everything and without what was handed out.
    floor: bits below which a region never counts.
    """
    is_little = (left < floor) | ((left < full / 2) & (left < _REMARKABLE_BITS))
    handed = np.flatnonzero((full >= floor) & is_little)
    start = candidate.offset[table.candidate_file[handed]]
    blamed = np.zeros(len(table), np.int64)
    for row, low, high in zip(
        handed.tolist(), start + table.candidate_start[handed], start + table.candidate_end[handed], strict=True
    ):
        blamed[row] = _most_frequent(source[low:high])
    return blamed


def mostly(table: MatchTable, candidate: Corpus, chosen: Bool) -> Bool:
    """Which regions lie with at least half of their tokens in chosen ones: (r,) bool. chosen: (n,) bool."""
    before = np.concatenate([[0], np.cumsum(chosen)])
    start = candidate.offset[table.candidate_file]
    first, end = start + table.candidate_start, start + table.candidate_end
    found: Bool = 2 * (before[end] - before[first]) >= end - first
    return found


def _most_frequent(source: npt.NDArray[np.int64]) -> int:
    known = source[source > 0]
    return int(np.bincount(known).argmax()) if len(known) else 0
