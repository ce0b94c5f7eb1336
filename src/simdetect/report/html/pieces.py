"""One piece of evidence as the template shows it: about it, and its excerpt in colours."""

from __future__ import annotations

from typing import Any

from simdetect.model import Evidence, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.html.highlight import highlighted
from simdetect.report.safe import code_lines

__all__ = ["piece"]

_EXCERPT_LINES = 12
_MAX_TEXTS = 12
_MAX_CODE_CHARS = 240


def piece(report: ScanReport, finding: FileFinding, evidence: Evidence, href: str) -> dict[str, Any]:
    """What is shown of a piece of evidence. href: where all of its code is, "" for nowhere."""
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
        "others": words.also_in_of(evidence),
        "review": words.review_of(evidence),
        "units": words.units_of(evidence),
        "texts": words.items_words(evidence, _MAX_TEXTS),
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
