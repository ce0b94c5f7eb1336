"""Syntax colours by Pygments, as runs of classes: what colours code without being markup.

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

from simdetect.languages import LANGUAGES

__all__ = ["Run", "coloured_runs", "highlighted"]

Run = tuple[str, str]
"""A class of `_CLASSES` without its "t", or "" for plain text, and the text."""

# Few enough classes to have good contrast in light, dark and print; enough to read code by.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment.Preproc, "p"),
    (Comment.PreprocFile, "p"),
    (Comment, "c"),
    (Keyword, "k"),
    (Literal.String, "s"),
    (Literal, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
)


def highlighted(lines: Sequence[str], language: str) -> list[Markup]:
    """The lines as HTML, each run in a span, everything escaped. Input is untrusted."""
    return [Markup("").join(_span(*run) for run in runs) for runs in coloured_runs(lines, language)]


def coloured_runs(lines: Sequence[str], language: str) -> list[list[Run]]:
    """Runs of each line, neighbours of one class joined; one plain run where Pygments does not know the language or
    does not keep the lines apart."""
    lexer = _lexer(language)
    plain = [[("", line)] if line else [] for line in lines]
    if lexer is None or not lines:
        return plain
    found = _runs("\n".join(lines), lexer)
    return found if len(found) == len(lines) else plain


@cache
def _lexer(language: str) -> Lexer | None:
    try:  # startinline: PHP excerpts rarely begin with "<?php"; other lexers ignore it
        return get_lexer_by_name(_name_of(language), startinline=True, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _name_of(language: str) -> str:
    """What Pygments calls a language; a report of another version may name one that the table does not have."""
    row = LANGUAGES.get(language)
    return row.pygments if row is not None and row.pygments else language


def _runs(code: str, lexer: Lexer) -> list[list[Run]]:
    out: list[list[Run]] = [[]]
    for kind, value in lexer.get_tokens(code):
        css = _class_of(kind)
        for index, part in enumerate(value.split("\n")):
            if index:
                out.append([])
            if not part:
                continue
            last = out[-1]
            if last and last[-1][0] == css:
                last[-1] = (css, last[-1][1] + part)
            else:
                last.append((css, part))
    return out


@cache
def _class_of(kind: _TokenType) -> str:
    if kind is Token:
        return ""
    return next((css for parent, css in _CLASSES if kind in parent), "")


def _span(css: str, text: str) -> Markup:
    return Markup('<span class="t{}">{}</span>').format(css, text) if css else escape(text)
