"""What the template shows, in its order. The template has no logic of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simdetect.model import FileFinding, Layer, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.html.bars import EXCLUDED, Segment, bar_segments, kind_of, places_of
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
from simdetect.report.html.pieces import piece
from simdetect.report.safe import clip
from simdetect.report.source_texts import SourceTexts

__all__ = ["build_view"]

_MAX_MAP = 30  # files in each half of the map
_MAX_TABLE = 100  # rows before "show more"
_MAX_PRINTED = 20  # files whose evidence is printed, and shown without a script
_MAX_EVIDENCE = 8  # pieces of each of them
_MAX_EXCLUDED = 10
_MAX_SKIPPED = 100

_EXCLUDED_MEANING = "agrees, but does not count"


def build_view(report: ScanReport, book: CodeBook, texts: SourceTexts | None) -> dict[str, Any]:
    """Everything the template names."""
    cry, lead, *why = verdict_lines(report)
    agreeing = words.agreeing(report)
    n_silent = len(report.findings) - len(agreeing)
    numbers = {id(finding): number for number, finding in enumerate(agreeing, 1)}
    printed = [finding for finding in flagged(report) if id(finding) in numbers] or agreeing[:N_STRONGEST]
    mapped = [finding for finding in agreeing if words.layer_shares(finding)] or agreeing
    return {
        "verdict": report.summary.verdict,
        "version": clip(str(report.tool.get("version", "")), 40),
        "schema": report.schema,
        "title": words.title(report),
        "cry": cry.capitalize(),
        "lead": lead,
        "why": why,
        "cards": cards(report, agreeing),
        "asides": asides(report),
        "control": words.control_words(report),
        "review": words.review_words(report),
        "strongest": strongest(report, numbers),
        "strongest_title": "Strongest evidence" if flagged(report) else "Strongest agreement, not counted as evidence",
        "legend": _legend(report),
        "map": [_bar(numbers[id(finding)], finding) for finding in mapped[:_MAX_MAP]],
        "n_map_more": len(agreeing) - len(mapped[:_MAX_MAP]),
        "sources": _original_bars(report, agreeing, texts)[:_MAX_MAP],
        "histogram": histogram(report),
        "most_probable": _bar(most_probable(agreeing) + 1, agreeing[most_probable(agreeing)]) if agreeing else None,
        "is_scored": any(finding.probability is not None for finding in report.findings),
        "rows": [_row(report, number, finding) for number, finding in enumerate(agreeing[:_MAX_TABLE], 1)],
        "n_agreeing": len(agreeing),
        "n_silent": n_silent,
        "silent": f"{words.n(n_silent, 'further candidate file')} without any agreement" if n_silent else "",
        "printed": [_printed(report, numbers[id(finding)], finding) for finding in printed[:_MAX_PRINTED]],
        "n_unprinted": len(agreeing) - len(printed[:_MAX_PRINTED]),
        "code": _code_words(report, book, texts),
        "exclusions": words.exclusion_words(report),
        "excluded": _excluded(report, numbers),
        "skips": _skips(report),
        "degraded": _degraded(report),
        "degraded_title": degraded_title(report),
        "warnings": [words.message(warning) for warning in report.warnings],
        "reach": words.reach_words(report),
        "inputs": _inputs(report),
        "settings": _settings(report),
    }


# --- the map -------------------------------------------------------------------------------------------------------


def _legend(report: ScanReport) -> list[dict[str, str]]:
    used = {kind_of(evidence) for finding in report.findings for evidence in finding.evidence}
    legend = [{"kind": str(layer), "meaning": words.LAYER_MEANING[layer]} for layer in Layer if layer in used]
    return [*legend, *([{"kind": EXCLUDED, "meaning": _EXCLUDED_MEANING}] if EXCLUDED in used else [])]


def _bar(number: int, finding: FileFinding) -> dict[str, Any]:
    pieces = [(own, kind_of(evidence)) for evidence in finding.evidence for own, _ in places_of(evidence)]
    name = words.path(finding.candidate)
    return {
        "href": f"#file-{number}",
        "name": name,
        "share": words.percent(words.agreeing_share(finding)),
        "label": f"{name}: {words.coverage_words(finding)}",
        "segments": _segments(bar_segments(finding.n_lines, pieces)),
    }


def _segments(found: Sequence[Segment]) -> list[dict[str, str]]:
    return [{"x": f"{start:g}", "width": f"{width:g}", "kind": kind} for start, width, kind in found]


def _original_bars(
    report: ScanReport, agreeing: Sequence[FileFinding], texts: SourceTexts | None
) -> list[dict[str, Any]]:
    """The original's files in which counted evidence lies, most tokens first, each with its strongest piece."""
    pieces: dict[tuple[int, str], list[tuple[LineSpan, str]]] = {}
    tokens: dict[tuple[int, str], int] = {}
    href: dict[tuple[int, str], str] = {}
    for number, finding in enumerate(agreeing, 1):
        for index, evidence in enumerate(finding.evidence, 1):
            if evidence.excluded is None:
                key = (evidence.source, evidence.original)
                spans = [(theirs, kind_of(evidence)) for _, theirs in places_of(evidence)]
                pieces.setdefault(key, []).extend(spans)
                tokens[key] = tokens.get(key, 0) + (evidence.n_tokens if words.is_code(evidence) else 0)
                href.setdefault(key, f"#file-{number}-{index}")
    ranked = sorted(pieces, key=lambda key: (-tokens[key], key))
    return [
        {
            "href": href[source, original],
            "name": words.original_name(report, source, original),
            "share": words.n(tokens[source, original], "token"),
            "label": f"{words.original_name(report, source, original)}: {words.n(tokens[source, original], 'token')}",
            "segments": _segments(bar_segments(_n_lines(texts, source, original), pieces[source, original])),
        }
        for source, original in ranked
    ]


