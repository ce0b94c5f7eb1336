"""Regions -> pieces of evidence: which lines on both sides, a stable fingerprint, an excerpt to read.

A region often begins with the end of the function before it, with imports or with a brace. What convinces is the
stretch with most different names and literals that are the same on both sides: the excerpt begins there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from simdetect.model import (
    F64,
    I64,
    AnalysedFile,
    Bool,
    Evidence,
    Excerpt,
    Exclusion,
    Layer,
    LineSpan,
    MatchTable,
    TokenRole,
)

__all__ = ["EvidenceSource", "region_evidence"]

_LINES = 12
_COLUMNS = 240
_FAR_COLUMN = _COLUMNS // 2  # a line whose match begins beyond this byte is shown from the match on
_OTHER_TEXT = 0.25  # a name that is another on the other side tells less than one that is the same
_ENOUGH = 0.9  # of the most telling stretch: the first one with that much is shown,
_ENOUGH_OF_UNIT = 0.6  # or rather the first that begins a function or type and has this much


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceSource:
    """One side of a region: the analysed file, its text (empty when it was not kept) and the index of its input."""

    file: AnalysedFile
    content: bytes
    source: int


def region_evidence(
    table: MatchTable,
    row: int,
    candidate: EvidenceSource,
    original: EvidenceSource,
    *,
    bits: float,
    excluded: Exclusion | None,
    with_excerpt: bool,
) -> Evidence:
    """Describe one region of the table. bits: of the region by itself."""
    own = int(table.candidate_start[row]), int(table.candidate_end[row])
    theirs = int(table.original_start[row]), int(table.original_end[row])
    return Evidence(
        layer=Layer.VERBATIM if table.is_verbatim[row] else Layer.RENAMED,
        original=original.file.path,
        source=original.source,
        candidate=line_span(candidate, *own),
        original_span=line_span(original, *theirs),
        n_tokens=int(table.n_equal[row]),
        n_verbatim=int(table.n_verbatim[row]),
        bits=bits,
        excluded=excluded,
        fingerprint=_fingerprint(candidate.file, own, original.file, theirs),
        excerpt=_excerpt(table, row, candidate, original) if with_excerpt and original.content else None,
    )


def line_span(side: EvidenceSource, start: int, end: int) -> LineSpan:
    """Lines of a token span, 1-based, both inclusive."""
    file = side.file
    return LineSpan(file.line(int(file.tokens.start[start])), file.line(int(file.tokens.end[end - 1])))


def _fingerprint(candidate: AnalysedFile, own: tuple[int, int], original: AnalysedFile, theirs: tuple[int, int]) -> str:
    """16 hex digits over the matched texts and the paths: the same when anything else in the files changes."""
    digest = hashlib.blake2b(digest_size=8)
    for file, (start, end) in ((candidate, own), (original, theirs)):
        digest.update(file.path.encode() + b"\0")
        digest.update(np.ascontiguousarray(file.tokens.exact[start:end], "<u8").tobytes())
    return digest.hexdigest()


# --- excerpts ------------------------------------------------------------------------------------------------------


def _excerpt(table: MatchTable, row: int, candidate: EvidenceSource, original: EvidenceSource) -> Excerpt:
    """The most telling lines of one region of the table."""
    own, theirs = _aligned(table, row)
    weight = _weights(candidate.file, own, original.file, theirs)
    first = _most_telling(_lines_of(candidate, own), weight, np.isin(own, candidate.file.tokens.units.start))
    own_line, own_text = _read(candidate, int(own[first]), int(table.candidate_end[row]))
    their_line, their_text = _read(original, int(theirs[first]), int(table.original_end[row]))
    return Excerpt(own_text, their_text, own_line, their_line)


def _aligned(table: MatchTable, row: int) -> tuple[I64, I64]:
    """Positions of the tokens of a region that are equal when normalised, on both sides. (n,) int64 each."""
    low, high = np.searchsorted(table.run_row, [row, row + 1])
    length = table.run_length[low:high].astype(np.int64)
    inner = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    starts = (table.run_candidate[low:high].astype(np.int64), table.run_original[low:high].astype(np.int64))
    return np.repeat(starts[0], length) + inner, np.repeat(starts[1], length) + inner


def _lines_of(side: EvidenceSource, at: I64) -> I64:
    """The line of each token, counted from the first of them. (n,) int64."""
    start = side.file.tokens.start[at].astype(np.int64)
    text = np.frombuffer(side.content, np.uint8, int(start[-1] - start[0]), int(start[0]))
    return np.searchsorted(np.flatnonzero(text == ord("\n")) + start[0], start)


def _weights(candidate: AnalysedFile, own: I64, original: AnalysedFile, theirs: I64) -> F64:
    """How much each token tells: names and literals, where they first occur."""
    text = candidate.tokens.exact[own]
    weight = np.where(text == original.tokens.exact[theirs], 1.0, _OTHER_TEXT)
    is_first = np.zeros(len(own), np.bool_)
    is_first[np.unique(text, return_index=True)[1]] = True
    telling: F64 = weight * (is_first & (candidate.tokens.role[own] != TokenRole.SYNTAX))
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
    tokens, content = side.file.tokens, side.content
    start, last = int(tokens.start[token]), int(tokens.end[end - 1])
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
