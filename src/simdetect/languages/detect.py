"""The language of a file: by name, extension, shebang, then content.

1. The whole file name (`Makefile`, `CMakeLists.txt`), also without a version (`Dockerfile.alpine`).
2. The longest known extension. Where languages share one, the content decides (`rows`); a file that then turns
   out to be data (an XML file called `.ts`) is not code.
3. The shebang line.
4. The extension under a template or backup suffix: `config.h.in`, `parser.py.orig`, `main.c.txt`.
5. What `identify` knows about the name.
6. The content: convincing code under any other name is code (`hidden`). Documents and data are not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from identify import identify

from simdetect.languages.hidden import hidden_language
from simdetect.languages.noncode import NOT_CODE_TAGS, says_not_code
from simdetect.languages.spec import Ambiguity
from simdetect.languages.table import AMBIGUOUS, LANGUAGES, LEXICAL_LANGUAGES

__all__ = ["detect_language", "language_of_kernel", "language_of_program"]

_NAMED: Final = (*LANGUAGES.values(), *LEXICAL_LANGUAGES.values())

_HEAD_BYTES: Final = 65_536
_HTML_BYTES: Final = 1 << 20  # searched for scripts

# Suffixes put after the extension of code: templates, backups, samples. `.txt` counts only when the content agrees.
_WRAPPERS: Final = (
    ".in",
    ".tmpl",
    ".tpl",
    ".template",
    ".orig",
    ".bak",
    ".old",
    ".rej",
    ".disabled",
    ".dist",
    ".sample",
    ".example",
    ".j2",
    ".jinja",
    ".jinja2",
    ".mustache",
    ".ejs",
    ".erb",
    ".new",
    ".save",
    "~",
)

_SCRIPT_IN_HTML: Final = re.compile(
    rb"<script\b(?![^>]{0,300}(?:\bsrc=|type=[\"']?(?:application/(?:ld\+)?json|text/(?:html|template|x-))))[^>]{0,300}>(?=[^<]{400})"
)
_HTML_SUFFIXES: Final = (".html", ".htm", ".xhtml")

_C_COMMENTS: Final = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\n]*", re.DOTALL)
# What a C header says to C++ compilers only is not a sign of C++.
_CPLUSPLUS_BLOCK: Final = re.compile(
    rb"^[ \t]*#\s*if(?!ndef)[^\n!]*\b__cplusplus\b.{0,3000}?^[ \t]*#\s*(?:endif|else)\b", re.DOTALL | re.MULTILINE
)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key -> the first language that claims it."""
    found: dict[str, str] = {}
    for key, language in pairs:
        found.setdefault(key, language)
    return found


_BY_FILENAME: Final = _index((name, row.name) for row in _NAMED for name in row.filenames)
_BY_EXTENSION: Final = _index((extension, row.name) for row in _NAMED for extension in row.extensions)
_BY_INTERPRETER: Final = _index((program, row.name) for row in _NAMED for program in row.interpreters)
_BY_TAG: Final = _index(
    (
        *((tag, row.name) for row in _NAMED for tag in (row.name, row.label.lower())),
        *((tag, row.name) for row in _NAMED for tag in row.tags),
    )
)
_BY_KERNEL: Final = _index((kernel, row.name) for row in _NAMED for kernel in row.kernels)


def detect_language(path: str, head: bytes) -> str | None:
    """The name of a language of the table, or None for what is not code.

    Args:
        path: only its last part counts.
        head: the beginning of the file as UTF-8; the whole file is better, as it lets hidden code be found anywhere.
    """
    name = path.rpartition("/")[2]
    start = head[:_HEAD_BYTES]
    if (language := _BY_FILENAME.get(name)) is not None:
        return language
    extension = next((suffix for suffix in _suffixes(name) if suffix in _BY_EXTENSION or suffix in AMBIGUOUS), None)
    if extension is not None:
        return _by_extension(extension, start)
    return _by_shebang(start) or _by_wrapped_name(name, start) or _by_tags(name) or _by_content(name, head)


def language_of_kernel(name: str) -> str | None:
    """The language that a notebook's kernel is called by, where its name is neither an extension nor a language."""
    return _BY_KERNEL.get(name.lower())


def _suffixes(name: str) -> Iterator[str]:
    """ ".d.ts", ".ts" of "x.d.ts"; a leading dot does not start an extension."""
    lowered = name.lower()
    at = lowered.find(".", 1)
    while at >= 0:
        yield lowered[at:]
        at = lowered.find(".", at + 1)


def _by_extension(extension: str, head: bytes) -> str | None:
    ambiguity = AMBIGUOUS.get(extension)
    default = _BY_EXTENSION.get(extension)
    if ambiguity is None:
        return default
    language = _decide(ambiguity, default, _without_comments(head) if ambiguity.is_blind else head)
    return language or hidden_language(head, is_strict=True)


def _decide(ambiguity: Ambiguity, default: str | None, head: bytes) -> str | None:
    for pattern, language in ambiguity.rules:
        if _compiled(pattern).search(head):
            return language
    return default if ambiguity.otherwise == "" else ambiguity.otherwise


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.MULTILINE)


def _without_comments(head: bytes) -> bytes:
    return _CPLUSPLUS_BLOCK.sub(b"", _C_COMMENTS.sub(b" ", head))


def _by_shebang(head: bytes) -> str | None:
    """By the program on the first line."""
    command = identify.parse_shebang(io.BytesIO(head[:1024])) if head.startswith(b"#!") else ()
    words = [word.rpartition("/")[2] for word in command if not word.startswith("-") and "=" not in word]
    program = next((word for word in words if word != "env"), "")
    return language_of_program(program)


def language_of_program(program: str) -> str | None:
    """The language that a program reads: of "python3.11" what is known of python3.11, python3 or python."""
    for candidate in (program, program.rpartition(".")[0], program.rstrip("0123456789.-")):
        if candidate in _BY_INTERPRETER:
            return _BY_INTERPRETER[candidate]
    return _first_tag(identify.tags_from_interpreter(program)) if program else None


def _by_wrapped_name(name: str, head: bytes) -> str | None:
    wrapper = next((suffix for suffix in (*_WRAPPERS, ".txt") if name.endswith(suffix)), None)
    inner = name.removesuffix(wrapper or "")
    if wrapper is None or ("." not in inner[1:] and inner not in _BY_FILENAME):
        return None
    if wrapper == ".txt" and hidden_language(head, is_strict=False) is None:
        return None
    extension = next((suffix for suffix in _suffixes(inner) if suffix in _BY_EXTENSION), None)
    return _BY_FILENAME.get(inner) or (_by_extension(extension, head) if extension else None)


def _by_tags(name: str) -> str | None:
    tags = identify.tags_from_filename(name)
    return None if tags & NOT_CODE_TAGS else _first_tag(tags)


def _first_tag(tags: set[str]) -> str | None:
    return next((_BY_TAG[tag] for tag in sorted(tags) if tag in _BY_TAG), None)


def _by_content(name: str, content: bytes) -> str | None:
    if name.lower().endswith(_HTML_SUFFIXES):
        if b"<?php" in content[:_HTML_BYTES]:
            return "php"
        return "html" if _SCRIPT_IN_HTML.search(content, 0, _HTML_BYTES) else None
    return hidden_language(content, is_strict=says_not_code(name))
