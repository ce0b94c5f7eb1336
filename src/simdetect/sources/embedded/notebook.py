"""Jupyter notebooks: the code of their cells, each line with the line of the JSON that holds it.

Read token by token rather than as JSON: a parser forgets where things stand, and gives nothing when one cell is damaged
(cut off, with marks of a merge in it). Any object that says it is a code cell and has a source is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simdetect.languages import LANGUAGES, spec_of
from simdetect.languages.detect import detect_language, language_of_kernel, language_of_program
from simdetect.languages.hidden import hidden_language
from simdetect.sources.embedded.part import Part, Places, Unfolded, lines_of, places_of

__all__ = ["unfold_notebook"]

_MOST_DEEP: Final = 256  # brackets inside each other; notebooks have a dozen
# A string ends with its line: what is cut off takes no other line with it.
_TOKEN: Final = re.compile(
    rb'(?P<string>"(?:[^"\\\n]|\\.)*+")|(?P<mark>[\[\]{}:,\n])|(?P<open>"[^\n]*)|(?P<word>[^\s\[\]{}:,"]+)'
)
_LANGUAGE_KEYS: Final = ("language_info", "kernelspec")
_SOURCES: Final = ("source", "input")  # the latter in format 3
_UNKNOWN: Final = "text-code"
_FILES: Final = ("writefile", "file")
_DISPLAYS: Final = ("html", "latex", "markdown", "svg")  # magics of what is shown, not run
_MAGIC: Final = re.compile(r"%%(\w+)[ \t]*([^\n]*)")

Value = list[tuple[bytes, int]]


@dataclass(slots=True)
class _Object:
    """What is known of one object of the JSON. key: that it stands under. source: pieces with their lines."""

    key: str
    texts: dict[str, str] = field(default_factory=dict)
    source: Value = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A code cell. number: from 1, of all cells. lines, at: its text, and the 0-based line of the JSON of each."""

    number: int
    lines: Sequence[bytes]
    at: Sequence[int]


def unfold_notebook(content: bytes) -> Unfolded | None:
    """The code of a notebook: what its kernel runs takes its place, what other programs run stands beside it."""
    objects = _objects(content)
    cells = list(_cells(objects))
    own: list[_Cell] = []
    others: dict[tuple[str, str], list[_Cell]] = {}
    for cell in cells:
        name, language = _magic(cell)
        if language is None:
            own.append(cell)
        elif language:
            others.setdefault((name, language), []).append(cell)
    parts = [_part(name, language, group) for (name, language), group in others.items()]
    if any(line.strip() for cell in own for line in _plain(cell)):
        parts.insert(0, _part("", _language(objects, own), own))
    return Unfolded(b"", tuple(part for part in parts if part.body.strip())) if parts else None


def _part(name: str, language: str, cells: Sequence[_Cell]) -> Part:
    """Cells one below the other, an empty line between."""
    lines: list[bytes] = []
    places: Places = ()
    for cell in cells:
        places += places_of(cell.at, cell.number, len(lines) + 1)
        lines += [*_plain(cell), b""]
    content = b"\n".join(lines[:-1])
    return Part(name, language, content, content, places)


def _plain(cell: _Cell) -> list[bytes]:
    """The lines of a cell; those that only a notebook understands (`%magic`, `!command`) are empty."""
    return [b"" if line.lstrip().startswith((b"%", b"!")) else line for line in cell.lines]


def _magic(cell: _Cell) -> tuple[str, str | None]:
    """Name and language of a cell that something else runs or writes: None when its kernel runs it, "" when nothing."""
    found = _MAGIC.match(cell.lines[0].decode("utf-8", "replace")) if cell.lines else None
    if found is None:
        return "", None
    word, rest = found[1].lower(), found[2].split()
    if word in _FILES and rest:
        body = b"\n".join(cell.lines[1:])
        return rest[-1], detect_language(rest[-1].rpartition("/")[2], body) or hidden_language(
            body, is_strict=False
        ) or ""
    if word in _DISPLAYS:
        return "", ""
    word = rest[0].rpartition("/")[2] if word == "script" and rest else word
    language = word if word in LANGUAGES else language_of_kernel(word) or language_of_program(word)
    if language not in LANGUAGES or language == "python":
        return "", None
    return f"cells{spec_of(language).extensions[0]}", language


