"""Where lines of a file inside another stand on the disk: the holding file's lines, the cell of a notebook."""

from __future__ import annotations

from bisect import bisect_right

from simdetect.model import FileFinding, LineSpan, Place
from simdetect.report.words.numbers import location, path

__all__ = ["candidate_location", "span_in_holder"]


def span_in_holder(finding: FileFinding, span: LineSpan) -> LineSpan:
    """Lines of a candidate file as lines of the file on the disk."""
    if not finding.places:
        return span
    first, last = (_line(finding, line) for line in (span.start_line, span.end_line))
    return LineSpan(min(first, last), max(first, last))


def candidate_location(finding: FileFinding, span: LineSpan) -> str:
    """A candidate's file and lines; of a notebook its cell and the lines in it."""
    name, place = path(finding.candidate), _place(finding, span.start_line)
    if place is None or not place.cell:
        return location(name, span)
    before = next(own.line for own in finding.places if own.cell == place.cell) - 1
    end = _place(finding, span.end_line)
    if end is None or end.cell == place.cell:
        return location(f"{name} cell {place.cell}", LineSpan(span.start_line - before, span.end_line - before))
    return location(f"{name} cells {place.cell} to {end.cell}", span)


def _place(finding: FileFinding, line: int) -> Place | None:
    at = bisect_right([place.line for place in finding.places], line) - 1
    return finding.places[at] if at >= 0 else None


def _line(finding: FileFinding, line: int) -> int:
    place = _place(finding, line)
    return line if place is None else place.holder_line + place.step * (line - place.line)
