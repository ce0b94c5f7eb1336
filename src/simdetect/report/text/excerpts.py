"""The most telling lines of both sides: beside each other where there is room, below each other where there is not."""

from __future__ import annotations

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simdetect.model import Evidence, Excerpt, LineSpan
from simdetect.report import words
from simdetect.report.safe import code_lines
from simdetect.report.text.console import EVERYTHING
from simdetect.report.text.side_by_side import Line, Row, Sides, aligned, broken, grid_of

__all__ = ["excerpt_block"]

_SIDE_BY_SIDE_WIDTH = 84  # in less, two columns of code are unreadable
_MAX_CODE_CHARS = 240


def excerpt_block(evidence: Evidence, excerpt: Excerpt, width: int, n_rows: int) -> RenderableType:
    """Both sides of an excerpt in `width` columns, `n_rows` of each."""
    sides = _numbered(excerpt.candidate, excerpt.candidate_line), _numbered(excerpt.original, excerpt.original_line)
    n_lines = [_length(span) for span in (evidence.candidate, evidence.original_span)]
    if width < _SIDE_BY_SIDE_WIDTH:
        return _stacked((sides[0][:n_rows], sides[1][:n_rows]), n_lines, width)
    return _side_by_side(sides, n_lines, n_rows, width)


def _length(span: LineSpan) -> int:
    return span.end_line - span.start_line + 1


def _numbered(lines: tuple[str, ...], first: int) -> list[Line]:
    shown = code_lines(lines, EVERYTHING, _MAX_CODE_CHARS)
    return broken([(str(first + index), line) for index, line in enumerate(shown)])


def _more(n_lines: int, n_shown: int) -> list[Line]:
    """How many lines of a span are not shown."""
    return [("", f"… {words.n(n_lines - n_shown, 'more line')}")] if n_lines > n_shown else []


def _side_by_side(sides: Sides, n_lines: list[int], n_rows: int, width: int) -> RenderableType:
    """Both sides under their names, the rows that end with a pair; how many lines are not shown stands last."""
    everything = aligned(sides)
    rows = everything[:n_rows]
    while len(rows) < len(everything) and rows and None in rows[-1]:
        rows.pop()
    n_shown = [sum(row[side] is not None for row in rows) for side in (0, 2)]
    candidate, original = (next(iter(_more(n, shown)), None) for n, shown in zip(n_lines, n_shown, strict=True))
    head: Row = (("", "candidate"), "│", ("", "original"))
    tail: list[Row] = [(candidate, "│", original)] if candidate or original else []
    return grid_of([head, *rows, *tail], width)


def _stacked(sides: Sides, n_lines: list[int], width: int) -> RenderableType:
    n_digits = max((len(number) for side in sides for number, _ in side), default=0)
    grid = Table.grid(padding=0)
    grid.add_column(width=n_digits + 1, no_wrap=True)
    grid.add_column(width=width - n_digits - 1, no_wrap=True, overflow="ellipsis")
    for name, side, n in zip(("candidate", "original"), sides, n_lines, strict=True):
        grid.add_row(Text(""), Text(name, style="dim"))
        for number, code in [*side, *_more(n, len(side))]:
            grid.add_row(Text(f"{number:>{n_digits}} ", style="dim"), Text(code, style="" if number else "dim"))
    return grid
