"""One finding side by side in the terminal: every line of its evidence.

As everywhere, nothing from outside reaches the terminal as markup or control sequence.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from simdetect.errors import InputError
from simdetect.model import Evidence, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.safe import code_lines
from simdetect.report.side_by_side import Line, Row, aligned, grid_of
from simdetect.report.source_texts import SourceTexts
from simdetect.report.text import DEFAULT_WIDTH, MIN_WIDTH, evidence_line, finding_lines, printed

__all__ = ["render_finding"]

_MAX_CODE_CHARS = 400
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
    columns = max(MIN_WIDTH, width or DEFAULT_WIDTH)
    return printed(_blocks(report, number, agreeing[number - 1], texts, columns), columns, color)


def _blocks(
    report: ScanReport, number: int, finding: FileFinding, texts: SourceTexts | None, width: int
) -> Iterator[RenderableType]:
    yield Text.assemble((f"{number}. ", "dim"), (words.path(finding.candidate), "bold"), overflow="fold")
    yield from (Padding(Text(line, overflow="fold"), (0, 0, 0, 3)) for line in finding_lines(report, finding))
    for index, evidence in enumerate(finding.evidence, 1):
        yield Text("")
        yield Text.assemble((f"{number}.{index} ", "dim"), evidence_line(report, finding, evidence), overflow="fold")
        yield Text(f"    fingerprint {evidence.fingerprint}", style="dim")
        yield from _code(finding, evidence, texts, width)
    n_more = finding.n_evidence - len(finding.evidence)
    if n_more > 0:
        yield Text(f"\nand {words.n(n_more, 'weaker agreement')} that the report does not list", style="dim")


def _code(finding: FileFinding, evidence: Evidence, texts: SourceTexts | None, width: int) -> Iterator[RenderableType]:
    own, theirs = _sides(finding, evidence, texts)
    if evidence.items and texts is not None and own and theirs:
        yield grid_of(_text_rows(evidence, own, theirs), width, _INDENT)
    elif evidence.items:
        yield from (Text(f"    {words.message(item.text)}", style="dim") for item in evidence.items)
    elif own or theirs:
        yield grid_of(aligned(own, theirs), width, _INDENT)
    else:
        yield Text("    (no code in this report; --candidate and --original show it)", style="dim")


def _text_rows(evidence: Evidence, own: list[Line], theirs: list[Line]) -> list[Row]:
    """The lines in which the texts of a piece of evidence stand, in its order, each pair once."""
    by_line = [dict(side) for side in (own, theirs)]
    pairs = dict.fromkeys((str(item.candidate_line), str(item.original_line)) for item in evidence.items)
    return [((a, by_line[0].get(a, "")), "↔", (b, by_line[1].get(b, ""))) for a, b in pairs]


def _sides(finding: FileFinding, evidence: Evidence, texts: SourceTexts | None) -> tuple[list[Line], list[Line]]:
    """Both sides of a piece of evidence: all of it when there are sources, its excerpt otherwise."""
    excerpt = evidence.excerpt
    own = theirs = None
    if texts is not None:
        own = texts.candidate.get(finding.candidate)
        originals = texts.originals[evidence.source] if evidence.source < len(texts.originals) else {}
        theirs = originals.get(evidence.original)
    if own and theirs:
        return _of_file(own, evidence.candidate), _of_file(theirs, evidence.original_span)
    if excerpt is None:
        return [], []
    return _numbered(excerpt.candidate, excerpt.candidate_line), _numbered(excerpt.original, excerpt.original_line)


def _of_file(content: bytes, span: LineSpan) -> list[Line]:
    lines = content.decode("utf-8", "replace").split("\n")[span.start_line - 1 : span.end_line]
    return _numbered(tuple(lines), span.start_line)


def _numbered(lines: tuple[str, ...], first: int) -> list[Line]:
    return [(str(first + index), line) for index, line in enumerate(code_lines(lines, _MAX_LINES, _MAX_CODE_CHARS))]
