"""Which literals anybody could have seen who had the executable: texts that a program can print.

In the black-box setting the author had the executable. Where nothing tells what it printed, every string of the
original may have been printed, and none is held against the candidate. A string that is itself code (functions of an
interpreter in its own language, SQL, a shader) is more than a text: nobody sees it from outside, and it keeps what it
is worth. Pages (HTML, SVG, style sheets, scripts) of a program that is written in something else are what it puts
out, as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simdetect.languages.hidden import hidden_language
from simdetect.matching.comparison import Program
from simdetect.model import AnalysedFile, Bool, FileRole, TokenRole, nested
from simdetect.tokens.parse import parser_of
from simdetect.weighing.handouts import HandoutIndex
from simdetect.weighing.said import said

__all__ = ["Observable", "is_code", "observable", "with_pages"]

_LEAST_BYTES: Final = 40  # of a string that may be code
_MOST_BYTES: Final = 4096  # of a string that are parsed
_MOST_PARSED: Final = 1 << 20  # bytes of all strings of a candidate that are looked into; the rest are texts
# Languages that programs hold in strings, whose grammars take prose for an error. Bash takes any prose for a command.
_EMBEDDED: Final = ("sql", "javascript", "c", "python", "lua")
_LEAST_LEAVES: Final = 16
_PAGES: Final = (".html", ".htm", ".xhtml", ".svg", ".css", ".js", ".mjs")
_ESCAPES: Final = re.compile(rb"\\(?:n|t|r)")
# Of languages without a grammar here (jq, awk): signs that end and group expressions, and words that begin them.
_SIGNS: Final = re.compile(rb"[();|{}=]|\.\[")
_WORDS: Final = re.compile(
    rb"\b(?:def|if|then|elif|else|end|function|func|fn|return|reduce|foreach|for|while|until|let|var|local|as|print|in)\b"
)
_PLAIN_WORDS: Final = re.compile(rb"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True, eq=False)
class Observable:
    """What the author may have seen of the original's literals. index: of outputs that may hold them; None: all."""

    index: HandoutIndex | None


def with_pages(files: Sequence[AnalysedFile]) -> list[AnalysedFile]:
    """Files of an original, those that are pages with the role that says so, unless pages are most of the program."""
    is_page = [file.path.partition("!")[0].lower().endswith(_PAGES) for file in files]
    n_tokens = sum(file.n_tokens for file in files)
    n_in_pages = sum(file.n_tokens for file, own in zip(files, is_page, strict=True) if own)
    if 2 * n_in_pages > n_tokens:
        return list(files)
    return [
        file.with_role(FileRole.PAGE) if own and file.role is FileRole.SOURCE else file
        for file, own in zip(files, is_page, strict=True)
    ]


def observable(seen: Observable | None, candidate: Program, wanted: Bool) -> Bool:
    """Which tokens are strings that the author may have seen: (n,) bool over the candidate's layout.

    seen: None where that plays no part. wanted: (n,) bool, tokens to judge.
    """
    none = np.zeros(len(wanted), np.bool_)
    if seen is None:
        return none
    strings = wanted & (candidate.role == TokenRole.STRING)
    found = strings if seen.index is None else strings & (said(seen.index, candidate, strings) > 0)
    kept: Bool = found & ~_code(candidate, found)
    return kept


def _code(candidate: Program, wanted: Bool) -> Bool:
    """Which of the wanted strings are code."""
    found = np.zeros(len(wanted), np.bool_)
    known: dict[bytes, bool] = {}
    n_left = _MOST_PARSED
    for file, content, start in candidate.parts():
        tokens, here = file.tokens, wanted[start : start + file.n_tokens]
        long = np.flatnonzero(here & (tokens.end - tokens.start >= _LEAST_BYTES))
        for at in long.tolist():
            text = content[tokens.start[at] : tokens.end[at]]
            n_left -= len(text)
            if n_left < 0:
                return found
            if text not in known:
                known[text] = is_code(text)
            found[start + at] = known[text]
    return found


def is_code(literal: bytes) -> bool:
    """Whether a string literal holds code of some language rather than a text to be printed."""
    text = _ESCAPES.sub(b"\n", literal).strip(b"\"'`rRbBfFuUlL#\n\t ")
    if len(text) < _LEAST_BYTES or _is_json(text):
        return False
    return _is_dense(text) or hidden_language(text, is_strict=False) is not None or _parses(text[:_MOST_BYTES])


def _is_json(text: bytes) -> bool:
    try:
        nested.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_dense(text: bytes) -> bool:
    """Words and signs of code close together, as `def map(f): [.[] | f];`, which prose and help texts have not."""
    n_signs, n_words, n_code = (len(pattern.findall(text)) for pattern in (_SIGNS, _PLAIN_WORDS, _WORDS))
    return n_code >= 2 and n_signs >= 6 and n_signs >= n_words // 2


def _parses(text: bytes) -> bool:
    """Whether a grammar takes a text without an error, as more than a name, a number or a list of such."""
    if len(_SIGNS.findall(text)) < 2:
        return False
    for language in _EMBEDDED:
        root = parser_of(language).parse(text).root_node
        if not root.has_error and root.descendant_count >= _LEAST_LEAVES:
            return True
    return False
