"""Comments that begin with a letter in column one: the fixed form of Fortran, which grammars do not read."""

from __future__ import annotations

import re
from functools import cache

from simdetect.languages.spec import LanguageSpec

__all__ = ["with_line_comments"]


def with_line_comments(content: bytes, spec: LanguageSpec) -> bytes:
    """The content with the usual sign of a comment for each letter that is one in column one: nothing moves.

    Only where every line that begins with a letter begins with such a letter: others are in free form, where "call"
    may stand there too.
    """
    if not spec.column_comments or _other_letter(spec.column_comments).search(content):
        return content
    return _comment(spec.column_comments).sub(spec.line_comments[0].encode(), content)


@cache
def _other_letter(marks: str) -> re.Pattern[bytes]:
    return re.compile(rb"^(?![%s])[A-Za-z_]" % re.escape(marks).encode(), re.MULTILINE)


@cache
def _comment(marks: str) -> re.Pattern[bytes]:
    return re.compile(rb"^[%s]" % re.escape(marks).encode(), re.MULTILINE)