# --- the language of the kernel ------------------------------------------------------------------------------------


def _language(objects: Sequence[_Object], cells: Sequence[_Cell]) -> str:
    """The language that the notebook names; Python when it names none, what it looks like when that is not known."""
    said = {key: next((own.texts for own in objects if own.key == key), {}) for key in _LANGUAGE_KEYS}
    info, kernel = (said[key] for key in _LANGUAGE_KEYS)
    name = info.get("name") or kernel.get("language") or "python"
    extension = info.get("file_extension", "")
    known = (None if extension else language_of_kernel(name)) or _by_name(name, extension or f".{name.lower()}")
    code = b"\n".join(line for cell in cells for line in _plain(cell))
    return known or hidden_language(code, is_strict=False) or _UNKNOWN


def _by_name(name: str, extension: str) -> str | None:
    found = detect_language(f"cell{extension}", b"") or detect_language(f"cell.{name}", b"")
    return found or (name.lower() if name.lower() in LANGUAGES else None)


# --- the JSON ------------------------------------------------------------------------------------------------------


def _cells(objects: Sequence[_Object]) -> Iterator[_Cell]:
    number = 0
    for own in objects:
        if "cell_type" in own.texts:
            number += 1
        if own.texts.get("cell_type") == "code" and own.source:
            lines, at = lines_of(own.source, 0)
            yield _Cell(number, lines, at)


def _objects(content: bytes) -> list[_Object]:
    """Objects that may be cells or name a language, in the order in which they begin. Brackets that do not fit are
    passed over: an object that is not closed holds the next one, which is read all the same."""
    found: list[_Object] = []
    stack: list[_Object | str] = []  # objects, and arrays as the key that they stand under
    key, is_key, line = "", True, 0
    for token in _TOKEN.finditer(content):
        text = token[0]
        if text == b"\n":
            line += 1
        elif text in (b"{", b"["):
            if len(stack) >= _MOST_DEEP:
                break
            stack.append(_Object(key) if text == b"{" else key)
            if isinstance(stack[-1], _Object):
                found.append(stack[-1])
            key, is_key = "", text == b"{"
        elif text in (b"}", b"]"):
            _close(stack, is_object=text == b"}")
            key, is_key = "", False
        elif text == b",":
            key, is_key = "", bool(stack) and isinstance(stack[-1], _Object)
        elif text == b":":
            is_key = False
        elif token.lastgroup in ("string", "open"):
            if is_key and token.lastgroup == "string":
                key = _text(text)
            else:
                _take(stack, key, text, line)
    return found


def _close(stack: list[_Object | str], *, is_object: bool) -> None:
    """Close the innermost bracket of a kind, and what was left open in it; nothing when there is none."""
    at = next((i for i in range(len(stack) - 1, -1, -1) if isinstance(stack[i], _Object) == is_object), None)
    if at is not None:
        del stack[at:]


def _take(stack: Sequence[_Object | str], key: str, text: bytes, line: int) -> None:
    """Keep a text: a field of an object, or a line of the array under such a field."""
    if not stack:
        return
    last = stack[-1]
    if isinstance(last, _Object):
        if key in _SOURCES:
            last.source.append((_text(text).encode("utf-8", "replace"), line))
        else:
            last.texts[key] = _text(text) if len(text) < 1000 else ""
    elif last in _SOURCES and len(stack) > 1 and isinstance(owner := stack[-2], _Object):
        owner.source.append((_text(text).encode("utf-8", "replace"), line))


def _text(token: bytes) -> str:
    """What a string says; as it stands when that is damaged."""
    try:
        text = json.loads(token)
    except ValueError:
        return token.strip(b'", ').replace(b"\\n", b"\n").replace(b'\\"', b'"').decode("utf-8", "replace")
    return text if isinstance(text, str) else ""
