"""Regions -> pieces of evidence: which lines on both sides, a stable fingerprint, an excerpt to read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from simdetect.model import (
    AnalysedFile,
    Evidence,
    Excerpt,
    Exclusion,
    Layer,
    LineSpan,
    MatchTable,
)

__all__ = ["EvidenceSource", "region_evidence"]

_EXCERPT_LINES = 12
_EXCERPT_COLUMNS = 240


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceSource:
    """One side of a region: the analysed file, its text and the index of its input."""

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
    own_lines, their_lines = line_span(candidate, *own), line_span(original, *theirs)
    return Evidence(
        layer=Layer.VERBATIM if table.is_verbatim[row] else Layer.RENAMED,
        original=original.file.path,
        source=original.source,
        candidate=own_lines,
        original_span=their_lines,
        n_tokens=int(table.n_equal[row]),
        n_verbatim=int(table.n_verbatim[row]),
        bits=bits,
        excluded=excluded,
        fingerprint=_fingerprint(candidate.file, own, original.file, theirs),
        excerpt=Excerpt(_lines(candidate, own_lines), _lines(original, their_lines)) if with_excerpt else None,
    )


def line_span(side: EvidenceSource, start: int, end: int) -> LineSpan:
    """Lines of a token span, 1-based, both inclusive."""
    tokens = side.file.tokens
    first = side.content.count(b"\n", 0, int(tokens.start[start]))
    last = first + side.content.count(b"\n", int(tokens.start[start]), int(tokens.end[end - 1]))
    return LineSpan(first + 1, last + 1)


def _fingerprint(candidate: AnalysedFile, own: tuple[int, int], original: AnalysedFile, theirs: tuple[int, int]) -> str:
    """16 hex digits over the matched texts and the paths: the same when anything else in the files changes."""
    digest = hashlib.blake2b(digest_size=8)
    for file, (start, end) in ((candidate, own), (original, theirs)):
        digest.update(file.path.encode() + b"\0")
        digest.update(np.ascontiguousarray(file.tokens.exact[start:end], "<u8").tobytes())
    return digest.hexdigest()


def _lines(side: EvidenceSource, span: LineSpan) -> tuple[str, ...]:
    """The first lines of a span, long ones cut; untrusted text."""
    at = 0
    for _ in range(span.start_line - 1):
        at = side.content.index(b"\n", at) + 1
    wanted = min(_EXCERPT_LINES, span.end_line - span.start_line + 1)
    found = []
    for _ in range(wanted):
        end = side.content.find(b"\n", at)
        end = len(side.content) if end < 0 else end
        found.append(
            side.content[at : min(end, at + 4 * _EXCERPT_COLUMNS)]
            .decode("utf-8", "replace")
            .rstrip("\r")[:_EXCERPT_COLUMNS]
        )
        at = end + 1
    return tuple(found)
