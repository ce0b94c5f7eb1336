"""Comments and literals -> words: what people wrote for people, apart from the code around it.

The words of a file's comments, in order and without markers, are a text of its own, to be fingerprinted and matched
like code: so reflowed comments, other comment markers and small edits do not hide that a comment is the same.
Documentation strings are comments too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from simdetect.model import I64, U32, U64, Bool, Fingerprints, Prose, TokenRole, TokenStream
from simdetect.tokens.streams import join
from simdetect.tokens.words import WORD_BYTE, words_of

__all__ = ["WORD_K", "WORD_WINDOW", "prose"]

WORD_K = 5  # words in a k-gram: four common words follow each other by chance
WORD_WINDOW = 2  # so that six equal words in a row are always found

Fingerprint = Callable[[Sequence[U64], int, int], list[Fingerprints]]  # symbols of files, k, window

_LEAST_DOCUMENT = 16  # bytes
_TRIPLED = re.compile(rb"[A-Za-z~]{0,3}(?:\"\"\"|''')")
_IN_EXPRESSION = b"=(,[{+%*&|?<>"


def prose(contents: Sequence[bytes], streams: Sequence[TokenStream], fingerprint: Fingerprint) -> list[Prose]:
    """Words of the comments and of the string literals of every file, in lower case.

    contents: as given to the stage that made the streams. fingerprint: that stage, for the words of comments.
    """
    text, offset = join(contents)
    strings = [np.flatnonzero(stream.role == TokenRole.STRING) for stream in streams]
    documents = [
        at[_is_document(content, stream, at)] for content, stream, at in zip(contents, streams, strings, strict=True)
    ]
    notes = _words(text, offset, [_noted(stream, at) for stream, at in zip(streams, documents, strict=True)])
    others = [np.setdiff1d(at, noted, assume_unique=True) for at, noted in zip(strings, documents, strict=True)]
    spans = [(stream.start[at], stream.end[at]) for stream, at in zip(streams, others, strict=True)]
    literals = _words(text, offset, spans)
    prints = fingerprint([words for words, _ in notes], WORD_K, WORD_WINDOW)
    return [
        Prose(word=words, start=start, literal_word=literal, literal_start=literal_start, fingerprints=found)
        for (words, start), (literal, literal_start), found in zip(notes, literals, prints, strict=True)
    ]


def _noted(stream: TokenStream, documents: I64) -> tuple[U32, U32]:
    """Spans of the comments of a file and of its documentation strings."""
    return (
        np.concatenate([stream.comment_start, stream.start[documents]]),
        np.concatenate([stream.comment_end, stream.end[documents]]),
    )


def _is_document(content: bytes, stream: TokenStream, strings: I64) -> Bool:
    """Which literals are documentation: in triple quotes, and neither assigned nor passed nor part of an expression."""
    found = np.zeros(len(strings), np.bool_)
    long = np.flatnonzero(stream.end[strings] - stream.start[strings] >= _LEAST_DOCUMENT)
    for i in long.tolist():
        at = int(strings[i])
        start = int(stream.start[at])
        before = content[int(stream.end[at - 1]) - 1 : int(stream.end[at - 1])] if at else b""
        found[i] = _TRIPLED.match(content, start) is not None and (not before or before not in _IN_EXPRESSION)
    return found


def _words(text: bytes, offset: I64, spans: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[tuple[U64, U32]]:
    """The words inside the given spans of each file of a batch: their hashes, and where they start in the file."""
    first, last = _stretches(offset, spans)
    # Only what lies in the spans is looked at, a newline after each stretch: it is a tenth of most programs.
    parts = b"\n".join([text[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]).lower()
    begin = np.cumsum(last - first + 1) - (last - first + 1)
    at, _, hashes = words_of(parts, WORD_BYTE, is_part_of=text)
    start = at + (first - begin)[np.searchsorted(begin, at, "right") - 1] if len(at) else at
    cut = np.searchsorted(start, offset)
    return [
        (hashes[low:high], (start[low:high] - base).astype(np.uint32))
        for low, high, base in zip(cut[:-1].tolist(), cut[1:].tolist(), offset[:-1].tolist(), strict=True)
    ]


def _stretches(offset: I64, spans: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[I64, I64]:
    """Starts and ends of the stretches of a batch's text that lie in spans of its files: those that touch are one."""
    shift = np.repeat(offset[:-1], [len(start) for start, _ in spans])
    none = np.zeros(0, np.uint32)
    start, end = (np.concatenate([none, *(pair[i] for pair in spans)]) + shift for i in (0, 1))
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order])
    opens = np.flatnonzero(np.append(True, start[1:] > end[:-1])[: len(start)])
    closes = np.append(opens[1:], len(start))[: len(opens)] - 1
    return start[opens], end[closes]
