"""One finding side by side in the terminal: every line of its evidence, in step where the lines belong together.

Between the sides stands │ where both lines are the same, ≠ where they have the same structure, and nothing beside a
line that has no counterpart. As everywhere, nothing from outside reaches the terminal as markup or control sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simdetect.errors import InputError
from simdetect.model import Evidence, FileFinding, LineSpan, ScanReport
from simdetect.report import words
from simdetect.report.safe import code_lines
from simdetect.report.source_texts import SourceTexts
from simdetect.report.text import DEFAULT_WIDTH, MIN_WIDTH, evidence_line, finding_lines, printed

__all__ = ["render_finding"]

_MAX_CODE_CHARS = 400
_MAX_LINES = 2000  # of one piece of evidence
_SAME, _DIFFERS, _ALONE = "│", "≠", " "
_Line = tuple[int, str]
_Row = tuple[_Line | None, str, _Line | None]


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
    if own or theirs:
        yield _grid(_rows(own, theirs), width)
    else:
        yield Text("    (no code in this report; --candidate and --original show it)", style="dim")


def _sides(finding: FileFinding, evidence: Evidence, texts: SourceTexts | None) -> tuple[list[_Line], list[_Line]]:
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


def _of_file(content: bytes, span: LineSpan) -> list[_Line]:
    lines = content.decode("utf-8", "replace").split("\n")[span.start_line - 1 : span.end_line]
    return _numbered(tuple(lines), span.start_line)


def _numbered(lines: tuple[str, ...], first: int) -> list[_Line]:
    return [(first + index, line) for index, line in enumerate(code_lines(lines, _MAX_LINES, _MAX_CODE_CHARS))]


# --- lines that belong together ------------------------------------------------------------------------------------


def _rows(own: Sequence[_Line], theirs: Sequence[_Line]) -> list[_Row]:
    """Both sides in step: a longest common subsequence of lines of one structure, the others beside nothing."""
    matcher = SequenceMatcher(None, [_shape(text) for _, text in own], [_shape(text) for _, text in theirs], False)
    rows: list[_Row] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(own[i:i_end], theirs[j:j_end], strict=True)
            rows += [(a, _SAME if a[1].split() == b[1].split() else _DIFFERS, b) for a, b in pairs]
        else:
            rows += [(a, _ALONE, None) for a in own[i:i_end]]
            rows += [(None, _ALONE, b) for b in theirs[j:j_end]]
    return rows


def _shape(line: str) -> str:
    """A line without what renaming changes: "int n = 3; /* x */" -> "w w = 0; /* w */" without spaces."""
    line = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", '"', line)
    return re.sub(r"\s+", "", re.sub(r"\b\d[\w.]*", "0", re.sub(r"[^\W\d]\w*", "w", line)))


# --- drawing -------------------------------------------------------------------------------------------------------


def _grid(rows: Sequence[_Row], width: int) -> RenderableType:
    sides = ([row[0] for row in rows], [row[2] for row in rows])
    digits = [max((len(str(line[0])) for line in side if line), default=0) for side in sides]
    code_width = max(4, (width - sum(digits) - 9) // 2)
    grid = Table.grid(padding=0)
    for column_width in (digits[0] + 5, code_width, 3, digits[1] + 1, code_width):
        grid.add_column(width=column_width, no_wrap=True, overflow="ellipsis")
    for own, sign, theirs in rows:
        style = {_SAME: "", _DIFFERS: "yellow", _ALONE: "dim"}[sign]
        cells = (*_cells(own, style, digits[0] + 4), Text(f" {sign} ", style="dim"), *_cells(theirs, style, digits[1]))
        grid.add_row(*cells)
    return grid


def _cells(line: _Line | None, style: str, n_digits: int) -> tuple[Text, Text]:
    if line is None:
        return Text(""), Text("")
    number, code = line
    return Text(f"{number:>{n_digits}} ", style="dim"), Text(code, style=style)
