"""Texts as any language would write them, so that names and constants can be compared across languages.

A name without its case and underscores (parse_header = parseHeader = ParseHeader), a string without its delimiters, a
number by its value (0xFF = 255u8). Short texts say nothing, nor does syntax: their symbol is 0.

Symbols have 48 bits, which is what an index stores of them: of 10,000 texts of a candidate and a million of originals,
one pair in 28,000 scans is taken for equal by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.model import U8, U64, TokenRole
from simdetect.tokens.symbols import hash_spans, hash_text, keyed

__all__ = ["MASK", "fold", "neutral_name", "neutral_number", "neutral_symbols"]

MASK = np.uint64((1 << 48) - 1)

_LEAST_BYTES = 3
_LOWER = bytes(range(256)).lower()
_DROPPED = b"_$@"
_IS_DROPPED = bytes(byte in _DROPPED for byte in range(256))
_MOST_32 = np.iinfo(np.int32).max
_OPENING = re.compile(rb"^[A-Za-z@$#]{0,3}(?=[\"'`])")  # r"..", b'..', u8"..", @"..", $"..", #".."
_QUOTES = b"\"'`#"
_PLAIN_QUOTES = b"\"'`"  # what a literal without a prefix begins with
_SUFFIX = rb"(?:[uln]|[iu](?:8|16|32|64|128|size))*"
_INTEGERS = (
    (re.compile(rb"0x([0-9a-f]+?)" + _SUFFIX + rb"\Z"), 16),
    (re.compile(rb"0b([01]+)" + _SUFFIX + rb"\Z"), 2),
    (re.compile(rb"0o?([0-7]+)" + _SUFFIX + rb"\Z"), 8),
    (re.compile(rb"([0-9]+)" + _SUFFIX + rb"\Z"), 10),
)
_FLOAT = re.compile(rb"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)(?:[fdlm]|f32|f64)?\Z")
_SPACED = re.compile(rb"[_']")
_MOST_DIGITS = 80  # longer ones are data, and slow to convert

Index = npt.NDArray[np.integer[Any]]


def neutral_symbols(text: bytes, start: Index, end: Index, role: U8, exact: U64) -> U64:
    """Neutral symbols of tokens, (t,) uint64, 0 for those that say nothing.

    start, end: (t,) spans of text, ascending. role: (t,) uint8 `TokenRole`. exact: (t,) uint64 symbols of the texts.
    """
    found = np.zeros(len(role), np.uint64)
    names = np.flatnonzero(role == TokenRole.NAME)
    found[names] = _of_names(text, start[names], end[names])
    long = (end.astype(np.int64) - start) >= _LEAST_BYTES
    literals = np.flatnonzero(((role == TokenRole.STRING) | (role == TokenRole.NUMBER)) & long)
    if len(literals):
        _, first, inverse = np.unique(keyed(role[literals], exact[literals]), return_index=True, return_inverse=True)
        at = literals[first]
        spans = zip(start[at].tolist(), end[at].tolist(), (role[at] == TokenRole.NUMBER).tolist(), strict=True)
        found[literals] = _of_literals(text, spans)[inverse]
    return found & MASK


def neutral_name(folded: bytes) -> int:
    """The neutral symbol of a name, given as `fold` leaves it."""
    return int(hash_text(folded) & MASK) if len(folded) >= _LEAST_BYTES else 0


def fold(text: bytes) -> bytes:
    """A text in lower case without the signs that names differ by: its names are as neutral symbols see them."""
    return text.translate(_LOWER, _DROPPED)


def _of_names(text: bytes, start: Index, end: Index) -> U64:
    folded = fold(text)
    dropped: Index = np.zeros(len(text) + 1, np.int64 if len(text) > _MOST_32 else np.int32)
    np.cumsum(np.frombuffer(text.translate(_IS_DROPPED), np.int8), out=dropped[1:])
    first, last = start - dropped[start], end - dropped[end]
    symbols = hash_spans(folded, first, last)
    symbols[last - first < _LEAST_BYTES] = 0
    return symbols


def _of_literals(text: bytes, spans: Iterator[tuple[int, int, bool]]) -> U64:
    values = [
        # A number is told from a string of its digits.
        b"#" + neutral_number(text[start:end]) if is_number else b'"' + _content(text[start:end])
        for start, end, is_number in spans
    ]
    length = np.array([len(value) for value in values], np.int64)
    end = np.cumsum(length)
    symbols = hash_spans(b"".join(values), end - length, end)
    symbols[length <= _LEAST_BYTES] = 0
    return symbols


def _content(string: bytes) -> bytes:
    """A string literal without its prefix and delimiters."""
    if string[:1] in _PLAIN_QUOTES:
        return string.strip(_QUOTES)
    return _OPENING.sub(b"", string, count=1).strip(_QUOTES)


def neutral_number(text: bytes) -> bytes:
    """The value of a numeric literal in decimal digits, whatever its base, type and separators; the text itself where
    it is no number that several languages know."""
    digits = _SPACED.sub(b"", text).lower().lstrip(b"+-")
    if len(digits) > _MOST_DIGITS:
        return digits
    for pattern, base in _INTEGERS:
        if matched := pattern.match(digits):
            return b"%d" % int(matched[1], base)
    if matched := _FLOAT.match(digits):
        return repr(float(matched[1])).encode()
    return digits
