"""One finding side by side in the terminal: every line of its evidence.

As everywhere, nothing from outside reaches the terminal as markup or control sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from simdetect.errors import InputError
from simdetect.model import Evidence, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.safe import code_lines
from simdetect.report.source_texts import SourceTexts
from simdetect.report.text.console import columns_of, printed
from simdetect.report.text.findings import evidence_line, finding_lines
from simdetect.report.text.side_by_side import Line, Row, Sides, aligned, broken, grid_of

__all__ = ["render_finding"]

_MAX_CODE_CHARS = 400
_FAR_COLUMN = 120  # a line in which the agreement begins beyond it is shown from there on
_MAX_LINES = 2000  # of one piece of evidence
_INDENT = 4


def render_finding(
    report: ScanReport, number: int, texts: SourceTexts | None = None, *, width: int | None = None, color: bool = False
) -> str:
    """The evidence of one file, as lines of at most `width` columns.

    number: of the finding, from 1, as the text and HTML reports count. texts: the sources; without them the excerpts.

    Raises:
        InputError: there is no such finding.
    """
    agreeing = words.agreeing(report)
    if not 1 <= number <= len(agreeing):
        known = f"they are numbered 1 to {len(agreeing)}" if agreeing else "the report has none"
        raise InputError(f"there is no finding {number}: {known}")
    columns = columns_of(width)
    return printed(_Finding(report, number, agreeing[number - 1], texts, columns).blocks(), columns, color)


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding as blocks of `width` columns. number: of the finding, from 1. texts: the sources, if there are any."""

    report: ScanReport
    number: int
    finding: FileFinding
    texts: SourceTexts | None
    width: int

    def blocks(self) -> Iterator[RenderableType]:
        number, finding = self.number, self.finding
        yield Text.assemble((f"{number}. ", "dim"), (words.path(finding.candidate), "bold"), overflow="fold")
        yield from (Padding(Text(line, overflow="fold"), (0, 0, 0, 3)) for line in finding_lines(self.report, finding))
        for index, evidence in enumerate(finding.evidence, 1):
            line = evidence_line(self.report, finding, evidence)
            yield Text("")
            yield Text.assemble((f"{number}.{index} ", "dim"), line, overflow="fold")
            yield Text(f"    fingerprint {evidence.fingerprint}", style="dim")
            yield from self._code(evidence)
        n_more = finding.n_evidence - len(finding.evidence)
        if n_more > 0:
            yield Text(f"\nand {words.n(n_more, 'weaker agreement')} that the report does not list", style="dim")

    def _code(self, evidence: Evidence) -> Iterator[RenderableType]:
        candidate, original = sides = self._sides(evidence)
        if evidence.items and self.texts is not None and candidate and original:
            yield grid_of(_text_rows(evidence, sides), self.width, _INDENT)
        elif evidence.items:
            yield from (Text(f"    {words.message(item.text)}", style="dim") for item in evidence.items)
        elif candidate or original:
            yield grid_of(aligned(sides), self.width, _INDENT)
        else:
            yield Text("    (no code in this report; --candidate and --original show it)", style="dim")

    def _sides(self, evidence: Evidence) -> Sides:
        """Candidate and original of a piece of evidence: all of it when there are sources, its excerpt otherwise."""
        candidate = self.texts.candidate.get(self.finding.candidate) if self.texts else None
        original = self.texts.original(evidence.source, evidence.original) if self.texts else None
        if candidate and original:
            return _of_file(candidate, evidence.candidate), _of_file(original, evidence.original_span)
        excerpt = evidence.excerpt
        if excerpt is None:
            return [], []
        return _numbered(excerpt.candidate, excerpt.candidate_line), _numbered(excerpt.original, excerpt.original_line)


def _text_rows(evidence: Evidence, sides: Sides) -> list[Row]:
    """The lines in which the texts of a piece of evidence stand, in its order, each pair once."""
    candidate, original = dict(sides[0]), dict(sides[1])
    pairs = dict.fromkeys((str(item.candidate_line), str(item.original_line)) for item in evidence.items)
    return [((a, candidate.get(a, "")), "↔", (b, original.get(b, ""))) for a, b in pairs]


def _of_file(content: bytes, span: LineSpan) -> list[Line]:
    lines = content.decode("utf-8", "replace").split("\n")[span.start_line - 1 : span.end_line]
    if lines and (span.start_column or 1) > _FAR_COLUMN:
        lines[0] = "…" + lines[0][(span.start_column or 1) - 1 :]
    return _numbered(tuple(lines), span.start_line)


def _numbered(lines: tuple[str, ...], first: int) -> list[Line]:
    shown = code_lines(lines, _MAX_LINES, _MAX_CODE_CHARS)
    return broken([(str(first + index), line) for index, line in enumerate(shown)])
