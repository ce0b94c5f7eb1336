"""Licence text in literals and comments: anybody may have it, and nobody wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from simdetect.matching.comparison import Program
from simdetect.model import Bool, TokenRole

__all__ = ["licence_literals", "licence_words"]

_LICENCE_BYTES = 30
_LICENCE = re.compile(
    rb"(?i)permission is hereby granted|without any warranty|merchantability|licensed under the"
    rb"|general public licen[cs]e|redistribution and use in source|all rights reserved"
    rb"|under the terms of the|this is free software"
)


def licence_literals(candidate: Program, wanted: Bool) -> Bool:
    """Which tokens are long literals of licence text: (n,) bool. wanted: (n,) bool, tokens to judge."""
    found = np.zeros(len(wanted), np.bool_)
    for file, content, start in candidate.parts():
        tokens, chosen = file.tokens, wanted[start : start + file.n_tokens]
        is_long = (tokens.role == TokenRole.STRING) & (tokens.end - tokens.start >= _LICENCE_BYTES)
        for at in np.flatnonzero(is_long & chosen).tolist():
            found[start + at] = _LICENCE.search(content, int(tokens.start[at]), int(tokens.end[at])) is not None
    return found


def licence_words(candidate: Program) -> Bool:
    """Which words of comments belong to a licence: (n,) bool over the candidate's layout of words.

    Comments with nothing but white space between them are one.
    """
    found = np.zeros(int(candidate.layout.offset[-1]), np.bool_)
    for file, content, first in candidate.parts():
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
