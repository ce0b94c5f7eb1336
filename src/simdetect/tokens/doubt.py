"""Strings and comments that hold code because something before them was read wrongly.

One quote too many, a heredoc that a grammar does not know, prose before the code: the tree, or a lexer, then takes all
that follows for one string. A string of many lines is not believed where it does not end as it began, or where there
are syntax errors, and what it says reads like its own language: many keywords and much punctuation.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from simdetect.languages.lexer import Lexer, load_lexer
from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import spec_of
from simdetect.model import U32, TokenRole, TokenStream

__all__ = ["Spans", "careful_spans", "has_far_fewer", "is_taken", "may_be_broken", "swallowed"]

Spans = tuple["array[int]", "array[int]", "array[int]"]  # roles, starts, ends

_LEAST_LEAF: Final = 64  # bytes
_LONG: Final = 512  # bytes: judged by itself
_LEAST_SHARE: Final = 0.2  # of a file in strings and comments of several lines
_SOME_ERRORS: Final = 0.002  # share of bytes from which a closed string may be the wrong way round
_MANY_ERRORS: Final = 0.2  # share of bytes
_MORE_TOKENS: Final = 1.5  # times those of a tree, from which it lacks what the bytes hold
_SAMPLE: Final = 2048  # bytes looked at, at the beginning, in the middle and at the end
_LEAST_TOKENS: Final = 20
_LEAST_KEYWORDS: Final = 0.02  # of the tokens; code of the samples has 0.04 to 0.2, JSON and tables none
_LEAST_SYNTAX: Final = 0.3  # of the tokens are keywords and punctuation; prose has 0.1 to 0.2, code 0.4 to 0.6
_MOST_RESCANNED: Final = 8  # times the size of a file
_MOST_LOOKED_AT: Final = 200  # strings of a file
_NEAR: Final = 16 << 10  # bytes before and behind a part of a heredoc in which its ends are looked for
_MARKS: Final = (b'"', b"'", b"`")
_QUOTED: Final = re.compile(rb"[A-Za-z0-9@$&%~]{0,4}?#{0,8}(\"\"\"|'''|''|[\"'`])")
_BARE_BREAK: Final = re.compile(rb"(?<![\\&\r])\r?\n")  # not one that a backslash or "&" continues
_HEREDOC: Final = re.compile(rb"<<[-~<]?[ \t]{0,3}\\?(\w+|(?P<quote>[\"'`])\w+(?P=quote))")
_MARKUP: Final = re.compile(rb"^[ \t]*<[A-Za-z/!?]", re.MULTILINE)
_MOST_MARKUP: Final = 0.3  # of the lines: components hold some, pages are full of it


def swallowed(content: bytes, stream: TokenStream, language: str) -> str | None:
    """Why the tokens of a tree are not those of the file, None where they are.

    content: what the stream was made of.
    """
    if share := _doubtful_share(content, stream, language):
        return f"swallowed: strings or comments that hold code take {100 * share:.0f} % of the file"
    return None


def may_be_broken(stream: TokenStream) -> bool:
    """Whether a tree has so many errors that its tokens should be compared with lexical ones."""
    return stream.error_share > _MANY_ERRORS


def has_far_fewer(stream: TokenStream, lexical: TokenStream) -> bool:
    """Whether a tree has far fewer tokens than the bytes hold."""
    return len(lexical) > _MORE_TOKENS * len(stream) + _LEAST_TOKENS


def _doubtful_share(content: bytes, stream: TokenStream, language: str) -> float:
    """Share of the file in strings and comments of several lines that are not believed; 0 when it is small."""
    strings = _long(content, stream.start, stream.end)
    notes = [content[a:b] for a, b in _long(content, stream.comment_start, stream.comment_end)]
    n_open = sum(len(text) for text in notes if _is_open_comment(text, language))
    least = _LEAST_SHARE * len(content)
    if n_open + sum(end - start for start, end in strings) < max(1, least):
        return 0.0
    if stream.error_share < _SOME_ERRORS and not any(_are_open(content, stream, strings, language)):
        strings = []
    n_doubtful = n_open + _n_code([content[start:end] for start, end in strings], language)
    return n_doubtful / len(content) if n_doubtful >= least else 0.0


def _long(content: bytes, start: U32, end: U32) -> list[tuple[int, int]]:
    """The spans of several lines."""
    long = np.flatnonzero(end - start >= _LEAST_LEAF)
    spans = zip(start[long].tolist(), end[long].tolist(), strict=True)
    return [(first, last) for first, last in spans if b"\n" in content[first:last]]


def _are_open(content: bytes, stream: TokenStream, strings: Sequence[tuple[int, int]], language: str) -> Iterator[bool]:
    """Of each literal of several lines that reads like code, whether nothing ends it."""
    ends = stream.end[stream.role == TokenRole.STRING].astype(np.int64)
    last_byte = np.frombuffer(content, np.uint8)[ends - 1]
    closes = {mark: int(np.max(ends, where=last_byte == mark[0], initial=0)) for mark in _MARKS}
    for start, end in strings[:_MOST_LOOKED_AT]:
        text = content[start:end]
        if (opening := _QUOTED.match(text)) and not _HEREDOC.search(content, max(0, start - 4), start + 40):
            is_open = _is_short_quote(opening[1], text, language) or not (
                _is_closed(text) or closes[opening[1][:1]] > end
            )
        else:
            is_open = _is_open_heredoc(content, start, end)
        yield is_open and reads_like_code(text, language)


def _is_short_quote(mark: bytes, text: bytes, language: str) -> bool:
    """Whether a literal of several lines stands in quotes that end with their line."""
    spec, quote = spec_of(language), mark.decode()
    is_short = len(quote) == 1 and quote in spec.quotes and quote not in spec.long_quotes and not _is_raw(text, spec)
    return is_short and _BARE_BREAK.search(text) is not None


def _is_raw(text: bytes, spec: LanguageSpec) -> bool:
    return text.startswith(tuple(start.encode() for start, _ in spec.raw_quotes))


def _is_open_heredoc(content: bytes, start: int, end: int) -> bool:
    """Whether a literal without quotes is the beginning of a heredoc, and nothing near behind it ends that."""
    if not content.startswith(b"\n", start) and not _HEREDOC.search(content, max(0, start - 4), start + 40):
        return False  # what follows code in a literal: its beginning was looked at
    words = [word.strip(b"\"'`") for word, _ in _HEREDOC.findall(content, max(0, start - _NEAR), start + 40)[-4:]]
    closing = re.compile(rb"^[ \t]*(?:" + b"|".join(map(re.escape, words)) + rb")\b", re.MULTILINE)
    behind = content.rfind(b"\n", start, end) + 1  # the last line of the literal too
    return not words or closing.search(content, behind, end + _NEAR) is None


def _n_code(texts: Sequence[bytes], language: str) -> int:
    """Bytes of those texts that read like code; short ones, which say too little, are judged together."""
    long = sorted((text for text in texts if len(text) >= _LONG), key=len, reverse=True)[:_MOST_LOOKED_AT]
    short = b"\n".join(text for text in texts if len(text) < _LONG)
    return sum(len(text) for text in (*long, short) if reads_like_code(text, language))


def _is_open_comment(text: bytes, language: str) -> bool:
    """Whether a block comment has no end. Documentation of Perl and Ruby needs none."""
    for start, end in _block_marks(language):
        if text.startswith(start):
            return not text.endswith(end)
    return False


@cache
def _block_marks(language: str) -> tuple[tuple[bytes, bytes], ...]:
    marks = spec_of(language).block_comments
    return tuple((start.encode(), end.encode()) for start, end in marks if not start.startswith("\n"))


def _is_closed(text: bytes) -> bool:
    """Whether a literal ends as it began."""
    if opening := _QUOTED.match(text):
        return opening[1] in text[-8:] and len(text) > len(opening[0])
    return text[-1:] in b"])}>|/" and text[:1] in b"%q@[{"


def reads_like_code(text: bytes, language: str) -> bool:
    """Whether a text of several lines reads like code of a language: by its keywords and punctuation, somewhere."""
    lexer = load_lexer(language, ends_lines=True)
    first = text.find(b"\n") + 1  # behind what opens the string, which would take all of it again
    middle, last = max(first, len(text) // 2 - _SAMPLE // 2), max(first, len(text) - _SAMPLE)
    return any(_is_code(lexer, text, at) for at in dict.fromkeys((first, middle, last)))


def _is_code(lexer: Lexer, text: bytes, at: int) -> bool:
    stop = min(len(text), at + _SAMPLE)
    if len(_MARKUP.findall(text, at, stop)) > _MOST_MARKUP * (text.count(b"\n", at, stop) + 1):
        return False
    roles, starts, ends = lexer.spans(text, at, stop)
    n_syntax = n_words = n_tokens = 0
    for role, start, end in zip(roles, starts, ends, strict=True):
        is_word = role == TokenRole.NAME and lexer.role_of_word(text[start:end]) == TokenRole.SYNTAX
        n_words += is_word
        n_syntax += is_word or role == TokenRole.SYNTAX
        n_tokens += role != TokenRole.COMMENT
    return n_tokens >= _LEAST_TOKENS and n_words >= _LEAST_KEYWORDS * n_tokens and n_syntax >= _LEAST_SYNTAX * n_tokens


# --- lexical tokens of such files ----------------------------------------------------------------------------------


def is_taken(text: bytes, start: int, end: int, spans: Spans, language: str) -> bool:
    """Whether the last of the lexical tokens of text[start:end] never ends and takes a large share of it."""
    roles, starts, ends = spans
    if not roles or ends[-1] - starts[-1] < max(_LEAST_LEAF, _LEAST_SHARE * (end - start)):
        return False
    return _is_open_end(text[starts[-1] : ends[-1]], roles[-1], language)


def careful_spans(text: bytes, start: int, end: int, language: str) -> Spans:
    """Lexical tokens of text[start:end], where quotes end with their lines and a string or comment of several lines
    that never ends or holds code is one line long: the rest of it is read again.

    Linear: what is read again is bounded, and beyond that every token ends with its line.
    """
    lexer = load_lexer(language, ends_lines=True)
    found: Spans = array("B"), array("I"), array("I")
    n_left, n_looks, at = _MOST_RESCANNED * (end - start), _MOST_LOOKED_AT, start
    while at < end:
        stop = end if n_left > 0 else _line_end(text, at, end)
        spans = lexer.spans(text, at, stop)
        cut, n_looks = _first_doubtful(text, spans, language, n_looks)
        if cut is not None:
            n_left -= stop - at
            stop = spans[2][cut] = _line_end(text, spans[1][cut], end)
        for column, values in zip(found, spans, strict=True):
            column.extend(values if cut is None else values[: cut + 1])
        at = stop
    return found


def _first_doubtful(text: bytes, spans: Spans, language: str, n_looks: int) -> tuple[int | None, int]:
    """The first token that is not believed, and how many more may be looked into: beyond that none is believed."""
    roles, starts, ends = spans
    length = np.frombuffer(ends, np.uint32) - np.frombuffer(starts, np.uint32)
    for i in np.flatnonzero(length >= _LEAST_LEAF).tolist():
        token = text[starts[i] : ends[i]]
        if b"\n" not in token:
            continue
        if i == len(roles) - 1 and _is_open_end(token, roles[i], language):
            return i, n_looks
        if roles[i] != TokenRole.COMMENT:
            n_looks -= 1
            if n_looks < 0 or reads_like_code(token, language):
                return i, n_looks
    return None, n_looks


def _is_open_end(token: bytes, role: int, language: str) -> bool:
    """Whether a token of several lines at the end of a text has no end of its own."""
    if b"\n" not in token:
        return False
    return _is_open_comment(token, language) if role == TokenRole.COMMENT else not _is_closed(token)


def _line_end(text: bytes, at: int, end: int) -> int:
    """The end of the line of a byte, at least one byte further on."""
    found = text.find(b"\n", at + 1, end)
    return end if found < 0 else found
