"""Syntax colours for excerpts, by Pygments: token classes as HTML spans, everything escaped here.

Pygments ships no types, hence the ignores.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup, escape
from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Literal, Name, Token, _TokenType  # type: ignore[import-untyped]
from pygments.util import ClassNotFound  # type: ignore[import-untyped]

__all__ = ["highlighted"]

# Names of simdetect's languages that Pygments calls otherwise.
_ALIASES = {"c-sharp": "csharp", "csharp": "csharp", "objc": "objective-c", "tsx": "tsx", "pascal": "delphi"}
# Four classes are enough to read code by, and few enough to have good contrast in light, dark and print.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment.Preproc, "tp"),
    (Comment.PreprocFile, "tp"),
    (Comment, "tc"),
    (Keyword, "tk"),
    (Literal.String, "ts"),
    (Literal, "tn"),
    (Name.Function, "tf"),
    (Name.Class, "tf"),
)


def highlighted(lines: Sequence[str], language: str) -> list[Markup]:
    """The lines as HTML, coloured when Pygments knows the language and keeps the lines apart. Input is untrusted."""
    lexer = _lexer(language)
    if lexer is None or not lines:
        return [escape(line) for line in lines]
    coloured = _coloured("\n".join(lines), lexer)
    return coloured if len(coloured) == len(lines) else [escape(line) for line in lines]


@cache
def _lexer(language: str) -> Lexer | None:
    try:  # startinline: PHP excerpts rarely begin with "<?php"; other lexers ignore it
        return get_lexer_by_name(_ALIASES.get(language, language), startinline=True, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _coloured(code: str, lexer: Lexer) -> list[Markup]:
    out: list[list[Markup]] = [[]]
    for kind, value in lexer.get_tokens(code):
        first, *others = value.split("\n")
        out[-1].append(_span(kind, first))
        out.extend([_span(kind, part)] for part in others)
    return [Markup("").join(parts) for parts in out]


def _span(kind: _TokenType, text: str) -> Markup:
    name = _class_of(kind)
    return Markup('<span class="{}">{}</span>').format(name, text) if name and text else escape(text)


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for parent, name in _CLASSES if kind in parent), "") if kind is not Token else ""
