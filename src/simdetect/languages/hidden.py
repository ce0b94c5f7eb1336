"""Code where no name says so: unknown extensions, and code under a data or document extension.

Renaming `server.c` to `server.json` is a known way to keep code out of an audit, so text under any extension is
looked at. The decision is conservative, because prose and data analysed as code are noise: several lines must be
typical statements of one language, and most lines of some stretch must look like code. A file whose language cannot be
told, but which is convincingly code, gets the lexical language `text-code`. What lines are typical of a language is
in its row.

Not found: code inside JSON strings or other encodings, and files that are mostly tables; such files stay `not-code`
and are counted there. Notebooks are read by `sources.notebook`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from simdetect.languages.table import LANGUAGES
from simdetect.languages.written import WRITTEN
from simdetect.model import nested

__all__ = ["hidden_language", "is_data"]

_WINDOW: Final = 12_000  # bytes looked at a time: some 300 lines
_MAX_WINDOWS: Final = 8  # spread evenly over the file, so that a long licence on top hides nothing

_MAX_LINE: Final = 300
_STATEMENT_END: Final = re.compile(rb"([;{}])")
_MAX_JSON: Final = 1 << 20  # bytes; parsed JSON takes ten times the memory

_MIN_TYPICAL: Final = 5  # typical lines in a window for a name that says nothing
_MIN_TYPICAL_STRICT: Final = 8  # for a name that says data or document
_MIN_TYPICAL_SHARE: Final = 0.12  # of non-blank lines
_MIN_CODE_SHARE: Final = 0.6
_MIN_CODE_SHARE_STRICT: Final = 0.7
_TYPICAL_ALONE_SHARE_WRITTEN: Final = 0.35  # of what a script writes
_TYPICAL_ALONE_SHARE: Final = 0.5  # typical lines suffice from here on: Python and Ruby have no ";" or "{" at line ends
_MAX_DATA_SHARE: Final = 0.5  # lines that look like data or mark-up
_MAX_PROSE_SHARE_STRICT: Final = 0.08  # a manual with many examples is still a manual


# Of languages of which as many lines are typical, the first of these; then in the order of the table.
_PREFERRED: Final = (
    "c", "cpp", "java", "go", "rust", "python", "javascript", "ruby", "php", "lua", "bash", "haskell", "sql", "c-sharp",
    "kotlin", "swift", "perl",
)  # fmt: skip

# Lines that look like code of some kind: ends of statements and blocks, and comments. ":" and "," would admit data.
_CODE_LINE: Final = re.compile(
    rb"^[ \t]*(?:[^\s#<>|*-].*[;{]|[})\]]+[;,)]*|[^\s].*\) ?\{?|.*\\|//.*|/?\*+.*|#.*|--.*|end\b.*|else\b.*)[ \t\r]*$",
    re.MULTILINE,
)
_TEXT_LINE: Final = re.compile(rb"\S[^\n]*")
# What data and documents are full of; a window in which these prevail is not code whatever else matches.
_DATA_LINE: Final = re.compile(
    rb"^[ \t]*(?:\"[^\"\n]*\"[ \t]*[:,].*|[\w.-]+: [^;{\n]*|- .*|<.*>|[\d., \t;-]+|"
    rb"\[[\w .\"-]+\]|>.*|\|.*|[+-].*|```.*|\.\. .*|#+ \w.*)[ \t\r]*$",
    re.MULTILINE,
)
# A setting, or an assignment: what is nothing else is no code.
_SETTING: Final = re.compile(rb"^[ \t]*[\w.-]+[ \t]?=[^;{}(\n]*$", re.MULTILINE)
_PROSE_LINE: Final = re.compile(rb"^(?:[A-Z`*][^\s;{}=<>]*)(?: [^\s;{}=<>]+){4,}[ \t\r]*$", re.MULTILINE)
_FENCED: Final = re.compile(rb"^```.*?^```|^~~~.*?^~~~", re.MULTILINE | re.DOTALL)


def hidden_language(content: bytes, *, is_strict: bool, is_written: bool = False) -> str | None:
    """The language of convincing code, None for anything else. is_strict: the name says that it is not code.
    is_written: a script writes it, so that it is seldom prose."""
    if _n_most_lines(content) < _MIN_TYPICAL:
        return None
    if is_strict:
        if _is_json(content):
            return None
        content = _FENCED.sub(b"", content)
    found = [language for window in _windows(content) if (language := _judge(_lines(window), is_strict, is_written))]
    return max(sorted(set(found)), key=found.count) if found else None


def is_data(content: bytes) -> bool:
    """Whether many lines look like data or mark-up."""
    lines = _lines(content)
    return len(_DATA_LINE.findall(lines)) > _MAX_DATA_SHARE * len(_TEXT_LINE.findall(lines))


def _n_most_lines(content: bytes) -> int:
    """No more lines than these come out of `_lines`: a cheap answer for 75,000 texts of one line, which took 6 s."""
    return 1 + sum(map(content.count, (b"\n", b";", b"{", b"}")))


def _is_json(content: bytes) -> bool:
    """Whether small content is JSON: a cheap answer for the most common kind of data."""
    if len(content) > _MAX_JSON or content.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        nested.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _windows(content: bytes) -> list[bytes]:
    if len(content) <= _WINDOW * _MAX_WINDOWS:
        return [content[start : start + _WINDOW] for start in range(0, len(content), _WINDOW)]
    step = (len(content) - _WINDOW) // (_MAX_WINDOWS - 1)
    return [content[start : start + _WINDOW] for start in range(0, step * _MAX_WINDOWS, step)]


def _lines(window: bytes) -> bytes:
    """The window with short lines: minified code is broken at ";", "{" and "}", and what is still long is cut.

    Keeps the patterns, quadratic in the length of a line at worst, fast on a line of 12,000 bytes.
    """
    if window.count(b"\n") * _MAX_LINE < len(window):
        window = _STATEMENT_END.sub(rb"\1\n", window)
    return b"\n".join(b" " * line[:1].isspace() + line.strip()[:_MAX_LINE] for line in window.split(b"\n"))


def _judge(window: bytes, is_strict: bool, is_written: bool) -> str | None:
    """The language of a window of lines. The cheap tests come first: most windows are data and fail the first one."""
    n_lines = len(_TEXT_LINE.findall(window))
    if len(_DATA_LINE.findall(window)) > _MAX_DATA_SHARE * n_lines:
        return None
    language, n_typical = _most_typical(window, is_written)
    n_typical -= len(_SETTING.findall(window)) if is_written else 0
    if n_typical < max(_MIN_TYPICAL_STRICT if is_strict else _MIN_TYPICAL, _MIN_TYPICAL_SHARE * n_lines):
        return None
    n_code = len(_CODE_LINE.findall(window))
    if is_strict and len(_PROSE_LINE.findall(window)) > _MAX_PROSE_SHARE_STRICT * n_lines:
        return None
    is_code = n_code >= (_MIN_CODE_SHARE_STRICT if is_strict else _MIN_CODE_SHARE) * n_lines
    least = _TYPICAL_ALONE_SHARE_WRITTEN if is_written else _TYPICAL_ALONE_SHARE
    return language if is_code or n_typical >= least * n_lines else None


@cache
def _typical(is_written: bool) -> dict[str, re.Pattern[bytes]]:
    """Compiled when a file is first looked into: most scans of code have no such file."""
    names = dict.fromkeys((*_PREFERRED, *LANGUAGES))
    found = {name: WRITTEN.get(name, b"") if is_written else b"" for name in names}
    patterns = {name: pattern or LANGUAGES[name].typical for name, pattern in found.items()}
    return {name: re.compile(pattern, re.MULTILINE) for name, pattern in patterns.items() if pattern}


def _most_typical(window: bytes, is_written: bool) -> tuple[str, int]:
    """The language with the most typical lines and their number; the preferred one when several have as many."""
    counts = {language: len(pattern.findall(window)) for language, pattern in _typical(is_written).items()}
    best = max(counts, key=lambda language: counts[language])
    return best, counts[best]
