"""One piece of evidence as the template shows it: about it, and its excerpt in colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simdetect.model import LAYERS, Evidence, Excerpt, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.html.highlight import highlighted
from simdetect.report.safe import code_lines

__all__ = ["piece"]

_EXCERPT_LINES = 12
_MAX_TEXTS = 12
_MAX_CODE_CHARS = 240
_NO_EXCERPT = Excerpt((), (), 1, 1)


def piece(report: ScanReport, finding: FileFinding, evidence: Evidence, href: str) -> dict[str, Any]:
    """What is shown of a piece of evidence. href: where all of its code is, "" for nowhere."""
    excerpt = evidence.excerpt or _NO_EXCERPT
    candidate = _Side(words.candidate_place(finding, evidence), evidence.candidate)
    original = _Side(words.original_place(report, evidence), evidence.original_span)
    return {
        "layer": evidence.layer,
        "colour": LAYERS[evidence.layer].colour,
        "meaning": LAYERS[evidence.layer].meaning,
        "tokens": words.evidence_words(evidence),
        "bits": "" if evidence.bits is None else f"{evidence.bits:,.0f} bits",
        "excluded": words.exclusion_of(evidence),
        "others": words.also_in_of(evidence),
        "review": words.review_of(evidence),
        "units": words.units_of(evidence),
        "texts": words.items_words(evidence, _MAX_TEXTS),
        "href": href,
        "anchor": "",
        "candidate": candidate.shown(excerpt.candidate, excerpt.candidate_line, finding.language),
        "original": original.shown(excerpt.original, excerpt.original_line, finding.language),
    }


@dataclass(frozen=True, slots=True)
class _Side:
    place: str
    span: LineSpan

    def shown(self, lines: tuple[str, ...], first: int, language: str) -> dict[str, Any]:
        """The lines of an excerpt in colours. first: number of the first."""
        coloured = highlighted(code_lines(lines, _EXCERPT_LINES, _MAX_CODE_CHARS), language)
        n_more = self.span.end_line - self.span.start_line + 1 - len(coloured)
        return {
            "place": self.place,
            "lines": [{"number": first + index, "code": code} for index, code in enumerate(coloured)],
            "n_more": words.n(n_more, "more line") if coloured and n_more > 0 else "",
        }
