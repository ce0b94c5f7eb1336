"""What the template shows, in its order. The template has no logic of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simdetect.model import Evidence, FileFinding, Layer, LineSpan, ScanReport, Verdict
from simdetect.report import words
from simdetect.report.html.bars import EXCLUDED, Segment, bar_segments, kind_of
from simdetect.report.html.code import CodeBook
from simdetect.report.html.highlight import highlighted
from simdetect.report.html.histogram import histogram
from simdetect.report.safe import clip, code_lines
from simdetect.report.source_texts import SourceTexts

__all__ = ["build_view"]

_N_STRONGEST = 3
_MAX_MAP = 30  # files in each half of the map
_MAX_TABLE = 100  # rows before "show more"
_MAX_PRINTED = 20  # files whose evidence is printed, and shown without a script
_MAX_EVIDENCE = 8  # pieces of each of them
_MAX_EXCLUDED = 10
_MAX_SKIPPED = 100
_EXCERPT_LINES = 12
_MAX_CODE_CHARS = 240

_EXCLUDED_MEANING = "agrees, but does not count"


def build_view(report: ScanReport, book: CodeBook, texts: SourceTexts | None) -> dict[str, Any]:
    """Everything the template names."""
    cry, lead, *why = _verdict(report)
    agreeing = words.agreeing(report)
    n_silent = len(report.findings) - len(agreeing)
    printed = _flagged(report) or agreeing[:_N_STRONGEST]
    mapped = [finding for finding in agreeing if words.layer_shares(finding)] or agreeing
    numbers = {id(finding): number for number, finding in enumerate(agreeing, 1)}
    return {
        "verdict": report.summary.verdict,
        "version": clip(str(report.tool.get("version", "")), 40),
        "schema": report.schema,
        "title": words.title(report),
        "cry": cry.capitalize(),
        "lead": lead,
        "why": why,
        "cards": _cards(report, agreeing),
        "asides": _asides(report),
        "review": words.review_words(report),
        "strongest": _strongest(report, numbers),
        "strongest_title": "Strongest evidence" if _flagged(report) else "Strongest agreement, not counted as evidence",
        "legend": _legend(report),
        "map": [_bar(numbers[id(finding)], finding) for finding in mapped[:_MAX_MAP]],
        "n_map_more": len(agreeing) - len(mapped[:_MAX_MAP]),
        "sources": _original_bars(report, agreeing, texts)[:_MAX_MAP],
        "histogram": histogram(report),
        "most_probable": _bar(_most_probable(agreeing) + 1, agreeing[_most_probable(agreeing)]) if agreeing else None,
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
        "degraded_title": _degraded_title(report),
        "warnings": [words.message(warning) for warning in report.warnings],
        "reach": words.reach_words(report),
        "inputs": _inputs(report),
        "settings": _settings(report),
    }


# --- the first screen ----------------------------------------------------------------------------------------------


def _verdict(report: ScanReport) -> list[str]:
    """A short cry and sentences. Where there are cards, they say how many files and how probable."""
    cry, sentence = words.headline(report)
    reason = words.message(report.summary.reason)
    if report.summary.verdict is Verdict.EVIDENCE and reason:
        return [cry, reason, *([] if report.summary.probability is not None else [words.probability_words(report)])]
    sentences = [cry, sentence[:1].upper() + sentence[1:], *([reason] if reason else [])]
    has_card = words.agreeing(report) and words.is_compared(report) and report.summary.probability is not None
    return sentences if has_card else [*sentences, words.probability_words(report)]


def _cards(report: ScanReport, agreeing: Sequence[FileFinding]) -> list[dict[str, str]]:
    """The numbers of the first screen. Each leads to the code it rests on, by one click or two."""
    if not words.is_compared(report) or not agreeing:
        return []
    summary = report.summary
    original_tokens = words.n(sum(original.n_tokens for original in report.originals), "token")
    of_originals = "original's" if len(report.originals) == 1 else "originals'"
    files = words.n(report.candidate.n_files, "analysed candidate file")
    cards = [
        ("Files with evidence", f"{summary.n_flagged_files:,}", f"of {files}", "#findings"),
        (
            "Candidate that agrees",
            words.percent(summary.candidate_coverage),
            f"of its {words.n(summary.candidate_tokens, 'token')}",
            "#map",
        ),
        (
            "Original that reappears",
            words.percent(summary.original_coverage),
            f"of the {of_originals} {original_tokens}",
            "#sources",
        ),
        ("Longest agreeing stretch", f"{summary.longest_match:,}", "candidate tokens", _longest(agreeing)),
    ]
    if summary.probability is not None:
        cards.insert(0, _probability_card(report, agreeing))
    return [dict(zip(("name", "value", "of", "href"), card, strict=True)) for card in cards]


def _probability_card(report: ScanReport, agreeing: Sequence[FileFinding]) -> tuple[str, str, str, str]:
    assert report.summary.probability is not None
    value, best = words.percent(report.summary.probability), _most_probable(agreeing)
    return "Probability of derivation", value, f"highest: {_tail(agreeing[best].candidate)}", f"#file-{best + 1}"


def _most_probable(agreeing: Sequence[FileFinding]) -> int:
    return max(range(len(agreeing)), key=lambda index: agreeing[index].probability or 0.0)


def _tail(path: str) -> str:
    shown = words.path(path)
    return shown if len(shown) <= 40 else "…" + shown[-39:]


def _longest(agreeing: Sequence[FileFinding]) -> str:
    """The piece of evidence with most tokens that counts."""
    pieces = [
        (evidence.n_tokens, -number, -index)
        for number, finding in enumerate(agreeing, 1)
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excluded is None
    ]
    if not pieces:
        return "#findings"
    _, number, index = max(pieces)
    return f"#file-{-number}-{-index}"


def _asides(report: ScanReport) -> list[dict[str, str]]:
    """What the first screen says in small print, with where it is shown."""
    asides = []
    rate = report.summary.false_positive_rate
    if rate is not None and rate.scores and report.summary.probability is not None:
        asides.append(("Independent implementations", _rate_words(report), "#independent"))
    excluded = words.exclusion_words(report)
    if excluded:
        asides.append(("Excluded", "; ".join(excluded), "#excluded"))
    skipped = [
        f"{words.n(len(group.entries), 'file')} {group.reason} ({group.side})"
        for group in words.skip_groups(report)
        if group.is_important
    ]
    n_routine = sum(len(group.entries) for group in words.skip_groups(report) if not group.is_important)
    routine = [f"{words.n(n_routine, 'other file')} without code to compare"] if n_routine else []
    if skipped or routine:
        asides.append(("Not analysed", "; ".join([*skipped, *routine]), "#skipped"))
    if words.degraded_files(report):
        asides.append(("Parsed with difficulty", _degraded_title(report), "#skipped"))
    return [dict(zip(("name", "text", "href"), aside, strict=True)) for aside in asides]


def _rate_words(report: ScanReport) -> str:
    rate = report.summary.false_positive_rate
    assert rate is not None
    return (
        f"in {rate.scored_as_high:,} of {words.n(rate.out_of, 'comparison')} of them some file scored as high "
        f"(upper 95% bound {words.percent(rate.upper_95)})"
    )


def _strongest(report: ScanReport, numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    """The pieces that convince most: counted, with an excerpt, highest bits, then most tokens.

    From files whose verdict is evidence; only when there are none, from the others.
    """
    found = [
        (finding, index, evidence)
        for finding in _flagged(report) or report.findings
        for index, evidence in enumerate(finding.evidence, 1)
        if evidence.excerpt and not evidence.excluded
    ]
    found.sort(key=lambda piece: (-(piece[2].bits or 0), -piece[2].n_tokens))
    return [
        _piece(report, finding, evidence, f"#file-{numbers[id(finding)]}-{index}")
        for finding, index, evidence in found[:_N_STRONGEST]
    ]


def _flagged(report: ScanReport) -> list[FileFinding]:
    return [finding for finding in report.findings if finding.verdict is Verdict.EVIDENCE]


# --- the map -------------------------------------------------------------------------------------------------------


def _legend(report: ScanReport) -> list[dict[str, str]]:
    used = {kind_of(evidence) for finding in report.findings for evidence in finding.evidence}
    legend = [{"kind": str(layer), "meaning": words.LAYER_MEANING[layer]} for layer in Layer if layer in used]
    return [*legend, *([{"kind": EXCLUDED, "meaning": _EXCLUDED_MEANING}] if EXCLUDED in used else [])]


def _bar(number: int, finding: FileFinding) -> dict[str, Any]:
    pieces = [(evidence.candidate, kind_of(evidence)) for evidence in finding.evidence]
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
                pieces.setdefault(key, []).append((evidence.original_span, kind_of(evidence)))
                tokens[key] = tokens.get(key, 0) + evidence.n_tokens
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
            _piece(report, finding, evidence, "") | {"anchor": f"file-{number}-{index}"}
            for index, evidence in enumerate(shown, 1)
        ],
        "n_more": words.n(n_more, "further agreement") if n_more > 0 else "",
    }


def _piece(report: ScanReport, finding: FileFinding, evidence: Evidence, href: str) -> dict[str, Any]:
    excerpt = evidence.excerpt
    original = words.original_name(report, evidence.source, evidence.original)
    own = (excerpt.candidate, excerpt.candidate_line) if excerpt else ((), 1)
    theirs = (excerpt.original, excerpt.original_line) if excerpt else ((), 1)
    return {
        "layer": evidence.layer,
        "meaning": words.LAYER_MEANING[evidence.layer],
        "tokens": words.evidence_words(evidence),
        "bits": "" if evidence.bits is None else f"{evidence.bits:,.0f} bits",
        "excluded": words.exclusion_of(evidence),
        "review": words.review_of(evidence),
        "href": href,
        "anchor": "",
        "candidate": _side(words.path(finding.candidate), evidence.candidate, *own, finding.language),
        "original": _side(original, evidence.original_span, *theirs, finding.language),
    }


def _side(name: str, span: LineSpan, lines: tuple[str, ...], first: int, language: str) -> dict[str, Any]:
    shown = highlighted(code_lines(lines, _EXCERPT_LINES, _MAX_CODE_CHARS), language)
    n_more = span.end_line - span.start_line + 1 - len(shown)
    return {
        "place": words.location(name, span),
        "lines": [{"number": first + index, "code": code} for index, code in enumerate(shown)],
        "n_more": words.n(n_more, "more line") if shown and n_more > 0 else "",
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
