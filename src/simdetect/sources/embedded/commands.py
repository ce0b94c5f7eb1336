"""One shell command: its words, where its output goes, and the text that echo and printf write. Nothing is expanded."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Command", "Here", "Segment", "Value", "parse_command", "plain_words", "printed"]

_MOST_TOKENS: Final = 20_000  # of one command: a file of 20,000 lines as arguments of printf
# Possessive, so that nothing is tried twice: a quote without its end is a character like any other.
_TOKEN: Final = re.compile(
    rb"(?P<space>[ \t\r]+|\\\r?\n)|(?P<comment>#[^\n]*)|(?P<end>\n)"
    rb"|(?P<here><<-?(?!<)[ \t]*+(?:'(?P<single>[^'\n]{1,80})'|\"(?P<double>[^\"\n]{1,80})\""
    rb"|(?P<bare>\\?[^\s;|&<>()'\"`$\\0-9-][^\s;|&<>()'\"`$\\]{0,79})))"
    rb"|(?P<output>(?:[0-9]*|&)>{1,2}\|?(?![&(]))|(?P<between>\|\||&&|;;|[|;()&])|(?P<input><<<|<|[0-9]*>&[0-9-]*)"
    rb"|(?P<word>(?:[^\s;|&<>()'\"`$\\]++|\$'(?:[^'\\]|\\.)*+'|'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|\$\([^()\n]*+\)"
    rb"|`[^`\n]*+`|\\[^\n]|\$(?!['(\"])|\$(?=\"))+)|(?P<other>.)",
    re.DOTALL,
)
_PIECE: Final = re.compile(
    rb"\$'(?P<ansi>(?:[^'\\]|\\.)*+)'|'(?P<raw>[^']*+)'|\"(?P<soft>(?:[^\"\\]|\\.)*+)\"|\\(?P<escaped>.)|(?P<plain>.[^'\"\\$]*+)",
    re.DOTALL,
)
_SOFT_ESCAPE: Final = re.compile(rb"\\([\\$`\"])|\\\r?\n")
_ESCAPE: Final = re.compile(rb"\\([nrtabfv\\'\"?]|0?[0-7]{1,3}|x[0-9A-Fa-f]{1,2})")
_LETTER: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_SPECIFIER: Final = re.compile(rb"%%|%[-+ #0-9.]*[sbdiuxXoeEfgGqc]")
# Words that may stand before the program of a command.
_BEFORE: Final = frozenset(
    b"then do else elif if while until ! { time sudo env exec command builtin eval nohup RUN SHELL CMD".split()
)
_ASSIGNMENT: Final = re.compile(rb"[A-Za-z_]\w*\+?=")

Value = list[tuple[bytes, int]]  # pieces of a text, each with the 0-based line of the holding file that it stands on


@dataclass(frozen=True, slots=True)
class Here:
    """What opens a heredoc: the line that ends it, whether nothing in it is expanded, whether it loses its tabs."""

    delimiter: bytes
    is_quoted: bool
    drops_tabs: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One command of a list. words: spans. outputs: spans of names behind > and >>. joint: what stands behind it."""

    words: tuple[tuple[int, int], ...]
    outputs: tuple[tuple[int, int], ...]
    heres: tuple[Here, ...]
    joint: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """A line of commands, and where it ends."""

    segments: tuple[Segment, ...]
    end: int


def parse_command(text: bytes, at: int) -> Command:
    """The commands from a position to the end of their line, over quotes and backslashes at line ends."""
    segments: list[Segment] = []
    words: list[tuple[int, int]] = []
    outputs: list[tuple[int, int]] = []
    heres: list[Here] = []
    is_output, has_space = False, True
    for count, found in enumerate(_TOKEN.finditer(text, at)):
        kind = found.lastgroup if found.lastgroup not in ("single", "double", "bare") else "here"
        at = found.end()
        if kind == "end" or count > _MOST_TOKENS:
            break
        if kind == "between":
            segments.append(Segment(tuple(words), tuple(outputs), tuple(heres), found[0]))
            words, outputs, heres = [], [], []
        elif kind == "here":
            heres.append(_here(found))
        elif kind == "word" or (kind == "comment" and not has_space):
            (outputs if is_output else words).append(found.span())
        elif kind == "comment":
            continue
        is_output = kind == "output" or (is_output and kind == "space")
        has_space = kind in ("space", "between")
    segments.append(Segment(tuple(words), tuple(outputs), tuple(heres), b""))
    return Command(tuple(segments), at)


