"""The most telling lines of a region, of both sides, to be read.

A region often begins with the end of the function before it, with imports or with a brace. What convinces is the
stretch with most different names and literals that are the same on both sides: the excerpt begins there.
"""

from __future__ import annotations

import numpy as np

from simdetect.findings.sides import EvidenceSource, Sides
from simdetect.model import F64, I64, Bool, Excerpt, MatchTable, ranges

__all__ = ["excerpt"]

_LINES = 12
_COLUMNS = 240
_FAR_COLUMN = _COLUMNS // 2  # a line whose match begins beyond this byte is shown from the match on
_OTHER_TEXT = 0.25  # a name that is another on the other side tells less than one that is the same
_ENOUGH = 0.9  # of the most telling stretch: the first one with that much is shown,
_ENOUGH_OF_UNIT = 0.6  # or rather the first that begins a function or type and has this much


def excerpt(table: MatchTable, row: int, sides: Sides) -> Excerpt:
    """The most telling lines of one region of the table."""
    candidate, original = sides.candidate, sides.original
    at, there = _aligned(table, row)
    weight = _weights(sides, at, there)
    first = _most_telling(_lines_of(candidate, at), weight, np.isin(at, candidate.text.unit))
    candidate_line, candidate_text = _read(candidate, int(at[first]), int(table.candidate_end[row]))
    original_line, original_text = _read(original, int(there[first]), int(table.original_end[row]))
    return Excerpt(candidate_text, original_text, candidate_line, original_line)


def _aligned(table: MatchTable, row: int) -> tuple[I64, I64]:
    """Positions of the tokens of a region that are equal when normalised, on both sides. (n,) int64 each."""
    low, high = np.searchsorted(table.run_row, [row, row + 1])
    length = table.run_length[low:high].astype(np.int64)
    inner = ranges(0, length)
    starts = (table.run_candidate[low:high].astype(np.int64), table.run_original[low:high].astype(np.int64))
    return np.repeat(starts[0], length) + inner, np.repeat(starts[1], length) + inner


def _lines_of(side: EvidenceSource, at: I64) -> I64:
    """The line of each token, counted from the first of them. (n,) int64."""
    start = side.text.start[at].astype(np.int64)
    text = np.frombuffer(side.content, np.uint8, int(start[-1] - start[0]), int(start[0]))
    return np.searchsorted(np.flatnonzero(text == ord("\n")) + start[0], start)


def _weights(sides: Sides, at: I64, there: I64) -> F64:
    """How much each position tells: names, literals and words, where they first occur. at, there: positions."""
    candidate, original = sides.candidate.text, sides.original.text
    symbol = candidate.symbol[at]
    weight = np.where(symbol == original.symbol[there], 1.0, _OTHER_TEXT)
    is_first = np.zeros(len(at), np.bool_)
    is_first[np.unique(symbol, return_index=True)[1]] = True
    telling: F64 = weight * (is_first & candidate.tells[at])
    return telling


def _most_telling(line: I64, weight: F64, is_unit: Bool) -> int:
    """Index of the first token of the line to begin with: that tells something, and enough together with the next.
    0 when all lines can be shown. is_unit: (n,) bool, tokens that begin a function or type."""
    if line[-1] < _LINES:
        return 0
    before = np.concatenate([[0.0], np.cumsum(weight)])
    lines, first = np.unique(line, return_index=True)
    after = np.append(first[1:], len(line))
    shown = before[np.searchsorted(line, lines + _LINES)] - before[first]
    shown[before[after] == before[first]] = 0.0
    begins = np.logical_or.reduceat(is_unit, first) & (shown >= _ENOUGH_OF_UNIT * shown.max())
    return int(first[np.argmax(begins if begins.any() else shown >= _ENOUGH * shown.max())])


def _read(side: EvidenceSource, token: int, end: int) -> tuple[int, tuple[str, ...]]:
    """The number of the line of a token, and the lines from there to the token before `end`, at most `_LINES`."""
    content = side.content
    start, last = int(side.text.start[token]), int(side.text.end[end - 1])
    number = content.count(b"\n", 0, start) + 1
    n_lines = min(_LINES, content.count(b"\n", start, last) + 1)
    at = content.rfind(b"\n", 0, start) + 1
    is_far = start - at > _FAR_COLUMN
    found = []
    for index in range(n_lines):
        cut = "…" if is_far and not index else ""
        at = start if cut else at
        stop = content.find(b"\n", at)
        stop = len(content) if stop < 0 else stop
        text = content[at : min(stop, at + 4 * _COLUMNS)].decode("utf-8", "replace").rstrip("\r")
        found.append((cut + text)[:_COLUMNS])
        at = stop + 1
    return number, tuple(found)
