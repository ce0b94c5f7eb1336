"""Functions of an original in another program: before a function of it, in the place of some, or a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from simdetect.model import Evidence, SourceFile
from simdetect.planting.functions import Function, lines_of, margin_at

__all__ = ["ENOUGH", "Planted", "Written", "before", "for_share", "in_place", "indented", "whole_file"]

ENOUGH: Final = 0.8  # of the share that is asked for: an original may have too few functions

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A function as it is to be planted. content, span: the text that it stands in, and where."""

    function: Function
    content: bytes
    span: Span

    @classmethod
    def verbatim(cls, function: Function) -> Written:
        """As it is."""
        return cls(function, function.file.content, function.span)

    @property
    def n_lines(self) -> int:
        """Lines of it as it is written."""
        start, end = lines_of(self.content, self.span)
        return end - start + 1


@dataclass(frozen=True, slots=True)
class Planted:
    """One piece of an original in a submission. Lines are 1-based, both ends included."""

    path: str
    start_line: int
    end_line: int
    original: str
    original_start_line: int
    original_end_line: int

    @classmethod
    def at(cls, path: str, content: bytes, span: Span, function: Function) -> Planted:
        """A function that stands at some bytes of a file."""
        return cls(path, *lines_of(content, span), function.file.path, *function.lines)

    def shown_by(self, evidence: Evidence) -> range:
        """Which of its lines a piece of evidence shows; none unless it counts and names the file that they are from."""
        if evidence.original != self.original or evidence.excluded is not None:
            return range(0)
        span = evidence.candidate
        return range(max(self.start_line, span.start_line), min(self.end_line, span.end_line) + 1)


def before(host: Function, written: Written) -> tuple[bytes, Planted]:
    """The file of a function with another one before it."""
    content = host.file.content
    place = content.rfind(b"\n", 0, host.span[0]) + 1
    body = indented(written.content, written.span, margin_at(content, place))
    made = content[:place] + body + b"\n\n" + content[place:]
    return made, Planted.at(host.file.path, made, (place, place + len(body)), written.function)


def for_share(
    hosts: Sequence[Function], functions: Sequence[Function], share: float, n_lines: int, rng: Random
) -> tuple[list[tuple[Function, Function]], float]:
    """Which functions of a program to replace by which others until these are a share of its lines, and the share that
    was reached. A larger share holds a smaller one."""
    hosts, functions = list(hosts), list(functions)
    rng.shuffle(hosts)
    rng.shuffle(functions)
    replaced: list[tuple[Function, Function]] = []
    n_planted = 0
    for host, function in zip(hosts, functions, strict=False):
        if n_planted >= share * n_lines:
            break
        replaced.append((host, function))
        n_planted += function.n_lines
        n_lines += function.n_lines - host.n_lines
    return replaced, n_planted / max(1, n_lines)


def in_place(replaced: Sequence[tuple[Function, Written]]) -> tuple[dict[str, bytes], list[Planted]]:
    """Files in which functions are replaced by others, by path, and where those then stand."""
    files: dict[str, bytes] = {}
    planted: list[Planted] = []
    for path in sorted({host.file.path for host, _ in replaced}):
        own = [pair for pair in replaced if pair[0].file.path == path]
        content, spans = _edited(own)
        files[path] = content
        planted += [Planted.at(path, content, span, function) for span, function in spans]
    return files, planted


def _edited(replaced: Sequence[tuple[Function, Written]]) -> tuple[bytes, list[tuple[Span, Function]]]:
    """A file with functions replaced, and where the new ones lie."""
    source = replaced[0][0].file.content
    content, position = b"", 0
    spans: list[tuple[Span, Function]] = []
    for host, written in sorted(replaced, key=lambda pair: pair[0].span):
        start, end = host.span
        margin = margin_at(source, source.rfind(b"\n", 0, start) + 1)
        content += source[position:start]
        body = indented(written.content, written.span, margin).lstrip(b" \t")
        spans.append(((len(content), len(content) + len(body)), written.function))
        content, position = content + body, end
    return content + source[position:], spans


def whole_file(file: SourceFile, path: str, content: bytes) -> Planted:
    """A whole file of the original under another name. content: as it is written there."""
    start, end = lines_of(content, (0, len(content)))
    return Planted(path, start, end, file.path, *lines_of(file.content, (0, len(file.content))))


def indented(content: bytes, span: Span, margin: bytes) -> bytes:
    """The text of a function with another margin."""
    start, end = span
    own = margin_at(content, content.rfind(b"\n", 0, start) + 1)
    return margin + content[start:end].rstrip().replace(b"\n" + own, b"\n" + margin)
