"""Counts, shares, paths and places: the small pieces of sentences."""

from __future__ import annotations

from simdetect.model import LineSpan
from simdetect.report.safe import clip, clip_middle

__all__ = ["MAX_MESSAGE_CHARS", "MAX_NAME_CHARS", "location", "message", "n", "path", "percent"]

MAX_NAME_CHARS = 160
MAX_MESSAGE_CHARS = 400


def n(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: "1 file", "1,204 tokens"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """A share as a percentage that never claims nothing or everything by rounding: "<0.1%", ">99.9%"."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return "0%" if share == 0 else "100%" if share == 1 else f"{share * 100:.1f}%"


def path(text: str) -> str:
    """A path or label from outside, visible and of bounded length."""
    return clip_middle(text, MAX_NAME_CHARS)


def message(text: str) -> str:
    """A sentence that may quote something from outside, visible and of bounded length."""
    return clip(text, MAX_MESSAGE_CHARS)


def location(name: str, span: LineSpan) -> str:
    """`file:first-last`, the form that editors and terminals understand."""
    last = "" if span.start_line == span.end_line else f"-{span.end_line}"
    return f"{name}:{span.start_line}{last}"
