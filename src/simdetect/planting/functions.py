"""Functions of a program, where they stand, and what each is as text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simdetect.model import HELD_IN, AnalysedFile, AnalysedTree, FileRole, SourceFile

__all__ = ["KINDS", "Function", "functions_of", "lines_of", "margin_at", "outermost", "sources_in"]

KINDS: Final = ("function", "method")  # of units that are functions

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a file. span: its bytes there."""

    file: SourceFile
    span: Span

    @property
    def lines(self) -> Span:
        """Its first and last line, 1-based."""
        return lines_of(self.file.content, self.span)

    @property
    def n_lines(self) -> int:
        """How many lines it has."""
        start, end = self.lines
        return end - start + 1

    @property
    def text(self) -> bytes:
        """Its text, without what stands before it on its first line."""
        return self.file.content[slice(*self.span)]


def functions_of(tree: AnalysedTree, families: Collection[str], fits: Callable[[int], bool]) -> list[Function]:
    """Functions of the program's own code in languages of some families. fits: whether so many lines are wanted."""
    found: list[Function] = []
    for file, source in _sources(tree, families):
        found += [own for own in _functions(file, source) if fits(own.n_lines)]
    return found


def sources_in(tree: AnalysedTree, families: Collection[str]) -> list[SourceFile]:
    """Files of the program's own code in languages of some families: no tests, nothing that others wrote."""
    return [source for _, source in _sources(tree, families)]


def _sources(tree: AnalysedTree, families: Collection[str]) -> Iterator[tuple[AnalysedFile, SourceFile]]:
    for file, source in zip(tree.files, tree.tree.files, strict=True):
        if file.role is FileRole.SOURCE and file.family in families and HELD_IN not in file.path:
            content = source.content  # decompressed when it is asked for, and none where an index keeps no text
            if content:
                yield file, SourceFile(file.path, file.language, content, file.sha256)


def _functions(file: AnalysedFile, source: SourceFile) -> Iterator[Function]:
    tokens = file.tokens
    units = zip(tokens.units.kind, tokens.units.start.tolist(), tokens.units.end.tolist(), strict=True)
    for kind, start, end in units:
        if kind in KINDS:
            yield Function(source, (int(tokens.start[start]), int(tokens.end[end - 1])))


def outermost(found: Sequence[Function]) -> list[Function]:
    """Those that lie in no other one."""
    kept: list[Function] = []
    for own in sorted(found, key=lambda own: (own.file.path, own.span[0], -own.span[1])):
        last = kept[-1] if kept else None
        if last is None or last.file.path != own.file.path or own.span[0] >= last.span[1]:
            kept.append(own)
    return kept


def lines_of(content: bytes, span: Span) -> Span:
    """First and last line of a span of bytes, 1-based."""
    start = content.count(b"\n", 0, span[0]) + 1
    return start, start + content.count(b"\n", span[0], max(span[0], span[1] - 1))


def margin_at(content: bytes, start: int) -> bytes:
    """The white space with which a line begins."""
    end = start
    while content[end : end + 1] in (b" ", b"\t"):
        end += 1
    return content[start:end]
