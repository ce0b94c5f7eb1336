"""Texts of a file as a report shows them: cut to a length, with the line where they stand."""

from __future__ import annotations

from simdetect.findings.sides import EvidenceSource, Sides
from simdetect.layers.texts import SharedTexts
from simdetect.matching.memory import first_byte
from simdetect.model import SharedText

__all__ = ["MOST_ITEMS", "cut", "line_of", "shared_text", "text_at"]

MOST_ITEMS = 40  # texts listed of one piece of evidence
_MOST_TEXT = 120  # characters of one


def shared_text(texts: SharedTexts, row: int, sides: Sides) -> SharedText:
    """One shared text, with the lines where it first stands."""
    start = int(texts.candidate_byte[row])
    there = first_byte(sides.original.file, texts.layer, int(texts.rows.symbol[row]))
    return SharedText(
        text=text_at(sides.candidate, start, int(texts.length[row])),
        bits=float(texts.bits[row]),
        candidate_line=line_of(sides.candidate, start),
        original_line=line_of(sides.original, there),
    )


def text_at(side: EvidenceSource, start: int, n_bytes: int) -> str:
    """The text of a file at a byte, cut to what is shown."""
    return cut(side.content[start : start + min(4 * _MOST_TEXT, n_bytes)].decode("utf-8", "replace"))


def cut(text: str) -> str:
    """A text, shortened where it is too long to be shown."""
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"


def line_of(side: EvidenceSource, byte: int) -> int:
    """The line of a byte."""
    return side.file.line(byte)
