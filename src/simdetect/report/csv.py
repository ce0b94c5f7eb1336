"""The report as a table for spreadsheets: one row per piece of evidence, and one for each file without any.

A cell that a spreadsheet would run as a formula gets a leading apostrophe. Rows end with a line feed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from simdetect.model import Evidence, FileFinding, ScanReport
from simdetect.report import words
from simdetect.report.safe import clip_middle

__all__ = ["COLUMNS", "Cell", "cell_of", "render_csv"]

COLUMNS = (
    "candidate",
    "language",
    "file_verdict",
    "file_probability",
    "file_bits",
    "file_score",
    "file_n_tokens",
    "file_matched_tokens",
    "layer",
    "candidate_start_line",
    "candidate_end_line",
    "original_input",
    "original",
    "original_start_line",
    "original_end_line",
    "n_tokens",
    "n_verbatim",
    "bits",
    "excluded_reason",
    "excluded_by",
    "fingerprint",
    "candidate_unit",
    "original_unit",
    "texts",
    "review_status",
    "review_reason",
    "review_by",
    "also_in",
    "also_in_out_of",
    "bits_left",
    "scan_verdict",
    "scan_reason",
)
_MAX_CELL_CHARS = 32_000  # spreadsheets end a cell at 32,767
_FORMULA_START = ("=", "+", "-", "@")

Cell = str | int | float | None


def render_csv(report: ScanReport) -> str:
    """The evidence listed in the report, as CSV with a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in report.findings:
        writer.writerows([cell_of(value) for value in row] for row in _rows(report, finding))
    return out.getvalue()


def _rows(report: ScanReport, finding: FileFinding) -> Iterator[tuple[Cell, ...]]:
    matched = sum(finding.matched_tokens.values())
    summary = (report.summary.verdict, words.message(report.summary.reason))
    about = (
        finding.candidate,
        finding.language,
        finding.verdict,
        finding.probability,
        finding.bits,
        finding.score,
        finding.n_tokens,
        matched,
    )
    if not finding.evidence:
        yield about + (None,) * (len(COLUMNS) - len(about) - len(summary)) + summary
    for evidence in finding.evidence:
        yield about + _evidence_cells(report, evidence) + summary


def _evidence_cells(report: ScanReport, evidence: Evidence) -> tuple[Cell, ...]:
    excluded = evidence.excluded
    return (
        evidence.layer,
        evidence.candidate.start_line,
        evidence.candidate.end_line,
        report.originals[evidence.source].label,
        evidence.original,
        evidence.original_span.start_line,
        evidence.original_span.end_line,
        evidence.n_tokens,
        evidence.n_verbatim,
        evidence.bits,
        excluded.reason if excluded else None,
        excluded.by if excluded else None,
        evidence.fingerprint,
        evidence.candidate_unit,
        evidence.original_unit,
        words.items_words(evidence, max(evidence.n_tokens, len(evidence.items))),
        evidence.review.status if evidence.review else None,
        evidence.review.reason if evidence.review else None,
        evidence.review.by if evidence.review else None,
        evidence.also_in.n if evidence.also_in else None,
        evidence.also_in.out_of if evidence.also_in else None,
        evidence.also_in.bits_left if evidence.also_in else None,
    )


def cell_of(value: Cell) -> str | int:
    """A value as a cell that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = clip_middle(value, _MAX_CELL_CHARS)
        return f"'{text}" if text.startswith(_FORMULA_START) else text
    return f"{value:.6f}" if isinstance(value, float) else value
