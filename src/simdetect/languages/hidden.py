"""Code where no name says so: unknown extensions, and code under a data or document extension.

Renaming `server.c` to `server.json` is a known way to keep code out of an audit, so text under any extension is
looked at. The decision is conservative, because prose and data analysed as code are noise: several lines must be
typical statements of one language, and most lines of some stretch must look like code. A file whose language cannot be
told, but which is convincingly code, gets the lexical language `text-code`.

Not found: code inside JSON strings or other encodings, and files that are mostly tables; such files stay `not-code`
and are counted there. Notebooks are read by `sources.notebook`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from simdetect.model import nested

__all__ = ["hidden_language"]

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
_TYPICAL_ALONE_SHARE: Final = 0.5  # typical lines suffice from here on: Python and Ruby have no ";" or "{" at line ends
_MAX_DATA_SHARE: Final = 0.5  # lines that look like data or mark-up
_MAX_PROSE_SHARE_STRICT: Final = 0.08  # a manual with many examples is still a manual


def _pattern(*alternatives: bytes) -> bytes:
    return rb"^[ \t]*(?:" + b"|".join(alternatives) + rb")"


_C_CONTROL: Final = (
    rb"(?:\} ?)?(?:else )?if ?\(.*[{;)][ \t\r]*$|for ?\(.*[{;)][ \t\r]*$|while ?\(.*[{;)][ \t\r]*$"
    rb"|return\b[^;\n]*;[ \t\r]*$|\} else \{|break;|case \S+:"
)

# Lines that are typical of one language and rare elsewhere, prose and data included.
_TYPICAL: Final[dict[str, bytes]] = {
    "c": _pattern(
        rb"#\s*(?:include\s*[<\"]|define \w+|ifn?def \w+|endif\b)",
        rb"(?:static |const |extern |inline |unsigned |struct )+\w[\w \t*]*[ *]\w+\s*[(;=\[]",
        rb"(?:int|void|char|size_t|u?int\d+_t|double|float|long)[ *]+\w+(?:\(.*| =.*;|;|\[.*;)[ \t\r]*$",
        rb"\w+->\w+.*;[ \t\r]*$",
        _C_CONTROL,
    ),
    "cpp": _pattern(
        rb"#\s*include\s*<[a-z_]+>",
        rb"(?:template ?<|namespace \w+|using \w|std::|(?:public|private|protected):|auto &?\w+ =|class \w+ ?[:{])",
        rb"\w+(?:::\w+)+.*[;{][ \t\r]*$",
        _C_CONTROL,
    ),
    "java": _pattern(
        rb"import [\w.]+(?:\.\*)?;",
        rb"package [\w.]+;",
        rb"@Override\b",
        rb"(?:public|private|protected|static|final|abstract) .*[{;(,][ \t\r]*$",
        _C_CONTROL,
    ),
    "go": _pattern(
        rb"package \w+[ \t\r]*$",
        rb"func (?:\(\w+ \*?\w+\) )?\w+\(.*\{[ \t\r]*$",
        rb"if err != nil \{",
        rb"\w+(?:, \w+)* := .*",
        rb"(?:if|for|switch|type) [^(\n].*\{[ \t\r]*$",
    ),
    "rust": _pattern(
        rb"(?:pub(?:\([a-z]+\))? )?(?:fn \w+|struct \w+|enum \w+|impl[ <]|mod \w+|trait \w+|use [\w:]+)",
        rb"let (?:mut )?\w+.*=.*",
        rb"#\[\w+",
        rb"(?:match|if let|while let) .*\{[ \t\r]*$",
        rb"(?:if|for|while) [^(\n].*\{[ \t\r]*$",
    ),
    "python": _pattern(
        rb"(?:async )?def \w+\(.*",
        rb"class \w+.*:[ \t\r]*$",
        rb"(?:from [\w.]+ )?import [\w., *()]+(?: as \w+)?[ \t\r]*$",
        rb"(?:if|elif|for|while|with|except|try|else|finally)\b.*:[ \t\r]*$",
        rb"self\.\w+.*[=(]",
        rb"return\b(?! (?:the|a|an) )[^;{}\n]*$",
        rb"raise \w+",
        rb"[\w.]+ = (?:await )?[\w.]+\(.*",
    ),
    "javascript": _pattern(
        rb"(?:export )?(?:async )?function\*? ?\w*\(.*\{",
        rb"(?:const|let|var) [\w{\[].*=.*",
        rb"(?:import|export) .*from ['\"].*",
        rb"module\.exports\b",
        rb".*(?:=> ?\{|function ?\(.*\) ?\{)[ \t\r]*$",
        _C_CONTROL,
    ),
    "ruby": _pattern(
        rb"require(?:_relative)? ['\"]",
        rb"def [\w.?!=]+",
        rb"(?:class|module) [A-Z]\w*",
        rb"end[ \t\r]*$",
        rb"(?:if|unless|elsif|while) .*[^:;{,.\n]$",
        rb".* do(?: \|.*\|)?[ \t\r]*$",
    ),
    "php": _pattern(
        rb"<\?php",
        rb"\$\w+(?:->\w+|\[.*\])* ?[.=]?= .*;",
        rb"(?:public|private|protected|static)? ?function \w+\(.*",
        _C_CONTROL,
    ),
    "lua": _pattern(
        rb"local (?:function )?\w+.*",
        rb"function [\w.:]+\(.*\)",
        rb"end[,)]*[ \t\r]*$",
        rb"(?:if|elseif) .* then[ \t\r]*$",
        rb"for .* do[ \t\r]*$",
    ),
    "bash": _pattern(
        rb"#!.*sh\b",
        rb"(?:if|elif|while) .*(?:; ?(?:then|do)|\]\]?|then)[ \t\r]*$",
        rb"fi[ \t\r]*$",
        rb"done\b",
        rb"esac[ \t\r]*$",
        rb"\w+\(\) ?\{",
        rb"(?:local|export|declare|readonly) \w+=",
        rb"[A-Za-z_]\w*=\"?\$.*",
        rb"echo .*\$",
    ),
    "haskell": _pattern(
        rb"import (?:qualified )?[A-Z][\w.]+.*",
        rb"module [A-Z][\w.]+",
        rb"\w+ ::.*->",
        rb"(?:data|newtype|instance|class) [A-Z(]",
        rb"where[ \t\r]*$",
    ),
    "sql": _pattern(
        rb"(?i:create (?:or replace )?(?:table|index|view|function|trigger|unique)\b|select .*|insert into \w+"
        rb"|alter table\b|from \w+|where \w+|drop table\b)"
    ),
    "c-sharp": _pattern(
        rb"using [\w.]+;",
        rb"namespace [\w.]+",
        rb"(?:public|private|protected|internal|static|override|async) .*[^.\n]$",
        _C_CONTROL,
    ),
    "kotlin": _pattern(
        rb"(?:(?:private|internal|override|open|suspend|public) )*fun (?:<.*> )?[\w.]+\(.*",
        rb"va[lr] \w+.*[=:].*",
        rb"(?:data |sealed )?class \w+.*",
        rb"import [\w.]+[ \t\r]*$",
    ),
    "swift": _pattern(
        rb"(?:(?:public|private|static|override) )*func \w+.*\{",
        rb"(?:let|var) \w+.*[=:].*",
        rb"guard .*",
        rb"import [A-Z]\w+[ \t\r]*$",
        rb"(?:struct|class|extension|enum|protocol) \w+.*\{",
    ),
    "perl": _pattern(
        rb"use [\w:]+.*;", rb"my [$@%(].*;", rb"sub \w+ ?\{", rb"[$@%]\w+.* = .*;", rb"package [\w:]+;", _C_CONTROL
    ),
}

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
_PROSE_LINE: Final = re.compile(rb"^(?:[A-Z`*][^\s;{}=<>]*)(?: [^\s;{}=<>]+){4,}[ \t\r]*$", re.MULTILINE)
_FENCED: Final = re.compile(rb"^```.*?^```|^~~~.*?^~~~", re.MULTILINE | re.DOTALL)


def hidden_language(content: bytes, *, is_strict: bool) -> str | None:
    """The language of convincing code, None for anything else. is_strict: the name says that it is not code."""
    if _n_most_lines(content) < _MIN_TYPICAL:
        return None
    if is_strict:
        if _is_json(content):
            return None
        content = _FENCED.sub(b"", content)
    found = [language for window in _windows(content) if (language := _judge(_lines(window), is_strict))]
    return max(sorted(set(found)), key=found.count) if found else None


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


def _judge(window: bytes, is_strict: bool) -> str | None:
    """The language of a window of lines. The cheap tests come first: most windows are data and fail the first one."""
    n_lines = len(_TEXT_LINE.findall(window))
    if len(_DATA_LINE.findall(window)) > _MAX_DATA_SHARE * n_lines:
        return None
    language, n_typical = _most_typical(window)
    if n_typical < max(_MIN_TYPICAL_STRICT if is_strict else _MIN_TYPICAL, _MIN_TYPICAL_SHARE * n_lines):
        return None
    n_code = len(_CODE_LINE.findall(window))
    if is_strict and len(_PROSE_LINE.findall(window)) > _MAX_PROSE_SHARE_STRICT * n_lines:
        return None
    is_code = n_code >= (_MIN_CODE_SHARE_STRICT if is_strict else _MIN_CODE_SHARE) * n_lines
    return language if is_code or n_typical >= _TYPICAL_ALONE_SHARE * n_lines else None


@cache
def _typical() -> dict[str, re.Pattern[bytes]]:
    """Compiled when a file is first looked into: most scans of code have no such file."""
    return {language: re.compile(pattern, re.MULTILINE) for language, pattern in _TYPICAL.items()}


def _most_typical(window: bytes) -> tuple[str, int]:
    """The language with the most typical lines and their number; the first of the table when several have as many."""
    counts = {language: len(pattern.findall(window)) for language, pattern in _typical().items()}
    best = max(counts, key=lambda language: counts[language])
    return best, counts[best]
