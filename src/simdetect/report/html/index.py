"""What the page's script works on: every candidate file for the table, every piece of evidence for the code view.

Values are what is shown: paths visible and cut, words chosen here, so that the script needs no rules of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simdetect.model import Evidence, FileFinding, ScanReport, SharedText
from simdetect.report import words
from simdetect.report.html.bars import bar_segments, colour_of, kind_of, places_of
from simdetect.report.html.code import CANDIDATE, CodeBook
from simdetect.report.safe import clip

__all__ = ["evidence_lists", "table_rows"]

_ITEM_CHARS = 120


def table_rows(report: ScanReport, agreeing: Sequence[FileFinding]) -> list[dict[str, Any]]:
    """One row for each candidate file: those of `agreeing` in its order, then those without agreement, with less."""
    listed = {id(finding) for finding in agreeing}
    silent = [finding for finding in report.findings if id(finding) not in listed]
    return [*(_row(report, finding) for finding in agreeing), *(_about(finding) for finding in silent)]


def _about(finding: FileFinding) -> dict[str, Any]:
    return {
        "path": words.path(finding.candidate),
        "verdict": words.verdict_words(finding.verdict),
        "language": words.path(finding.language),
        "tokens": finding.n_tokens,
        "score": round(finding.score, 4) if finding.originals else None,
        "scoreText": words.score_of(finding),
    }


def _row(report: ScanReport, finding: FileFinding) -> dict[str, Any]:
    best = finding.originals[0] if finding.originals else None
    pieces = [(span, colour_of(evidence)) for evidence in finding.evidence for span, _ in places_of(evidence)]
    return _about(finding) | {
        "agrees": round(words.agreeing_share(finding), 4),
        "agreesText": words.percent(words.agreeing_share(finding)),
        "coverage": words.coverage_words(finding),
        "longest": finding.longest_match,
        "probability": None if finding.probability is None else round(finding.probability, 6),
        "probabilityText": "" if finding.probability is None else words.percent(finding.probability),
        "bits": None if finding.bits is None else round(finding.bits),
        "original": words.original_name(report, best.source, best.original) if best else "",
        "reappears": words.percent(best.original_coverage) if best else "",
        "kinds": sorted({kind_of(evidence) for evidence in finding.evidence}),
        "review": words.review_state(finding),
        "bar": bar_segments(finding.n_lines, pieces),
        "n": finding.n_evidence,
    }


def evidence_lists(report: ScanReport, agreeing: Sequence[FileFinding], book: CodeBook) -> list[dict[str, Any]]:
    """For each of `agreeing`: its pieces of evidence as listed, and the originals that rank for it."""
    return [
        {
            "code": book.index(CANDIDATE, finding.candidate),
            "lines": finding.n_lines,
            "pieces": [_piece(report, evidence, book) for evidence in finding.evidence],
            "originals": [_original(report, finding, index) for index in range(len(finding.originals))],
        }
        for finding in agreeing
    ]


def _piece(report: ScanReport, evidence: Evidence, book: CodeBook) -> dict[str, Any]:
    return {
        "kind": colour_of(evidence),  # to the script, a kind is what it paints
        "layer": evidence.layer,
        "words": words.evidence_words(evidence),
        "bits": "" if evidence.bits is None else f"{evidence.bits:,.0f} bits",
        "own": [evidence.candidate.start_line, evidence.candidate.end_line],
        "theirs": [evidence.original_span.start_line, evidence.original_span.end_line],
        "units": words.units_of(evidence),
        "items": [_item(item) for item in evidence.items],
        "original": words.original_name(report, evidence.source, evidence.original),
        "code": book.index(evidence.source, evidence.original),
        "excluded": words.exclusion_of(evidence),
        "reason": evidence.excluded.reason if evidence.excluded else "",
        "others": words.also_in_of(evidence),
        "review": words.review_of(evidence),
        "fingerprint": evidence.fingerprint,
    }


def _item(item: SharedText) -> list[Any]:
    """Text and line in the candidate, line and text in the original, and what is said of both."""
    candidate, original = clip(item.text, _ITEM_CHARS), clip(item.original_text or item.text, _ITEM_CHARS)
    return [candidate, item.candidate_line, item.original_line, original, words.item_words(item)]


def _original(report: ScanReport, finding: FileFinding, index: int) -> list[str]:
    match = finding.originals[index]
    return [
        words.original_name(report, match.source, match.original),
        words.percent(match.coverage),
        words.percent(match.original_coverage),
        f"{match.longest_match:,}",
    ]