def _here(found: re.Match[bytes]) -> Here:
    bare = found["bare"]
    delimiter = found["single"] or found["double"] or bare.removeprefix(b"\\")
    return Here(delimiter, bare is None or bare.startswith(b"\\"), found["here"].startswith(b"<<-"))


def plain_words(text: bytes, spans: Sequence[tuple[int, int]]) -> list[bytes]:
    """The words of a command without quotes, from its program on."""
    words = [b"".join(piece for piece, _ in _pieces(text[start:end], 0)) for start, end in spans]
    first = next((i for i, word in enumerate(words) if word not in _BEFORE and not _ASSIGNMENT.match(word)), len(words))
    return words[first:]


# --- what echo and printf write ------------------------------------------------------------------------------------


def printed(text: bytes, segment: Segment, newline: Sequence[int]) -> Value | None:
    """What a command writes when it is echo or printf, None for any other. newline: where lines of the text end."""
    spans = list(segment.words)
    while spans and (word := text[slice(*spans[0])].lstrip(b"@-")) not in (b"echo", b"printf"):
        if word not in _BEFORE and word and not _ASSIGNMENT.match(word):
            return None
        del spans[0]
    if not spans:
        return None
    values = [list(_pieces(text[a:b], bisect_left(newline, a))) for a, b in spans[1:]]
    return _echoed(values) if text[slice(*spans[0])].endswith(b"echo") else _formatted(values)


def _pieces(word: bytes, line: int) -> Iterator[tuple[bytes, int]]:
    """What a word says, in pieces with their lines."""
    for found in _PIECE.finditer(word):
        kind, piece = found.lastgroup, found[found.lastgroup or 0]
        if kind == "soft":
            said = _SOFT_ESCAPE.sub(lambda m: m[1] or b"", piece)
        else:
            said = _unescaped(piece) if kind == "ansi" else piece
        if kind in ("raw", "soft") and b"\n" in said:
            for number, part in enumerate(said.split(b"\n")):
                yield (b"\n" if number else b"") + part, line + number
        else:
            yield said, line
        line += found[0].count(b"\n")


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_character, text) if b"\\" in text else text


def _character(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said in _LETTER:
        return _LETTER[said]
    if said[:1] == b"x":
        return bytes([int(said[1:], 16)])
    return bytes([int(said, 8) & 255]) if said[:1].isdigit() else said


def _echoed(values: list[Value]) -> Value:
    has_escapes = is_open = False
    while values and (flags := b"".join(piece for piece, _ in values[0])) in (b"-e", b"-n", b"-ne", b"-en", b"-E"):
        has_escapes, is_open = has_escapes or b"e" in flags, is_open or b"n" in flags
        del values[0]
    found: Value = []
    for number, value in enumerate(values):
        found += [(b" ", value[0][1])] if number and value else []
        found += [(_unescaped(piece), line) for piece, line in value] if has_escapes else value
    line = found[-1][1] if found else 0
    return found if is_open or not found else [*found, (b"\n", line)]


def _formatted(values: list[Value]) -> Value:
    """A format with its arguments, used again as long as there are more."""
    if values and b"".join(piece for piece, _ in values[0]) == b"--":
        del values[0]
    if not values:
        return []
    pattern, arguments = values[0], values[1:]
    found: Value = []
    while True:
        n_left = len(arguments)
        for piece, line in pattern:
            found += _filled(piece, arguments[0][0][1] if arguments and arguments[0] else line, arguments)
        if not arguments or len(arguments) == n_left:
            return found


def _filled(piece: bytes, line: int, arguments: list[Value]) -> Iterator[tuple[bytes, int]]:
    at = 0
    for found in _SPECIFIER.finditer(piece):
        yield _unescaped(piece[at : found.start()]), line
        at = found.end()
        if found[0] == b"%%":
            yield b"%", line
        elif arguments:
            value = arguments.pop(0)
            yield from ((_unescaped(own), there) for own, there in value) if found[0].endswith(b"b") else value
            line = value[-1][1] if value else line
    yield _unescaped(piece[at:]), line
