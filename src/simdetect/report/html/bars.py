"""A file as a bar: where on its length evidence lies, and of which kind. The strongest evidence is painted on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from simdetect.model import LAYERS, Evidence, LineSpan

__all__ = ["EXCLUDED", "Segment", "bar_segments", "colour_of", "kind_of", "places_of"]

Segment = tuple[float, float, str]
"""Start and width in percent of the file, and the colour: a key of report.css."""

EXCLUDED = "excluded"  # a kind, and its colour
_CELLS = 160  # no bar is wide enough to show more


def kind_of(evidence: Evidence) -> str:
    """What a piece of evidence is filtered by: its layer, or that it does not count."""
    return EXCLUDED if evidence.excluded else str(evidence.layer)


def colour_of(evidence: Evidence) -> str:
    """What a piece of evidence is painted with."""
    return EXCLUDED if evidence.excluded else LAYERS[evidence.layer].colour


def places_of(evidence: Evidence) -> list[tuple[LineSpan, LineSpan]]:
    """Where evidence lies on both sides: its spans, or the single lines of the texts that it consists of."""
    if not evidence.items:
        return [(evidence.candidate, evidence.original_span)]
    lines = dict.fromkeys((item.candidate_line, item.original_line) for item in evidence.items)
    return [(LineSpan(i, i), LineSpan(j, j)) for i, j in lines]


def bar_segments(n_lines: int, pieces: Sequence[tuple[LineSpan, str]]) -> list[Segment]:
    """Stretches of one colour, from left to right. pieces: spans with their colours, strongest first."""
    n_lines = max([n_lines, 1, *(span.end_line for span, _ in pieces)])
    cells = [""] * min(_CELLS, max(n_lines, 40))
    excluded_last = sorted(pieces, key=lambda piece: piece[1] == EXCLUDED)
    for span, colour in reversed(excluded_last):
        first = (span.start_line - 1) * len(cells) // n_lines
        last = max(first + 1, -(-span.end_line * len(cells) // n_lines))
        cells[first:last] = [colour] * (min(last, len(cells)) - first)
    return list(_runs(cells))


def _runs(cells: Sequence[str]) -> Iterable[Segment]:
    at, unit = 0, 100 / len(cells)
    for colour, group in groupby(cells):
        n_cells = len(list(group))
        if colour:
            yield round(at * unit, 2), round(n_cells * unit, 2), colour
        at += n_cells