def _n_lines(texts: SourceTexts | None, source: int, original: str) -> int:
    return texts.originals[source].get(original, b"").count(b"\n") if texts and source < len(texts.originals) else 0


# --- findings and evidence -----------------------------------------------------------------------------------------


def _row(report: ScanReport, number: int, finding: FileFinding) -> dict[str, Any]:
    best = finding.originals[0] if finding.originals else None
    return _bar(number, finding) | {
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


def _excluded(report: ScanReport, numbers: Mapping[int, int]) -> list[dict[str, str]]:
    """The heaviest pieces of evidence that do not count, with what says so."""
    found = [
        (evidence, finding, index)
        for finding in report.findings
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excluded
    ]
    found.sort(key=lambda piece: (-(piece[0].bits or 0), -piece[0].n_tokens))
    return [
        {
            "href": f"#file-{numbers[id(finding)]}-{index}",
            "place": words.location(words.path(finding.candidate), evidence.candidate),
            "original": words.location(
                words.original_name(report, evidence.source, evidence.original), evidence.original_span
            ),
            "tokens": words.evidence_words(evidence),
            "why": words.exclusion_of(evidence),
        }
        for evidence, finding, index in found[:_MAX_EXCLUDED]
    ]


# --- what was left out, and the small print ------------------------------------------------------------------------


def _skips(report: ScanReport) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{group.side}: {words.n(len(group.entries), 'file')} {group.reason} ({group.meaning})",
            "is_important": group.is_important,
            "entries": [
                {"path": words.path(entry.path), "detail": words.message(entry.detail)}
                for entry in group.entries[:_MAX_SKIPPED]
            ],
            "n_more": max(0, len(group.entries) - _MAX_SKIPPED),
        }
        for group in words.skip_groups(report)
    ]


def _degraded(report: ScanReport) -> list[dict[str, str]]:
    return [
        {"path": words.path(finding.candidate), "detail": words.message(finding.degraded or "")}
        for finding in words.degraded_files(report)
    ][:_MAX_SKIPPED]


def _inputs(report: ScanReport) -> list[dict[str, str]]:
    return [
        {
            "role": role,
            "label": words.path(item.label),
            "n_files": f"{item.n_files:,}",
            "n_discovered": f"{item.n_discovered:,}",
            "n_tokens": f"{item.n_tokens:,}",
            "languages": words.languages_words(item),
            "digest": clip(item.digest, 80),
        }
        for role, item in words.inputs(report)
    ]


def _settings(report: ScanReport) -> list[dict[str, Any]]:
    groups = (("Settings that affect the result", report.settings), ("Tool", report.tool), ("This run", report.run))
    return [{"name": name, "rows": _setting_rows(values)} for name, values in groups if values]


def _setting_rows(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(clip(str(name), 80), clip(_setting(values[name]), 2000)) for name in sorted(values)]


def _setting(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
