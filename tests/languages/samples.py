"""The samples under fixtures/languages and the readable form of their token streams."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from simdetect.languages import LANGUAGES
from simdetect.model import TokenRole, TokenStream
from simdetect.tokens.normalize import normalize
from simdetect.tokens.parse import parse
from tests import ROOT

FIXTURES = ROOT / "fixtures" / "languages"
_MARKS = {
    TokenRole.SYNTAX: "",
    TokenRole.NAME: "name:",
    TokenRole.STRING: "str:",
    TokenRole.NUMBER: "num:",
    TokenRole.COMMENT: "comment:",
}


def sample_path(language: str) -> Path:
    """The sample of a language: sample.<first extension of its row>."""
    return FIXTURES / language / f"sample{LANGUAGES[language].extensions[0]}"


def stream_of(content: bytes, language: str) -> TokenStream:
    return normalize([parse(content, language)], [content], language)[0]


def texts(content: bytes, stream: TokenStream) -> list[bytes]:
    return [content[a:b] for a, b in zip(stream.start.tolist(), stream.end.tolist(), strict=True)]


def render(content: bytes, stream: TokenStream) -> str:
    """One line a source line, its tokens marked by role (keywords and operators bare); then the units."""
    by_line: dict[int, list[str]] = {}
    starts = [0, *(i + 1 for i, byte in enumerate(content) if byte == ord("\n"))]
    code = zip(stream.start.tolist(), stream.end.tolist(), stream.role.tolist(), strict=True)
    notes = zip(stream.comment_start.tolist(), stream.comment_end.tolist(), strict=True)
    for a, b, role in sorted([*code, *((a, b, TokenRole.COMMENT) for a, b in notes)]):
        text = content[a:b].decode().replace("\n", "⏎").replace("\t", "⇥").replace(" ", "·")
        by_line.setdefault(bisect_right(starts, a), []).append(_MARKS[TokenRole(role)] + text)
    lines = [f"{line:3}  {' '.join(tokens)}" for line, tokens in sorted(by_line.items())]
    return "\n".join((*lines, "", *_unit_lines(stream, starts), ""))


def _unit_lines(stream: TokenStream, starts: list[int]) -> list[str]:
    units = stream.units
    return [
        f"unit {kind} {name or '-'} lines {bisect_right(starts, int(stream.start[a]))}"
        f"-{bisect_right(starts, int(stream.start[b - 1]))}"
        for kind, name, a, b in zip(units.kind, units.name, units.start.tolist(), units.end.tolist(), strict=True)
    ]


def golden_path(language: str) -> Path:
    return FIXTURES / language / "tokens.txt"
