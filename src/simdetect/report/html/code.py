"""The code that the page can show: lines of both sides with their colours, compressed, unpacked on demand.

Each file is one block. The strongest findings come first: their files are embedded whole while there is room, later
ones only around their evidence, and when the page is full no more. Without sources the excerpts of the report are all
there is. What the browser gets is what it shows: every line is made visible and cut here.

A block is base64 of zlib of JSON: {"n": lines of the file or null, "s": [[number of the first line, [line, ...],
[colours of the line, ...] or null], ...]}. The colours of a line are "GAP.LENGTHc" one after the other: so many UTF-16
units plain, so many in class "tc".
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from simdetect.model import Evidence, Excerpt, FileFinding, LineSpan, ScanReport
from simdetect.report.html.bars import places_of
from simdetect.report.html.highlight import Run, coloured_runs
from simdetect.report.safe import TAB_COLUMNS, clip
from simdetect.report.source_texts import SourceTexts

__all__ = ["CANDIDATE", "CodeBook", "Limits", "build_codebook", "packed"]

CANDIDATE = -1
Key = tuple[int, str]
"""A file: CANDIDATE or the index of its original, and its path."""

_MAX_LINE_CHARS = 1000
_CONTEXT = 12  # lines shown before and after evidence when a file is not embedded whole


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the page, in bytes of code before compression but for `packed`.

    whole: a file up to this is embedded whole. whole_total: after so much code, only what surrounds evidence.
    coloured: after so much code, no colours: Pygments reads about 1 MB/s. packed: bytes of all blocks.
    """

    whole: int = 300_000
    whole_total: int = 12_000_000
    coloured: int = 6_000_000
    packed: int = 9_000_000


@dataclass(slots=True)
class CodeBook:
    """The blocks, and where each file's is. n_left_out: files whose code found no room."""

    blocks: list[str] = field(default_factory=list)
    index_by_file: dict[Key, int] = field(default_factory=dict)
    n_left_out: int = 0
    n_packed: int = 0
    n_coloured: int = 0
    n_embedded: int = 0

    def index(self, source: int, path: str) -> int | None:
        """The number of a file's block, None when it has none."""
        return self.index_by_file.get((source, path))


def packed(value: object) -> str:
    """A value as the browser unpacks it: base64 of zlib of JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def build_codebook(report: ScanReport, texts: SourceTexts | None, limits: Limits) -> CodeBook:
    """The code of every finding, strongest first."""
    book = CodeBook()
    for key, wanted in _wanted(report).items():
        content = _content(texts, key)
        segments = _of_file(content, wanted.spans, book, limits) if content else _of_excerpts(wanted.excerpts)
        if not segments:
            continue
        n_chars = sum(len(line) for _, lines in segments for line in lines)
        language = wanted.language if book.n_coloured + n_chars <= limits.coloured else None
        n_lines = content.count(b"\n") + (not content.endswith(b"\n")) if content else None
        block = packed({"n": n_lines, "s": [_segment(first, lines, language) for first, lines in segments]})
        if book.n_packed + len(block) > limits.packed:
            book.n_left_out += 1
            continue
        book.n_coloured += n_chars if language else 0
        book.n_embedded += n_chars
        book.n_packed += len(block)
        book.index_by_file[key] = len(book.blocks)
        book.blocks.append(block)
    return book


# --- what is wanted ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Wanted:
    language: str
    spans: list[LineSpan] = field(default_factory=list)
    excerpts: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


def _wanted(report: ScanReport) -> Mapping[Key, _Wanted]:
    """The files of all evidence with the lines that matter, in the order of the report."""
    found: dict[Key, _Wanted] = {}
    for finding in report.findings:
        for evidence in finding.evidence:
            for key, span, excerpt in _sides(finding, evidence):
                wanted = found.setdefault(key, _Wanted(finding.language))
                wanted.spans.append(span)
                wanted.excerpts += excerpt
    return found


def _sides(
    finding: FileFinding, evidence: Evidence
) -> Iterator[tuple[Key, LineSpan, list[tuple[int, tuple[str, ...]]]]]:
    excerpts = _excerpts(evidence.excerpt)
    for candidate, original in places_of(evidence):
        yield (CANDIDATE, finding.candidate), candidate, excerpts[0]
        yield (evidence.source, evidence.original), original, excerpts[1]


def _excerpts(
    excerpt: Excerpt | None,
) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, tuple[str, ...]]]]:
    if excerpt is None:
        return [], []
    return [(excerpt.candidate_line, excerpt.candidate)], [(excerpt.original_line, excerpt.original)]


def _content(texts: SourceTexts | None, key: Key) -> bytes | None:
    if texts is None:
        return None
    source, path = key
    if source == CANDIDATE:
        return texts.candidate.get(path)
    return texts.original(source, path)


# --- lines ---------------------------------------------------------------------------------------------------------

Segments = list[tuple[int, list[str]]]


def _of_file(content: bytes, spans: Sequence[LineSpan], book: CodeBook, limits: Limits) -> Segments:
    """The whole file, or what surrounds its evidence: (number of the first line, lines)."""
    lines = content.decode("utf-8", "replace").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    is_whole = len(content) <= limits.whole and book.n_embedded + len(content) <= limits.whole_total
    ranges = [(1, len(lines))] if is_whole else _windows(spans, len(lines))
    return [(first, [_shown(line) for line in lines[first - 1 : last]]) for first, last in ranges]


def _windows(spans: Sequence[LineSpan], n_lines: int) -> list[tuple[int, int]]:
    """Spans with context, joined where they touch: (first line, last line), ascending."""
    joined: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: span.start_line):
        first, last = max(1, span.start_line - _CONTEXT), min(n_lines, span.end_line + _CONTEXT)
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        elif first <= last:
            joined.append((first, last))
    return joined


def _of_excerpts(excerpts: Sequence[tuple[int, tuple[str, ...]]]) -> Segments:
    """The lines of excerpts, each once, where numbers follow each other as one segment."""
    by_number = {first + i: line for first, lines in excerpts for i, line in enumerate(lines)}
    segments: Segments = []
    for number in sorted(by_number):
        if not segments or number != segments[-1][0] + len(segments[-1][1]):
            segments.append((number, []))
        segments[-1][1].append(_shown(by_number[number]))
    return segments


def _shown(line: str) -> str:
    return clip(line.rstrip("\r")[: 2 * _MAX_LINE_CHARS].expandtabs(TAB_COLUMNS), _MAX_LINE_CHARS)


def _segment(first: int, lines: list[str], language: str | None) -> list[object]:
    colours = None if language is None else [_colours(runs) for runs in coloured_runs(lines, language)]
    return [first, lines, colours]


def _colours(runs: Sequence[Run]) -> str:
    out, gap = [], 0
    for css, text in runs:
        if css:
            out.append(f"{gap}.{_utf16_units(text)}{css}")
            gap = 0
        else:
            gap += _utf16_units(text)
    return "".join(out)


def _utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
