"""The report as one HTML file that loads nothing and runs nothing.

Three lines of defence against hostile paths and code: every value is made visible and then escaped by Jinja2's
autoescape; the Content-Security-Policy allows only the style sheet that stands in the file, by its hash; there is no
script, form or external reference at all. Bars are SVG rectangles because the policy forbids style attributes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simdetect.model import Evidence, FileFinding, Layer, LineSpan, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.highlight import highlighted
from simdetect.report.safe import clip, code_lines, visible

__all__ = ["render_html"]

_N_STRONGEST = 3
_MAX_EVIDENCE = 20
_MAX_SKIPPED = 100
_EXCERPT_LINES = 40
_MAX_CODE_CHARS = 240
_MIN_SEGMENT = 0.4  # percent of the bar; less cannot be seen


@dataclass(frozen=True, slots=True)
class _Limits:
    """Most files in the map, in the table, and with their evidence: larger pages open slowly."""

    map: int = 200
    table: int = 2000
    files: int = 200


def render_html(report: ScanReport) -> str:
    """A complete HTML document."""
    css = _css()
    page = _environment().get_template("report.html.j2")
    return page.render(view=_view(report), css=Markup(css), policy=_policy(css), limits=_Limits()) + "\n"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("simdetect.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _css() -> str:
    text = resources.files("simdetect.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return "\n" + text.replace("\r\n", "\n")


def _policy(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _view(report: ScanReport) -> dict[str, Any]:
    """What the template shows, in its order; the template has no logic of its own."""
    cry, sentence = words.headline(report)
    agreeing = words.agreeing(report)
    n_silent = len(report.findings) - len(agreeing)
    return {
        "verdict": report.summary.verdict,
        "version": clip(str(report.tool.get("version", "")), 40),
        "schema": report.schema,
        "title": words.title(report),
        "cry": cry,
        "sentence": sentence,
        "reason": words.message(report.summary.reason),
        "probability": words.probability_words(report),
        "cards": _cards(report),
        "strongest": _strongest(report),
        "strongest_title": "Strongest evidence" if _flagged(report) else "Strongest agreement, not counted as evidence",
        "legend": _legend(report),
        "is_scored": any(finding.probability is not None for finding in report.findings),
        "files": [_file(report, number, finding) for number, finding in enumerate(agreeing, 1)],
        "n_silent": words.n(n_silent, "further candidate file") if n_silent else "",
        "exclusions": words.exclusion_words(report),
        "skips": _skips(report),
        "degraded": _degraded(report),
        "degraded_title": _degraded_title(report),
        "warnings": [words.message(warning) for warning in report.warnings],
        "reach": words.reach_words(report),
        "inputs": _inputs(report),
        "settings": _settings(report),
    }


def _cards(report: ScanReport) -> list[dict[str, str]]:
    summary = report.summary
    original_tokens = sum(original.n_tokens for original in report.originals)
    of_originals = "original's" if len(report.originals) == 1 else "originals'"
    rows = (
        (
            "Candidate that agrees",
            words.percent(summary.candidate_coverage),
            f"of its {words.n(summary.candidate_tokens, 'token')}",
        ),
        (
            "Original that reappears",
            words.percent(summary.original_coverage),
            f"of the {of_originals} {words.n(original_tokens, 'token')}",
        ),
        (
            "Files with evidence",
            f"{summary.n_flagged_files:,}",
            f"of {words.n(report.candidate.n_files, 'analysed candidate file')}",
        ),
        ("Longest agreeing stretch", f"{summary.longest_match:,}", "candidate tokens"),
        ("Candidate analysed", words.percent(summary.analysed_share), "of its bytes of code"),
    )
    return [{"name": name, "value": value, "of": of} for name, value, of in rows]


def _legend(report: ScanReport) -> list[dict[str, str]]:
    listed = [evidence for finding in report.findings for evidence in finding.evidence]
    used = {evidence.layer for evidence in listed if not evidence.excluded}
    legend = [{"css": layer, "name": layer, "meaning": words.LAYER_MEANING[layer]} for layer in Layer if layer in used]
    if any(evidence.excluded for evidence in listed):
        legend.append({"css": "excluded", "name": "excluded", "meaning": "agrees, but does not count"})
    return legend


# --- findings and evidence -----------------------------------------------------------------------------------------


def _strongest(report: ScanReport) -> list[dict[str, Any]]:
    """The pieces that convince most: counted, with an excerpt, highest bits, then most tokens.

    From files whose verdict is evidence; only when there are none, from the others.
    """
    found = [
        (finding, evidence)
        for finding in _flagged(report) or report.findings
        for evidence in finding.evidence
        if evidence.excerpt and not evidence.excluded
    ]
    found.sort(key=lambda pair: (-(pair[1].bits or 0), -pair[1].n_tokens))
    return [_piece(report, finding, evidence) for finding, evidence in found[:_N_STRONGEST]]


def _flagged(report: ScanReport) -> list[FileFinding]:
    return [finding for finding in report.findings if finding.verdict is Verdict.EVIDENCE]


def _file(report: ScanReport, number: int, finding: FileFinding) -> dict[str, Any]:
    best = finding.originals[0] if finding.originals else None
    is_open = number <= _Limits().files
    shown = finding.evidence[:_MAX_EVIDENCE] if is_open else ()
    n_more = finding.n_evidence - len(shown)
    total = min(1.0, sum(share for _, share in words.layer_shares(finding)))
    return {
        "anchor": f"file-{number}",
        "candidate": words.path(finding.candidate),
        "verdict": _verdict_word(finding.verdict),
        "share": words.percent(total),
        "coverage": words.coverage_words(finding),
        "n_tokens": f"{finding.n_tokens:,}",
        "longest": f"{finding.longest_match:,}",
        "probability": "" if finding.probability is None else words.percent(finding.probability),
        "original": words.original_name(report, best.source, best.original) if best else "",
        "original_share": words.percent(best.original_coverage) if best else "",
        "originals": _originals(report, finding) if is_open else [],
        "is_open": is_open,
        "spans": [_segment(finding, evidence) for evidence in finding.evidence],
        "map_label": f"{words.path(finding.candidate)}: {words.coverage_words(finding)}",
        "evidence": [_piece(report, finding, evidence) for evidence in shown],
        "n_more": words.n(n_more, "further agreement") if n_more > 0 else "",
    }


def _verdict_word(verdict: Verdict) -> str:
    return verdict.value.replace("-", " ")


def _originals(report: ScanReport, finding: FileFinding) -> list[dict[str, str]]:
    return [
        {
            "name": words.original_name(report, match.source, match.original),
            "coverage": words.percent(match.coverage),
            "original_coverage": words.percent(match.original_coverage),
            "longest": f"{match.longest_match:,}",
        }
        for match in finding.originals
    ]


def _segment(finding: FileFinding, evidence: Evidence) -> dict[str, str]:
    """Where evidence lies in the candidate file, in percent of its lines."""
    n_lines = max(finding.n_lines, evidence.candidate.end_line, 1)
    first, last = evidence.candidate.start_line - 1, evidence.candidate.end_line
    width = max(_MIN_SEGMENT, 100 * (last - first) / n_lines)
    start = min(100 * first / n_lines, 100 - width)
    lines = f"lines {evidence.candidate.start_line} to {evidence.candidate.end_line}"
    css = "excluded" if evidence.excluded else str(evidence.layer)
    return {"css": css, "x": f"{start:.2f}", "width": f"{width:.2f}", "title": f"{lines}: {css}"}


def _piece(report: ScanReport, finding: FileFinding, evidence: Evidence) -> dict[str, Any]:
    excerpt = evidence.excerpt
    original = words.original_name(report, evidence.source, evidence.original)
    own = (excerpt.candidate, excerpt.candidate_line) if excerpt else ((), 1)
    theirs = (excerpt.original, excerpt.original_line) if excerpt else ((), 1)
    return {
        "layer": evidence.layer,
        "meaning": words.LAYER_MEANING[evidence.layer],
        "tokens": words.evidence_words(evidence),
        "bits": "" if evidence.bits is None else f"{evidence.bits:,.0f} bits",
        "excluded": _exclusion(evidence),
        "candidate": _side(words.path(finding.candidate), evidence.candidate, *own, finding.language),
        "original": _side(original, evidence.original_span, *theirs, finding.language),
    }


def _exclusion(evidence: Evidence) -> str:
    if evidence.excluded is None:
        return ""
    by = f" ({words.path(evidence.excluded.by)})" if evidence.excluded.by else ""
    return f"{evidence.excluded.reason}{by}"


def _side(name: str, span: LineSpan, lines: tuple[str, ...], first: int, language: str) -> dict[str, Any]:
    shown = highlighted(code_lines(lines, _EXCERPT_LINES, _MAX_CODE_CHARS), language)
    n_more = span.end_line - span.start_line + 1 - len(shown)
    return {
        "place": words.location(name, span),
        "lines": [{"number": first + index, "code": code} for index, code in enumerate(shown)],
        "n_more": words.n(n_more, "more line") if shown and n_more > 0 else "",
    }


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


def _degraded_title(report: ScanReport) -> str:
    files = words.n(len(words.degraded_files(report)), "candidate file")
    return f"{files} compared as plain tokens instead of from a syntax tree"


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
