"""A file as a bar: where on its length evidence lies, and of which kind. The strongest evidence is painted on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from simdetect.model import Evidence, LineSpan

__all__ = ["EXCLUDED", "Segment", "bar_segments", "kind_of", "places_of"]

Segment = tuple[float, float, str]
"""Start and width in percent of the file, and the kind: a layer, or EXCLUDED."""

EXCLUDED = "excluded"
_CELLS = 160  # no bar is wide enough to show more


def kind_of(evidence: Evidence) -> str:
    """What a piece of evidence is drawn as: its layer, or that it does not count."""
    return EXCLUDED if evidence.excluded else str(evidence.layer)


def places_of(evidence: Evidence) -> list[tuple[LineSpan, LineSpan]]:
    """Where evidence lies on both sides: its spans, or the single lines of the texts that it consists of."""
    if not evidence.items:
        return [(evidence.candidate, evidence.original_span)]
    lines = dict.fromkeys((item.candidate_line, item.original_line) for item in evidence.items)
    return [(LineSpan(own, own), LineSpan(theirs, theirs)) for own, theirs in lines]


def bar_segments(n_lines: int, pieces: Sequence[tuple[LineSpan, str]]) -> list[Segment]:
    """Stretches of one kind, from left to right. pieces: spans with their kinds, strongest first."""
    n_lines = max([n_lines, 1, *(span.end_line for span, _ in pieces)])
    cells = [""] * min(_CELLS, max(n_lines, 40))
    excluded_last = sorted(pieces, key=lambda piece: piece[1] == EXCLUDED)
    for span, kind in reversed(excluded_last):
        first = (span.start_line - 1) * len(cells) // n_lines
        last = max(first + 1, -(-span.end_line * len(cells) // n_lines))
        cells[first:last] = [kind] * (min(last, len(cells)) - first)
    return list(_runs(cells))


def _runs(cells: Sequence[str]) -> Iterable[Segment]:
    at, unit = 0, 100 / len(cells)
    for kind, group in groupby(cells):
        n_cells = len(list(group))
        if kind:
            yield round(at * unit, 2), round(n_cells * unit, 2), kind
        at += n_cells
