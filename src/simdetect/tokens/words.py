"""Words and names in text, as bytes: shared by the stages that read prose, help text and identifiers.

A *word* is a maximal run of ASCII letters and digits and of bytes beyond ASCII; a *name* may also hold "_". The *stems*
of a name are its parts: "parseHTTPHeader2" and "parse_http_header2" both have parse, http, header2.
"""

from __future__ import annotations

import re

import numpy as np

from simdetect.model import I64, U64, Bool
from simdetect.tokens.symbols import hash_spans

__all__ = ["NAME_BYTE", "WORD_BYTE", "runs_of", "stems", "symbols_of", "word_at"]

WORD_BYTE: Bool = np.array([chr(b).isalnum() if b < 128 else True for b in range(256)])
NAME_BYTE: Bool = WORD_BYTE.copy()
NAME_BYTE[ord("_")] = True

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
    """Symbols of the maximal runs of bytes of a class, in order."""
    return hash_spans(text, *runs_of(text, is_inside))


def word_at(text: bytes, at: int) -> bytes:
    """The word that starts at a byte, in lower case; empty where none does."""
    found = _WORD.match(text, at)
    return found[0].lower() if found is not None else b""


def stems(name: bytes) -> list[bytes]:
    """The parts of a name in lower case: at underscores, and where the case changes."""
    return [stem.lower() for stem in _STEM.findall(name)]
