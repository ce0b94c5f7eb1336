"""Words and names in text, as bytes: shared by the stages that read prose, help text and identifiers.

A *word* is a maximal run of ASCII letters and digits and of bytes beyond ASCII; a *name* may also hold "_". The *stems*
of a name are its parts: "parseHTTPHeader2" and "parse_http_header2" both have parse, http, header2.

Chinese, Japanese, Thai and their like put no spaces between words. There each pair of neighbouring characters is a
word, as in search engines: a clause would be one, and its author's alone. Symbols of pairs hold their script.
"""

from __future__ import annotations

import re

import numpy as np

from simdetect.model import I64, U8, U64, Bool
from simdetect.tokens.symbols import hash_spans

__all__ = [
    "HAN",
    "LETTERS",
    "NAME_BYTE",
    "WORD_BYTE",
    "runs_of",
    "script_of",
    "stems",
    "symbols_of",
    "word_at",
    "words_of",
]

WORD_BYTE: Bool = np.array([chr(b).isalnum() if b < 128 else True for b in range(256)])
NAME_BYTE: Bool = WORD_BYTE.copy()
NAME_BYTE[ord("_")] = True

# Scripts without spaces by the first two bytes of a character in UTF-8. Han: characters that are words or syllables.
LETTERS, HAN, _PUNCTUATION = 1, 2, 3
_SCRIPT: U8 = np.zeros((256, 256), np.uint8)
_SCRIPT[0xE3, 0x81:0x84] = _SCRIPT[0xEF, 0xBE] = LETTERS  # kana
_SCRIPT[0xE0, 0xB8:0xBC] = _SCRIPT[0xE1, 0x80:0x83] = _SCRIPT[0xE1, 0x9E:0xA0] = LETTERS  # Thai, Lao, Burmese, Khmer
_SCRIPT[0xE3, 0x84:0xC0] = _SCRIPT[0xE4:0xEA, 0x80:0xC0] = HAN
_SCRIPT[0xE3, 0x80] = _SCRIPT[0xEF, 0xBC:0xBE] = _PUNCTUATION  # would glue clauses together: all its bytes are high
_FIRST_LEAD = 0xE0
_MARK = np.uint64(0xB16 << 52)  # of a pair in its symbol; other words have it once in 4,096
_MARK_BITS = np.uint64(0xFFF << 52)

_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]*+")
_STEM = re.compile(rb"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[\x80-\xff]+")


def runs_of(text: bytes, is_inside: Bool, wanted: Bool | None = None) -> tuple[I64, I64]:
    """Starts and ends of the maximal runs of bytes of a class: (n,) int64 each.

    is_inside: (256,) bool, the class. wanted: (len(text),) bool, bytes to look at; all of them without it.
    """
    inside = np.zeros(len(text) + 2, np.int8)
    inside[1:-1] = is_inside[np.frombuffer(text, np.uint8)]
    if wanted is not None:
        inside[1:-1] &= wanted
    step = np.diff(inside)
    return np.flatnonzero(step == 1), np.flatnonzero(step == -1)


def symbols_of(text: bytes, is_inside: Bool) -> U64:
    """Symbols of the words of a text, in order: maximal runs of bytes of a class, or pairs of characters."""
    return words_of(text, is_inside)[2]


def words_of(
    text: bytes, is_inside: Bool, wanted: Bool | None = None, *, is_part_of: bytes = b""
) -> tuple[I64, I64, U64]:
    """Starts, ends and symbols of words in the order of their starts: (n,) each. is_inside, wanted: as of `runs_of`.
    is_part_of: a larger text; signs of scripts without spaces are no letters where it has such a script."""
    at, script = _characters(text, is_sure=_has_script(is_part_of))
    if not len(at):
        start, end = runs_of(text, is_inside, wanted)
        return start, end, hash_spans(text, start, end)
    others = np.ones(len(text), np.bool_) if wanted is None else wanted.copy()
    for i in range(3):
        others[at + i] = False
    start, end = runs_of(text, is_inside, others)
    chosen = (script != _PUNCTUATION) if wanted is None else (script != _PUNCTUATION) & wanted[at]
    first, last, mark = _pairs(at[chosen], script[chosen])
    pairs = (hash_spans(text, first, last) >> np.uint64(13)) | _MARK | (mark.astype(np.uint64) << np.uint64(51))
    start, end = np.concatenate([start, first]), np.concatenate([end, last])
    symbol = np.concatenate([hash_spans(text, start[: len(start) - len(first)], end[: len(end) - len(last)]), pairs])
    order = np.argsort(start, kind="stable")
    return start[order], end[order], symbol[order]


def _characters(text: bytes, *, is_sure: bool = False) -> tuple[I64, U8]:
    """Starts and scripts of the characters of scripts without spaces; none when all of them are punctuation, unless it
    is_sure that there are such scripts around."""
    data = np.frombuffer(text, np.uint8)
    at = np.flatnonzero(data[:-2] >= _FIRST_LEAD) if len(data) > 2 and not text.isascii() else np.zeros(0, np.int64)
    script = _SCRIPT[data[at], data[at + 1]]
    if not is_sure and not ((script == HAN) | (script == LETTERS)).any():
        return at[:0], script[:0]
    return at[script > 0], script[script > 0]


def _has_script(text: bytes) -> bool:
    """Whether a text has characters of a script without spaces."""
    return not text.isascii() and len(_characters(text)[0]) > 0


def _pairs(at: I64, script: U8) -> tuple[I64, I64, Bool]:
    """Starts and ends of the pairs of neighbours, and of characters without any; and which hold a Han character."""
    touches = np.diff(at) == 3
    alone = np.ones(len(at), np.bool_)
    alone[1:] &= ~touches
    alone[:-1] &= ~touches
    first = np.flatnonzero(touches)
    is_han = script == HAN
    start = np.concatenate([at[first], at[alone]])
    end = np.concatenate([at[first] + 6, at[alone] + 3])
    return start, end, np.concatenate([is_han[first] | is_han[first + 1], is_han[alone]])


def script_of(words: U64) -> U8:
    """LETTERS or HAN of pairs of characters, 0 of other words: (n,) uint8. words: (n,) symbols."""
    is_pair = (words & _MARK_BITS) == _MARK
    is_han = (words >> np.uint64(51)) & np.uint64(1) == 1
    return np.where(is_pair, np.where(is_han, HAN, LETTERS), 0).astype(np.uint8)


def word_at(text: bytes, at: int) -> bytes:
    """The word that starts at a byte, in lower case; empty where none does."""
    found = _WORD.match(text, at)
    return found[0].lower() if found is not None else b""


def stems(name: bytes) -> list[bytes]:
    """The parts of a name in lower case: at underscores, and where the case changes."""
    return [stem.lower() for stem in _STEM.findall(name)]
