"""Two sides of code in a terminal, in step where their lines belong together.

Between the sides stands │ where both lines are the same, ≠ where they have the same structure, and nothing beside a
line that has no counterpart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

__all__ = ["Line", "Row", "Sides", "aligned", "broken", "grid_of"]

Line = tuple[str, str]
"""A line number, or "" beside words of our own, and the text."""
Sides = tuple[Sequence[Line], Sequence[Line]]
"""Lines of the candidate, lines of the original."""
Row = tuple[Line | None, str, Line | None]
"""A line of the candidate, the sign between them, a line of the original."""

_LONG = 60  # characters: more than a column holds in most terminals
_STATEMENT = re.compile(r"[^;{}]*[;{}]+|[^;{}]+")
_SAME, _DIFFERS, _ALONE = "│", "≠", " "


def broken(lines: list[Line]) -> list[Line]:
    """The only line of a side, where it is long, as a row for each statement: a minified file is all one line."""
    if len(lines) != 1 or len(lines[0][1]) <= _LONG:
        return lines
    [(number, text)] = lines
    return [(number, part.strip()) for part in _STATEMENT.findall(text) if part.strip()]


def aligned(sides: Sides) -> list[Row]:
    """Both sides as rows with their sign: a longest common subsequence of lines of one structure, others alone."""
    candidate, original = sides
    shapes = [[_shape(text) for _, text in side] for side in sides]
    rows: list[Row] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, shapes[0], shapes[1], autojunk=False).get_opcodes():
        if kind == "equal":
            pairs = zip(candidate[i:i_end], original[j:j_end], strict=True)
            rows += [(a, _SAME if a[1].split() == b[1].split() else _DIFFERS, b) for a, b in pairs]
        else:
            rows += [(line, _ALONE, None) for line in candidate[i:i_end]]
            rows += [(None, _ALONE, line) for line in original[j:j_end]]
    return rows


def _shape(line: str) -> str:
    """A line without what renaming changes: "int n = 3; /* x */" -> "w w = 0; /* w */" without spaces."""
    line = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", '"', line)
    return re.sub(r"\s+", "", re.sub(r"\b\d[\w.]*", "0", re.sub(r"[^\W\d]\w*", "w", line)))


def grid_of(rows: Sequence[Row], width: int, indent: int = 0) -> RenderableType:
    """The rows in `width` columns; lines that do not fit are cut."""
    digits = [max((len(line[0]) for line in side if line), default=0) for side in _sides(rows)]
    code_width = max(4, (width - indent - sum(digits) - 5) // 2)
    grid = Table.grid(padding=0)
    for column_width in (indent + digits[0] + 1, code_width, 3, digits[1] + 1, code_width):
        grid.add_column(width=column_width, no_wrap=True, overflow="ellipsis")
    for candidate, sign, original in rows:
        between = Text(f" {sign} ", style="yellow" if sign == _DIFFERS else "dim")
        grid.add_row(*_cells(candidate, sign, indent + digits[0]), between, *_cells(original, sign, digits[1]))
    return grid


def _sides(rows: Sequence[Row]) -> Iterator[list[Line | None]]:
    yield [row[0] for row in rows]
    yield [row[2] for row in rows]


def _cells(line: Line | None, sign: str, n_digits: int) -> tuple[Text, Text]:
    if line is None:
        return Text(""), Text("")
    number, code = line
    return Text(f"{number:>{n_digits}} ", style="dim"), Text(code, style="dim" if sign == _ALONE or not number else "")
