"""What the template shows, in its order. The template has no logic of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simdetect.model import FileFinding, ScanReport
from simdetect.report import words
from simdetect.report.html import small_print
from simdetect.report.html.code import CodeBook
from simdetect.report.html.first_screen import (
    N_STRONGEST,
    asides,
    cards,
    degraded_title,
    flagged,
    most_probable,
    strongest,
    verdict_lines,
)
from simdetect.report.html.histogram import histogram
from simdetect.report.html.maps import candidate_bar, legend, original_bars
from simdetect.report.html.pieces import piece
from simdetect.report.safe import clip
from simdetect.report.source_texts import SourceTexts

__all__ = ["build_view"]

_MAX_MAP = 30  # files in each half of the map
_MAX_TABLE = 100  # rows before "show more"
_MAX_PRINTED = 20  # files whose evidence is printed, and shown without a script
_MAX_EVIDENCE = 8  # pieces of each of them


def build_view(report: ScanReport, book: CodeBook, texts: SourceTexts | None) -> dict[str, Any]:
    """Everything the template names."""
    agreeing = words.agreeing(report)
    shown = _Shown(report, agreeing, {id(finding): number for number, finding in enumerate(agreeing, 1)})
    return {
        "version": clip(str(report.tool.get("version", "")), 40),
        "schema": report.schema,
        "title": words.title(report),
        **shown.first_screen(),
        **shown.map(texts),
        **shown.findings(),
        **shown.left_out(),
        "code": _code_words(report, book, texts),
        "warnings": [words.message(warning) for warning in report.warnings],
        "reach": words.reach_words(report),
        "inputs": small_print.inputs(report),
        "known": small_print.known(report),
        "settings": small_print.settings(report),
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """A report with its findings that agree, strongest first. numbers: of those, from 1, by `id`."""

    report: ScanReport
    agreeing: list[FileFinding]
    numbers: dict[int, int]

    def first_screen(self) -> dict[str, Any]:
        report = self.report
        cry, lead, *why = verdict_lines(report)
        title = "Strongest evidence" if flagged(report) else "Strongest agreement, not counted as evidence"
        return {
            "verdict": report.summary.verdict,
            "cry": cry.capitalize(),
            "lead": lead,
            "why": why,
            "cards": cards(report, self.agreeing),
            "asides": asides(report),
            "control": words.control_words(report),
            "review": words.review_words(report),
            "strongest": strongest(report, self.numbers),
            "strongest_title": title,
        }

    def map(self, texts: SourceTexts | None) -> dict[str, Any]:
        mapped = [finding for finding in self.agreeing if words.layer_shares(finding)] or self.agreeing
        best = most_probable(self.agreeing) if self.agreeing else None
        return {
            "legend": legend(self.report),
            "map": [candidate_bar(self.numbers[id(finding)], finding) for finding in mapped[:_MAX_MAP]],
            "n_map_more": len(self.agreeing) - len(mapped[:_MAX_MAP]),
            "sources": original_bars(self.report, self.agreeing, texts)[:_MAX_MAP],
            "histogram": histogram(self.report),
            "most_probable": None if best is None else candidate_bar(best + 1, self.agreeing[best]),
        }

    def findings(self) -> dict[str, Any]:
        report, agreeing = self.report, self.agreeing
        printed = [finding for finding in flagged(report) if id(finding) in self.numbers] or agreeing[:N_STRONGEST]
        n_silent = len(report.findings) - len(agreeing)
        return {
            "is_scored": any(finding.probability is not None for finding in report.findings),
            "rows": [_row(report, number, finding) for number, finding in enumerate(agreeing[:_MAX_TABLE], 1)],
            "n_agreeing": len(agreeing),
            "n_silent": n_silent,
            "silent": f"{words.n(n_silent, 'further candidate file')} without any agreement" if n_silent else "",
            "printed": [_printed(report, self.numbers[id(f)], f) for f in printed[:_MAX_PRINTED]],
            "n_unprinted": len(agreeing) - len(printed[:_MAX_PRINTED]),
        }

    def left_out(self) -> dict[str, Any]:
        return {
            "exclusions": words.exclusion_words(self.report),
            "excluded": small_print.excluded(self.report, self.numbers),
            "skips": small_print.skips(self.report),
            "degraded": small_print.degraded(self.report),
            "degraded_title": degraded_title(self.report),
        }


def _row(report: ScanReport, number: int, finding: FileFinding) -> dict[str, Any]:
    best = finding.originals[0] if finding.originals else None
    return candidate_bar(number, finding) | {
        "verdict": words.verdict_words(finding.verdict),
        "n_tokens": f"{finding.n_tokens:,}",
        "longest": f"{finding.longest_match:,}",
        "probability": "" if finding.probability is None else words.percent(finding.probability),
        "bits": "" if finding.bits is None else f"{finding.bits:,.0f}",
        "score": words.score_of(finding),
        "original": words.original_name(report, best.source, best.original) if best else "",
        "reappears": words.percent(best.original_coverage) if best else "",
    }


def _printed(report: ScanReport, number: int, finding: FileFinding) -> dict[str, Any]:
    shown = finding.evidence[:_MAX_EVIDENCE]
    n_more = finding.n_evidence - len(shown)
    return {
        "anchor": f"file-{number}",
        "name": words.path(finding.candidate),
        "coverage": words.coverage_words(finding),
        "evidence": [
            piece(report, finding, evidence, "") | {"anchor": f"file-{number}-{index}"}
            for index, evidence in enumerate(shown, 1)
        ],
        "n_more": words.n(n_more, "further agreement") if n_more > 0 else "",
    }


def _code_words(report: ScanReport, book: CodeBook, texts: SourceTexts | None) -> str:
    """How much code the page holds, so that a missing line is not taken for an empty file."""
    if not any(finding.evidence for finding in report.findings):
        return ""
    if texts is None and not book.blocks:
        return "This report holds no code: lines and digests only."
    if texts is None:
        return (
            "This report was made without the sources: of the strongest evidence it holds excerpts, of the rest lines."
        )
    left_out = f" For {words.n(book.n_left_out, 'file')} there was no room." if book.n_left_out else ""
    return (
        "Files of the strongest findings are embedded whole while there is room, then only what surrounds evidence."
        f"{left_out}"
    )
