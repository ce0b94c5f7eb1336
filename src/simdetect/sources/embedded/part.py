"""One file inside another: its text stands on the lines of the file that holds it, so that lines are right as they are.

Where that cannot be, because one line of the holding file writes several (`printf 'a\\nb\\n'`), the text is compact and
`places` says which of its lines stand where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simdetect.model import Place

__all__ = ["Lost", "Part", "Places", "Unfolded", "Written", "laid_out", "lines_of", "places_of", "without_lines"]

Places = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Some lines of a file inside another. at: the line of the holding file that each stands on, 0-based. first, end:
    lines of the holding file that write them, half-open."""

    lines: Sequence[bytes]
    at: Sequence[int]
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside another. name: below the holding file, "" for the code that takes its place. body: as it is
    written. content: the same on the lines of the holding file. places: empty when they are those."""

    name: str
    language: str
    body: bytes
    content: bytes
    places: Places = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A file inside another that cannot be read without running something. why: in words."""

    name: str
    why: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What is left of a file when the files in it are taken out, and those.

    rest: with as many lines. rest_name: below the holding file, where a part takes its place; "" where none does.
    is_document: the rest is no code, and its text is what it was.
    """

    rest: bytes
    parts: tuple[Part, ...]
    lost: tuple[Lost, ...] = ()
    rest_name: str = ""
    is_document: bool = False


def laid_out(written: Iterable[Written], most_padding: int) -> tuple[bytes, Places]:
    """The text of a file on the lines of the one that holds it, or compact with its places: when these are more."""
    pieces = list(written)
    if not _ascends(pieces) or any(piece.at[-1] > most_padding for piece in pieces if piece.at):
        return b"".join(line + b"\n" for piece in pieces for line in piece.lines), places_of(_all_at(pieces))
    found: list[bytes] = []
    number = 0
    for piece in pieces:
        for line, at in zip(piece.lines, piece.at, strict=True):
            found.append(b"\n" * (at - number) + line + b"\n")
            number = at + 1
    return b"".join(found), ()


def lines_of(value: Iterable[tuple[bytes, int]], start: int) -> tuple[list[bytes], list[int]]:
    """The lines of a text in pieces, and where each begins. value: pieces with their lines. start: of the first one."""
    lines: list[bytes] = []
    at: list[int] = []
    parts: list[bytes] = []
    for text, number in value:
        for position, part in enumerate(text.split(b"\n")):
            if position:
                lines.append(b"".join(parts))
                at.append(start)
                parts = []
            if not parts:
                start = number
            if part:
                parts.append(part)
    if parts:
        lines.append(b"".join(parts))
        at.append(start)
    return lines, at


def without_lines(content: bytes, taken: Iterable[Written]) -> bytes:
    """The holding file with the lines of those empty."""
    lines = content.split(b"\n")
    for piece in taken:
        for number in range(piece.first, min(piece.end, len(lines))):
            lines[number] = b""
    return b"\n".join(lines)


def _all_at(pieces: Iterable[Written]) -> Iterator[int]:
    for piece in pieces:
        yield from piece.at


def _ascends(pieces: Iterable[Written]) -> bool:
    """Whether each line stands below the one before."""
    last = -1
    for at in _all_at(pieces):
        if at <= last:
            return False
        last = at
    return True


def places_of(at: Iterable[int], cell: int = 0, line: int = 1) -> Places:
    """Where lines stand. at: 0-based line of the holding file of each. line: of the text, the first of them."""
    found: list[Place] = []
    before = None  # the line of the holding file before, and what was added to it
    for number, there in enumerate(at, line):
        step = None if before is None else there - before
        if found and step == 0 and found[-1].line == number - 1:
            found[-1] = replace(found[-1], step=0)
        elif not found or step != found[-1].step:
            found.append(Place(number, there + 1, 1, cell))
        before = there
    return tuple(found)
