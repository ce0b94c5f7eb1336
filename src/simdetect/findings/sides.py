"""One side of a piece of evidence: a file, its text, and what positions mean there; and both sides as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simdetect.model import U32, U64, AnalysedFile, Bool, LineSpan, TokenRole
from simdetect.tokens.words import word_at

__all__ = ["EvidenceSource", "Sides", "Text", "line_span", "tokens_of", "words_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What positions of a region index: the tokens of a file, or the words of its comments.

    symbol: (n,) uint64. start, end: (n,) uint32 bytes. tells: (n,) bool, names, literals and words. unit: (u,) uint32,
    positions where functions and types begin.
    """

    symbol: U64
    start: U32
    end: U32
    tells: Bool
    unit: U32


def tokens_of(file: AnalysedFile) -> Text:
    """The tokens of a file."""
    tokens = file.tokens
    return Text(tokens.exact, tokens.start, tokens.end, tokens.role != TokenRole.SYNTAX, tokens.units.start)


def words_of(file: AnalysedFile) -> Text:
    """The words of a file's comments. A word does not span lines, so that its first byte says where it ends."""
    prose = file.prose
    end = prose.start + np.uint32(1)
    return Text(prose.word, prose.start, end, np.ones(len(prose.word), np.bool_), np.zeros(0, np.uint32))


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceSource:
    """One side of a region: the analysed file, its text (empty when it was not kept), the index of its input, and what
    positions mean there."""

    file: AnalysedFile
    content: bytes
    source: int
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The two files that a piece of evidence is about."""

    candidate: EvidenceSource
    original: EvidenceSource

    def in_words(self) -> Sides:
        """The same, where positions are those of words of comments."""
        candidate, original = self.candidate, self.original
        return Sides(replace(candidate, text=words_of(candidate.file)), replace(original, text=words_of(original.file)))


def line_span(side: EvidenceSource, start: int, end: int) -> LineSpan:
    """Lines and columns of a span of positions, 1-based; no columns where the text was not kept."""
    first, last = int(side.text.start[start]), int(side.text.end[end - 1])
    lines = side.file.line(first), side.file.line(last)
    if not side.content:
        return LineSpan(*lines)
    if side.text.symbol is side.file.prose.word:  # of which only the first byte is known
        last += len(word_at(side.content, last - 1)) - 1
    return LineSpan(*lines, _column(side.content, first), _column(side.content, last))


def _column(content: bytes, byte: int) -> int:
    """The 1-based column of a byte, in characters."""
    return 1 + len(content[content.rfind(b"\n", 0, byte) + 1 : byte].decode("utf-8", "replace"))
