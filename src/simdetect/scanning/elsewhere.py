"""Third programs that have a piece of evidence too: then both sides may have it from there.

Shared ancestry is no recall of the original. What is found changes no number: the report says where else it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.findings.report import summary_of
from simdetect.layers.all import Models, compare
from simdetect.layers.code import matched
from simdetect.matching.comparison import Comparison
from simdetect.model import (
    AnalysedFile,
    AnalysedTree,
    ElsewhereMatch,
    Evidence,
    FileFinding,
    LineSpan,
    MatchTable,
    ScanReport,
)
from simdetect.options import ScanOptions
from simdetect.weighing.limits import FLOOR_BITS

__all__ = ["with_elsewhere"]

_MOST_LISTED = 3  # third programs of one piece of evidence
_LEAST_SHARE = 0.5  # of its lines


@dataclass(frozen=True, slots=True)
class _Place:
    """A region of a candidate file that a third program has too."""

    lines: LineSpan
    match: ElsewhereMatch


def with_elsewhere(
    report: ScanReport, candidate: AnalysedTree, others: Sequence[AnalysedTree], options: ScanOptions
) -> ScanReport:
    """The report with what third programs have too. others: in the order in which the report lists them."""
    if not others:
        return report
    places = _places(candidate, others, options)
    findings = tuple(_marked(finding, places.get(finding.candidate, [])) for finding in report.findings)
    return replace(report, findings=findings, elsewhere=tuple(map(summary_of, others)))


def _marked(finding: FileFinding, places: Sequence[_Place]) -> FileFinding:
    return (
        replace(finding, evidence=tuple(_with_places(item, places) for item in finding.evidence)) if places else finding
    )


def _with_places(evidence: Evidence, places: Sequence[_Place]) -> Evidence:
    """The evidence with the strongest place of each third program that has enough of its lines."""
    best: dict[int, ElsewhereMatch] = {}
    for place in places:
        if _shared(evidence.candidate, place.lines) >= _LEAST_SHARE:
            known = best.get(place.match.source)
            if known is None or place.match.bits > known.bits:
                best[place.match.source] = place.match
    chosen = sorted(best.values(), key=lambda match: (-match.bits, match.source))[:_MOST_LISTED]
    return replace(evidence, elsewhere=tuple(chosen))


def _shared(own: LineSpan, other: LineSpan) -> float:
    """Share of the lines of one span that lie in another."""
    both = min(own.end_line, other.end_line) - max(own.start_line, other.start_line) + 1
    return max(0, both) / (own.end_line - own.start_line + 1)


def _places(
    candidate: AnalysedTree, others: Sequence[AnalysedTree], options: ScanOptions
) -> Mapping[str, list[_Place]]:
    """Regions of every candidate file that third programs have too, by path."""
    comparison = compare(candidate, others, options, Models.of(options))
    found_alone = matched(comparison, options)
    table, alone = found_alone.table, found_alone.alone
    labels = [(index, summary_of(tree).label) for index, tree in enumerate(others) for _ in tree.files]
    found: dict[str, list[_Place]] = {}
    for row in np.flatnonzero(alone.total >= FLOOR_BITS).tolist():
        path, place = _place(comparison, table, row, labels, float(alone.total[row]))
        found.setdefault(path, []).append(place)
    return found


def _place(
    comparison: Comparison, table: MatchTable, row: int, labels: Sequence[tuple[int, str]], bits: float
) -> tuple[str, _Place]:
    own = comparison.candidate.files[int(table.candidate_file[row])]
    number = int(table.original_file[row])
    other = comparison.original.files[number]
    lines = LineSpan(*_lines(own, int(table.candidate_start[row]), int(table.candidate_end[row])))
    span = LineSpan(*_lines(other, int(table.original_start[row]), int(table.original_end[row])))
    return own.path, _Place(lines, ElsewhereMatch(*labels[number], other.path, span, bits))


def _lines(file: AnalysedFile, start: int, end: int) -> Iterator[int]:
    """First and last line of a span of tokens."""
    yield file.line(int(file.tokens.start[start]))
    yield file.line(int(file.tokens.start[end - 1]))
