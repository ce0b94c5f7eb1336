"""Code in pages, components and templates: what stands in `<script>`, between `<%` and `%>`, above an Astro component.

All code of one language is one file, for it is one program: a template's loops begin in one place and end in another.
What there is most of takes the place of the page; what is left of the page is beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simdetect.languages import LANGUAGES, spec_of
from simdetect.languages.detect import detect_language
from simdetect.sources.embedded.part import Part, Unfolded

__all__ = ["unfold_page"]

_LEAST_BYTES: Final = 120  # of code in a page: less starts a program that stands elsewhere
_SCRIPT: Final = re.compile(rb"<script(?=[\s>/])([^>]{0,2000}+)>", re.IGNORECASE)
_SCRIPT_END: Final = re.compile(rb"</script", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(rb"(?i)\b(lang|type|language|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SCRIPTLET: Final = re.compile(rb"<%(--|[#@%])?([!=_-]*)(.*?)([_-]*%>|\Z)", re.DOTALL)
_FRONT: Final = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_ISLAND: Final = re.compile(rb"<\?(?:php\b|=).*?(?:\?>|\Z)", re.DOTALL)
# What stands between "<%" and "%>", by the ends of names.
_SCRIPTLETS: Final = {
    "ejs": "javascript",
    "erb": "ruby",
    "rhtml": "ruby",
    "jsp": "java",
    "jspx": "java",
    "jspf": "java",
    "tag": "java",
    "aspx": "c-sharp",
    "ascx": "c-sharp",
    "asp": "visual-basic",
    "mako": "python",
    "eex": "elixir",
    "leex": "elixir",
    "gsp": "groovy",
    "epl": "perl",
}
_WITH_FRONT: Final = {"astro": "typescript"}
_SCRIPTING: Final = "javascript"
# What types of scripts say, beside names and ends of names of languages; "" is no code.
_TYPES: Final = {
    "": _SCRIPTING,
    "module": _SCRIPTING,
    "babel": _SCRIPTING,
    "ecmascript": _SCRIPTING,
    "py-script": "python",
}
_TYPE_PREFIX: Final = re.compile(r"^(?:text|application)/(?:x-)?|;.*$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A span of a page that is code. is_value: an expression, whose value is written."""

    start: int
    end: int
    language: str
    is_value: bool = False


def unfold_page(path: str, content: bytes, *, rest_name: str, is_document: bool) -> Unfolded | None:
    """The code of a page, None when it has too little. rest_name: of what is left, "" when that keeps the page's path.
    is_document: what is left is no code."""
    suffix = path.rpartition(".")[2].lower()
    inner = _SCRIPTLET if suffix in _SCRIPTLETS else _ISLAND
    holes = [found.span() for found in inner.finditer(content)]
    pieces = [*_front(content, suffix), *_scriptlets(content, suffix), *_scripts(content, holes)]
    by_language: dict[str, list[_Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.start):
        by_language.setdefault(piece.language, []).append(piece)
    codes = {name: _laid_out(content, own) for name, own in by_language.items()}
    codes = {name: code for name, code in codes.items() if _n_bytes(code) >= _LEAST_BYTES}
    if not codes:
        return None
    first = max(sorted(codes), key=lambda name: _n_bytes(codes[name])) if rest_name else None
    parts = [_part(name, code, is_first=name == first) for name, code in sorted(codes.items())]
    taken = [piece for name in codes for piece in by_language[name]]
    return Unfolded(_without(content, taken), tuple(parts), rest_name=rest_name, is_document=is_document)


def _part(language: str, code: bytes, *, is_first: bool) -> Part:
    name = "" if is_first else f"script{spec_of(language).extensions[0]}"
    return Part(name, language, code.strip() + b"\n", code)


def _n_bytes(code: bytes) -> int:
    return len(code) - sum(map(code.count, (b" ", b"\t", b"\n", b"\r")))


# --- where code stands ---------------------------------------------------------------------------------------------


def _front(content: bytes, suffix: str) -> Iterator[_Piece]:
    if suffix in _WITH_FRONT and (found := _FRONT.match(content)):
        yield _Piece(*found.span(1), _WITH_FRONT[suffix])


def _scriptlets(content: bytes, suffix: str) -> Iterator[_Piece]:
    for found in _SCRIPTLET.finditer(content) if suffix in _SCRIPTLETS else ():
        if found[1] is None:
            yield _Piece(*found.span(3), _SCRIPTLETS[suffix], is_value=b"=" in found[2])


def _scripts(content: bytes, holes: Sequence[tuple[int, int]]) -> Iterator[_Piece]:
    """What stands in scripts, without what a server puts there. holes: spans of that."""
    starts = [start for start, _ in holes]
    at = 0
    while (found := _SCRIPT.search(content, at)) is not None:
        stop = _SCRIPT_END.search(content, found.end())
        end = stop.start() if stop else len(content)
        if language := _language(found[1]):
            first = found.end()
            for hole, behind in holes[bisect_right(starts, first) : bisect_right(starts, end)]:
                if hole > first:
                    yield _Piece(first, hole, language)
                first = max(first, behind)
            if first < end:
                yield _Piece(first, end, language)
        at = end


def _language(attributes: bytes) -> str | None:
    """The language of a script by its attributes, None when it is no code or stands elsewhere."""
    said = {name.decode().lower(): (a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)}
    if said.get("src"):
        return None
    name = said.get("lang") or said.get("language") or said.get("type") or b""
    word = _TYPE_PREFIX.sub("", name.decode("utf-8", "replace").strip().lower())
    if word in _TYPES:
        return _TYPES[word]
    found = word if word in LANGUAGES else detect_language(f"script.{word.rpartition('/')[2]}", b"")
    return found if found in LANGUAGES else None


# --- the code on its lines -----------------------------------------------------------------------------------------


def _laid_out(content: bytes, pieces: Sequence[_Piece]) -> bytes:
    """Code with all around it blank, so that lines and columns are the page's."""
    found: list[bytes] = []
    at = 0
    for piece in pieces:
        if piece.start < at:
            continue
        found.append(_blank(content[at : piece.start]))
        found.append(content[piece.start : piece.end])
        at = piece.end
        if piece.is_value:
            found.append(b";")  # where "%>" stands
            at += 1
    return b"".join(found) + b"\n"


def _blank(text: bytes) -> bytes:
    """As many lines, and as many columns in the last one."""
    n_lines = text.count(b"\n")
    return b"\n" * n_lines + b" " * (len(text) - text.rfind(b"\n") - 1 if n_lines else len(text))


def _without(content: bytes, pieces: Sequence[_Piece]) -> bytes:
    """The page without its code, with as many lines."""
    found: list[bytes] = []
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.start >= at:
            found += [content[at : piece.start], b"\n" * content.count(b"\n", piece.start, piece.end)]
            at = piece.end
    return b"".join([*found, content[at:]])
