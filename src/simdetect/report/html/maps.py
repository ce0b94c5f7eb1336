"""Files as bars: where evidence lies in the candidate and where it comes from in the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simdetect.model import LAYERS, Evidence, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.html.bars import EXCLUDED, Segment, bar_segments, colour_of, kind_of, places_of
from simdetect.report.source_texts import SourceTexts

__all__ = ["candidate_bar", "legend", "original_bars"]

_EXCLUDED_MEANING = "agrees, but does not count"


def legend(report: ScanReport) -> list[dict[str, str]]:
    """The kinds that the evidence listed is of, with what they mean."""
    used = {kind_of(evidence) for finding in report.findings for evidence in finding.evidence}
    rows = [(str(layer), row.colour, row.meaning) for layer, row in LAYERS.items()]
    rows.append((EXCLUDED, EXCLUDED, _EXCLUDED_MEANING))
    return [dict(zip(("kind", "colour", "meaning"), row, strict=True)) for row in rows if row[0] in used]


def candidate_bar(number: int, finding: FileFinding) -> dict[str, Any]:
    """A candidate file. number: of its finding, from 1."""
    pieces = [(span, colour_of(evidence)) for evidence in finding.evidence for span, _ in places_of(evidence)]
    name = words.path(finding.candidate)
    return {
        "href": f"#file-{number}",
        "name": name,
        "share": words.percent(words.agreeing_share(finding)),
        "label": f"{name}: {words.coverage_words(finding)}",
        "segments": _segments(bar_segments(finding.n_lines, pieces)),
    }


def _segments(found: Sequence[Segment]) -> list[dict[str, str]]:
    return [{"x": f"{start:g}", "width": f"{width:g}", "colour": colour} for start, width, colour in found]


@dataclass(slots=True)
class _Original:
    """What counts in a file of the original. href: of its strongest piece."""

    href: str
    n_tokens: int = 0
    pieces: list[tuple[LineSpan, str]] = field(default_factory=list)

    def add(self, evidence: Evidence) -> None:
        self.n_tokens += evidence.n_tokens if words.is_code(evidence) else 0
        self.pieces += [(span, colour_of(evidence)) for _, span in places_of(evidence)]


def original_bars(
    report: ScanReport, agreeing: Sequence[FileFinding], texts: SourceTexts | None
) -> list[dict[str, Any]]:
    """The original's files in which counted evidence lies, most tokens first, each with its strongest piece."""
    found: dict[tuple[int, str], _Original] = {}
    for number, finding in enumerate(agreeing, 1):
        for index, evidence in enumerate(finding.evidence, 1):
            if evidence.excluded is None:
                key = (evidence.source, evidence.original)
                found.setdefault(key, _Original(f"#file-{number}-{index}")).add(evidence)
    ranked = sorted(found, key=lambda key: (-found[key].n_tokens, key))
    return [_original_bar(report, texts, key, found[key]) for key in ranked]


def _original_bar(
    report: ScanReport, texts: SourceTexts | None, key: tuple[int, str], original: _Original
) -> dict[str, Any]:
    name, share = words.original_name(report, *key), words.n(original.n_tokens, "token")
    content = texts.original(*key) if texts else None
    return {
        "href": original.href,
        "name": name,
        "share": share,
        "label": f"{name}: {share}",
        "segments": _segments(bar_segments((content or b"").count(b"\n"), original.pieces)),
    }
